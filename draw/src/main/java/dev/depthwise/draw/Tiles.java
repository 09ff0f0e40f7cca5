package dev.depthwise.draw;

import dev.depthwise.draw.Mark.Anchor;
import dev.depthwise.draw.Mark.Box;
import dev.depthwise.draw.Mark.Line;
import dev.depthwise.draw.Mark.Part;
import dev.depthwise.draw.Mark.Point;
import dev.depthwise.network.Add;
import dev.depthwise.network.Concat;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.FixedAlignment;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.NodePlacementStrategy;
import org.eclipse.elk.alg.layered.options.OrderingStrategy;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/** Draws the items of an outline, each by itself. */
final class Tiles {
  private static final double GAP = 30;
  private static final double PAD = 14;
  private static final double DOT = 7;
  private static final double RING = 22;

  private final Colour colour;
  private final double mostCost;
  private final boolean amounts;

  /**
   * A way to draw.
   *
   * @param mostCost multiply-adds of the dearest box
   */
  Tiles(Colour colour, double mostCost) {
    this(colour, mostCost, false);
  }

  private Tiles(Colour colour, double mostCost, boolean amounts) {
    this.colour = colour;
    this.mostCost = Math.max(1, mostCost);
    this.amounts = amounts;
  }

  /** With the multiply-adds of each box in place of its name. */
  static Tiles withAmounts() {
    return new Tiles(Colour.KIND, 1, true);
  }

  Tile tile(Item item, boolean open) {
    if (item instanceof Item.Single single) {
      return single(single.unit(), "");
    }
    if (item instanceof Item.Block block) {
      return open ? block(block) : closed(block);
    }
    return repeat((Item.Repeat) item, open);
  }

  /** A box by itself. */
  private Tile single(Unit unit, String scope) {
    double width = boxWidth(unit, scope);
    double height = boxHeight(unit);
    return new Tile(width, height, width / 2, List.of(box(unit, scope, 0, 0, width)));
  }

  private String second(Unit unit, String scope) {
    if (amounts) {
      return unit.multiplyAdds() == 0 ? "" : Amounts.exact(unit.multiplyAdds()) + " multiply-adds";
    }
    String name = Names.within(unit.name(), scope);
    String rest = unit.rest();
    String joined = rest.isEmpty() ? name : name + " · " + rest;
    return joined.equals(unit.label()) ? "" : joined;
  }

  private double boxWidth(Unit unit, String scope) {
    if (unit.isJoin() && !(unit.last().op() instanceof Concat)) {
      return RING;
    }
    double first = Glyphs.width(unit.label(), 12, true);
    double second = Glyphs.width(second(unit, scope), 9.5, false);
    return Math.max(92, Math.max(first, second) + 20);
  }

  private static double boxHeight(Unit unit) {
    return unit.isJoin() ? RING : 40;
  }

  private Mark box(Unit unit, String scope, double x, double y, double width) {
    List<Mark> marks = new ArrayList<>();
    double middle = x + width / 2;
    double height = boxHeight(unit);
    if (unit.isJoin()) {
      boolean ring = !(unit.last().op() instanceof Concat);
      marks.add(new Box(x, y, width, height, RING / 2, Paint.WHITE, Kind.JOIN.stroke(), 1.4));
      marks.add(
          ring
              ? Paint.bold(middle, y + 16.5, 17, Anchor.MIDDLE, Paint.INK, unit.label())
              : Paint.bold(middle, y + 15, 11, Anchor.MIDDLE, Paint.INK, "concat"));
      return new Part(unit.name(), unit.details(), marks);
    }
    double part = unit.multiplyAdds() / mostCost;
    Kind kind = unit.kind();
    boolean byCost = colour == Colour.COST;
    boolean dark = byCost && Paint.isDark(part);
    String ink = dark ? Paint.WHITE : Paint.INK;
    marks.add(
        new Box(
            x,
            y,
            width,
            height,
            6,
            byCost ? Paint.heat(part) : kind.fill(),
            byCost ? "#8a7a70" : kind.stroke(),
            1.2));
    boolean alone = second(unit, scope).isEmpty();
    double base = alone ? y + 24 : y + 17;
    marks.add(Paint.bold(middle, base, 12, Anchor.MIDDLE, ink, unit.label()));
    if (alone) {
      return new Part(unit.name(), unit.details(), marks);
    }
    marks.add(
        Paint.words(
            middle,
            y + 31,
            9.5,
            Anchor.MIDDLE,
            dark ? Paint.WHITE : byCost ? Paint.INK : Paint.FAINT,
            second(unit, scope)));
    return new Part(unit.name(), unit.details(), marks);
  }

