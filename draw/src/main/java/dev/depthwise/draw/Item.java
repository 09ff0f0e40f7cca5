package dev.depthwise.draw;

import dev.depthwise.network.Shape;
import dev.depthwise.network.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What stands on the main path of a network: everything that it computes goes through each. */
sealed interface Item permits Item.Single, Item.Block, Item.Head, Item.Repeat {
  /** All boxes in it; of what is repeated, those of every time. */
  List<Unit> units();

  /** What it makes. */
  default Shape output() {
    List<Unit> units = units();
    return units.get(units.size() - 1).output();
  }

  /** Two items with the same text do the same thing, but for the width of their input. */
  String signature(boolean strict);

  /** One box. */
  record Single(Unit unit) implements Item {
    @Override
    public List<Unit> units() {
      return List.of(unit);
    }

    @Override
    public String signature(boolean strict) {
      return text(unit, strict);
    }
  }

  /**
   * Paths that part at a value and meet again.
   *
   * @param entry the value where they part
   * @param units in an order in which they can run; the last makes the output
   */
  record Block(Value entry, List<Unit> units) implements Item {
    public Block {
      units = List.copyOf(units);
    }

    /** The box where the paths meet. */
    Unit join() {
      for (int index = units.size() - 1; index >= 0; index--) {
        if (units.get(index).isJoin()) {
          return units.get(index);
        }
      }
      return units.get(units.size() - 1);
    }

    @Override
    public String signature(boolean strict) {
      Map<Integer, Integer> places = new HashMap<>();
      places.put(entry.index(), -1);
      StringBuilder text = new StringBuilder();
      for (int index = 0; index < units.size(); index++) {
        Unit unit = units.get(index);
        text.append(text(unit, strict)).append('<');
        unit.inputs().forEach(value -> text.append(places.get(value.index())).append(','));
        places.put(unit.last().output().index(), index);
      }
      return text.toString();
    }
  }

  /**
   * An auxiliary head, which reads the main path and leaves it as it is.
   *
   * @param name of the output that it makes
   * @param entry the value that it reads
   * @param units one behind the other
   */
  record Head(String name, Value entry, List<Unit> units) implements Item {
    public Head {
      units = List.copyOf(units);
    }

    @Override
    public Shape output() {
      return entry.shape();
    }

    @Override
    public String signature(boolean strict) {
      return "head " + name;
    }
  }

  /** The same several times, one behind the other. */
  record Repeat(List<List<Item>> times) implements Item {
    public Repeat {
      times = List.copyOf(times);
    }

    @Override
    public List<Unit> units() {
      List<Unit> units = new ArrayList<>();
      times.forEach(items -> items.forEach(item -> units.addAll(item.units())));
      return units;
    }

    @Override
    public String signature(boolean strict) {
      return "×" + times.size() + times.get(0).stream().map(i -> i.signature(strict)).toList();
    }
  }

  private static String text(Unit unit, boolean strict) {
    StringBuilder text = new StringBuilder();
    unit.layers()
        .forEach(
            layer -> {
              if (strict) {
                text.append(layer.node().op()).append(layer.node().inputShapes());
              } else {
                text.append(layer.node().op().getClass().getSimpleName());
              }
            });
    if (!strict) {
      Shape output = unit.output();
      text.append(unit.label()).append(output.height()).append('x').append(output.width());
    }
    return text.toString();
  }
}