  /** A block as one box. */
  private Tile closed(Item.Block block) {
    List<String> lines = summary(block);
    String name = Names.block(block);
    long cost = block.units().stream().mapToLong(Unit::multiplyAdds).sum();
    long parameters = block.units().stream().mapToLong(Unit::parameters).sum();
    String amounts =
        "%s parameters · %s multiply-adds"
            .formatted(Amounts.rounded(parameters), Amounts.rounded(cost));
    double width =
        24
            + Math.max(
                Math.max(130, Glyphs.width(name, 9.5, false)),
                Math.max(Paint.widest(lines, 12, true), Glyphs.width(amounts, 9.5, false)));
    double height = 18 + 16 * lines.size() + 36;
    boolean byCost = colour == Colour.COST;
    double part = cost / mostCost;
    boolean dark = byCost && Paint.isDark(part);
    String ink = dark ? Paint.WHITE : Paint.INK;
    String faint = dark ? Paint.WHITE : byCost ? Paint.INK : Paint.FAINT;
    List<Mark> marks = new ArrayList<>();
    Kind kind = dearest(block.units()).kind();
    marks.add(
        new Box(
            0,
            0,
            width,
            height,
            8,
            byCost ? Paint.heat(part) : kind.fill(),
            byCost ? "#8a7a70" : kind.stroke(),
            1.2));
    double y = 16;
    marks.add(Paint.words(width / 2, y, 9.5, Anchor.MIDDLE, faint, name));
    for (String line : lines) {
      y += 16;
      marks.add(Paint.bold(width / 2, y, 12, Anchor.MIDDLE, ink, line));
    }
    y += 15;
    marks.add(Paint.words(width / 2, y, 9.5, Anchor.MIDDLE, faint, meeting(block)));
    y += 13;
    marks.add(Paint.words(width / 2, y, 9.5, Anchor.MIDDLE, faint, amounts));
    Part whole = new Part(name, List.of("output " + Amounts.shape(block.output())), marks);
    return new Tile(width, height, width / 2, List.of(whole));
  }

  private static Unit dearest(List<Unit> units) {
    Unit dearest = units.get(0);
    for (Unit unit : units) {
      dearest = unit.multiplyAdds() > dearest.multiplyAdds() ? unit : dearest;
    }
    return dearest;
  }

  private static String meeting(Item.Block block) {
    if (block.join().last().op() instanceof Add) {
      boolean identity =
          block.join().inputs().stream().anyMatch(value -> value.equals(block.entry()));
      return identity ? "+ identity" : "+ projection";
    }
    return block.join().last().op() instanceof Concat ? "concat" : "product";
  }

  /** The ways through a block, each in a line; of a residual one, the body's layers. */
  private static List<String> summary(Item.Block block) {
    Map<Integer, Unit> producers = new HashMap<>();
    block.units().forEach(unit -> producers.put(unit.last().output().index(), unit));
    Unit join = block.join();
    List<List<String>> ways = new ArrayList<>();
    for (Value input : join.inputs()) {
      List<String> way = new ArrayList<>();
      Value at = input;
      Unit unit = producers.get(at.index());
      while (unit != null) {
        if (!unit.isJoin()) {
          way.add(0, unit.label());
        } else if (unit.last().op() instanceof Concat) {
          way.add(0, unit.inputs().size() + " columns");
        }
        at = unit.inputs().get(0);
        unit = producers.get(at.index());
      }
      ways.add(way);
    }
    if (join.last().op() instanceof Concat) {
      Set<String> lines = new LinkedHashSet<>();
      ways.stream()
          .filter(way -> !way.isEmpty())
          .forEach(way -> lines.add(String.join(" → ", way)));
      return lines.stream().limit(8).toList();
    }
    List<String> longest = List.of();
    for (List<String> way : ways) {
      longest = way.size() > longest.size() ? way : longest;
    }
    return longest;
  }

  /** A block with what is in it, placed by ELK. */
  private Tile block(Item.Block block) {
    String name = amounts ? "" : Names.block(block);
    // Asking for it fills ELK's register of types, without which defaults cannot be read.
    LayoutMetaDataService.getInstance();
    ElkNode root = ElkGraphUtil.createGraph();
    root.setProperty(LayeredOptions.DIRECTION, Direction.DOWN);
    root.setProperty(LayeredOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
    root.setProperty(LayeredOptions.SPACING_NODE_NODE, 16.0);
    root.setProperty(LayeredOptions.SPACING_EDGE_NODE, 12.0);
    root.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, GAP);
    root.setProperty(LayeredOptions.NODE_PLACEMENT_STRATEGY, NodePlacementStrategy.BRANDES_KOEPF);
    root.setProperty(LayeredOptions.NODE_PLACEMENT_BK_FIXED_ALIGNMENT, FixedAlignment.BALANCED);
    root.setProperty(LayeredOptions.CONSIDER_MODEL_ORDER_STRATEGY, OrderingStrategy.PREFER_EDGES);
    root.setProperty(LayeredOptions.PADDING, new ElkPadding(0));
    Map<Integer, ElkNode> nodes = new HashMap<>();
    ElkNode entry = ElkGraphUtil.createNode(root);
    entry.setDimensions(DOT, DOT);
    nodes.put(block.entry().index(), entry);
    Set<Unit> arcs = new LinkedHashSet<>();
    for (Unit unit : block.units()) {
      ElkNode node = ElkGraphUtil.createNode(root);
      double width = boxWidth(unit, name);
      if (unit.last().op() instanceof Concat) {
        width = Math.max(width, 84.0 * unit.inputs().size());
      }
      node.setDimensions(width, boxHeight(unit));
      nodes.put(unit.last().output().index(), node);
      for (Value input : unit.inputs()) {
        if (isShortcut(block, unit, input)) {
          arcs.add(unit);
          continue;
        }
        ElkGraphUtil.createSimpleEdge(Objects.requireNonNull(nodes.get(input.index())), node);
      }
    }
    new LayeredLayoutProvider().layout(root, new BasicProgressMonitor());
    return placed(block, name, root, entry, nodes, arcs);
  }

  /** Whether a value goes past the body of a block, straight to its sum. */
  private static boolean isShortcut(Item.Block block, Unit unit, Value input) {
    return unit.last().op() instanceof Add && input.equals(block.entry());
  }

  private Tile placed(
      Item.Block block,
      String name,
      ElkNode root,
      ElkNode entry,
      Map<Integer, ElkNode> nodes,
      Set<Unit> arcs) {
    double top = PAD + 20;
    double left = PAD;
    double width = root.getWidth() + 2 * PAD;
    double height = root.getHeight() + top + PAD;
    List<Mark> marks = new ArrayList<>();
    double body = root.getWidth() + left;
    double axis = left + entry.getX() + DOT / 2;
    double arc = arcs.isEmpty() ? 0 : 26;
    width += arc;
    double title = Glyphs.width(name, 10, true);
    // The title stands left of where the network comes in.
    double more = Math.max(0, title + 20 - axis);
    left += more;
    axis += more;
    width += more;
    body += more;
    marks.add(Paint.frame(0, 0, width, height, Paint.WHITE));
    marks.add(Paint.bold(10, 16, 10, Anchor.START, Paint.FAINT, name));
    double entryY = top + entry.getY();
    marks.add(
        new Line(
            List.of(new Point(axis, 0), new Point(axis, entryY + 1)),
            false,
            Paint.WIRE,
            1.4,
            "none",
            false,
            false));
    for (ElkEdge edge : root.getContainedEdges()) {
      marks.add(wire(edge.getSections().get(0), left, top));
    }
    for (Unit unit : arcs) {
      ElkNode sum = Objects.requireNonNull(nodes.get(unit.last().output().index()));
      double right = body + arc - 4;
      double y = top + sum.getY() + RING / 2;
      double x = left + sum.getX() + RING;
      double startY = entryY + DOT / 2;
      double bend = Math.min(44, (y - startY) / 2);
      double flat = Math.max(axis, right - 44);
      double end = Math.max(x, right - 44);
      marks.add(
          new Line(
              List.of(
                  new Point(axis, startY),
                  new Point(axis, startY),
                  new Point(flat, startY),
                  new Point(flat, startY),
                  new Point(flat + (right - flat) * 0.7, startY),
                  new Point(right, startY + bend * 0.3),
                  new Point(right, startY + bend),
                  new Point(right, startY + bend),
                  new Point(right, y - bend),
                  new Point(right, y - bend),
                  new Point(right, y - bend * 0.3),
                  new Point(end + (right - end) * 0.7, y),
                  new Point(end, y),
                  new Point(end, y),
                  new Point(x + 8, y),
                  new Point(x, y)),
              true,
              Paint.SHORTCUT,
              1.8,
              "none",
              true,
              false));
    }
    marks.add(new Box(axis - DOT / 2, entryY, DOT, DOT, DOT / 2, Paint.WIRE, "none", 1));
    for (Unit unit : block.units()) {
      ElkNode node = Objects.requireNonNull(nodes.get(unit.last().output().index()));
      marks.add(box(unit, name, left + node.getX(), top + node.getY(), node.getWidth()));
      Shape before = unit.inputs().get(0).shape();
      Value made = unit.last().output();
      List<Unit> readers =
          block.units().stream().filter(next -> next.inputs().contains(made)).toList();
      boolean joined = readers.size() != 1 || readers.get(0).isJoin();
      if (!joined
          && !made.equals(lastValue(block))
          && (unit.last().op() instanceof Concat || !unit.output().equals(before))) {
        marks.add(
            Paint.words(
                left + node.getX() + node.getWidth() / 2 + 5,
                top + node.getY() + node.getHeight() + 11,
                8.5,
                Anchor.START,
                Paint.FAINT,
                Amounts.shape(unit.output())));
      }
    }
    ElkNode exit = Objects.requireNonNull(nodes.get(lastValue(block).index()));
    double exitX = left + exit.getX() + exit.getWidth() / 2;
    double exitY = top + exit.getY() + exit.getHeight();
    List<Point> out = new ArrayList<>();
    out.add(new Point(exitX, exitY));
    if (Math.abs(exitX - axis) > 0.5) {
      out.add(new Point(exitX, height - 6));
      out.add(new Point(axis, height - 6));
    }
    out.add(new Point(axis, height));
    marks.add(new Line(out, false, Paint.WIRE, 1.4, "none", false, false));
    return new Tile(width, height, axis, marks);
  }

  private static Value lastValue(Item.Block block) {
    return block.units().get(block.units().size() - 1).last().output();
  }

  private static Line wire(ElkEdgeSection section, double dx, double dy) {
    List<Point> points = new ArrayList<>();
    points.add(new Point(section.getStartX() + dx, section.getStartY() + dy));
    section
        .getBendPoints()
        .forEach(bend -> points.add(new Point(bend.getX() + dx, bend.getY() + dy)));
    points.add(new Point(section.getEndX() + dx, section.getEndY() + dy));
    return Line.arrow(Paint.WIRE, points);
  }

  /** What is repeated, once, with its number. */
  private Tile repeat(Item.Repeat repeat, boolean open) {
    List<Item> once = repeat.times().get(0);
    Stack stack = new Stack();
    once.forEach(item -> stack.add(tile(item, open), item.output()));
    Tile inside = stack.tile();
    double top = 24;
    double pad = 10;
    String count = "× " + repeat.times().size();
    double right = Glyphs.width(count, 17, true) + 18;
    double width = Math.max(inside.width(), inside.axis() + right) + 2 * pad;
    double height = inside.height() + top + pad;
    double axis = inside.axis() + pad;
    List<Mark> marks = new ArrayList<>();
    marks.add(new Box(8, 8, width, height, 12, "#e2e8f0", Paint.FRAME, 1));
    marks.add(new Box(4, 4, width, height, 12, "#edf1f6", Paint.FRAME, 1));
    marks.add(new Box(0, 0, width, height, 12, Paint.GROUND, Paint.FRAME, 1.2));
    marks.add(Paint.bold(width - 10, 19, 17, Anchor.END, Paint.SHORTCUT, count));
    marks.add(
        new Line(
            List.of(new Point(axis, 0), new Point(axis, top)),
            false,
            Paint.WIRE,
            1.4,
            "none",
            false,
            false));
    marks.add(
        new Line(
            List.of(new Point(axis, height - pad), new Point(axis, height + 8)),
            false,
            Paint.WIRE,
            1.4,
            "none",
            false,
            false));
    marks.addAll(inside.at(pad, top));
    return new Tile(width + 8, height + 8, axis, marks);
  }

  /** Tiles below each other, joined by arrows. */
  static final class Stack {
    private final List<Tile> tiles = new ArrayList<>();
    private final List<Shape> outputs = new ArrayList<>();

    void add(Tile tile, Shape output) {
      tiles.add(tile);
      outputs.add(output);
    }

    Tile tile() {
      double axis = tiles.stream().mapToDouble(Tile::axis).max().orElse(0);
      double right = tiles.stream().mapToDouble(t -> t.width() - t.axis()).max().orElse(0);
      List<Mark> marks = new ArrayList<>();
      double y = 0;
      for (int index = 0; index < tiles.size(); index++) {
        Tile tile = tiles.get(index);
        if (index > 0) {
          marks.addAll(arrow(axis, y, y + GAP, outputs.get(index - 1)));
          y += GAP;
        }
        marks.addAll(tile.at(axis - tile.axis(), y));
        y += tile.height();
      }
      return new Tile(axis + right, y, axis, marks);
    }
  }

  /** An arrow downwards with the shape of what it carries. */
  static List<Mark> arrow(double x, double from, double to, Shape shape) {
    return List.of(
        Line.arrow(Paint.WIRE, List.of(new Point(x, from), new Point(x, to))),
        Paint.words(
            x + 6, (from + to) / 2 + 2, 9, Anchor.START, Paint.FAINT, Amounts.shape(shape)));
  }
}
