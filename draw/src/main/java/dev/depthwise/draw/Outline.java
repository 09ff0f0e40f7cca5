package dev.depthwise.draw;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A network as what stands on its main path.
 *
 * <p>Blocks are found in the wiring, not in names, in which every port has its own habits: where no
 * edge passes a node by, everything goes through it; between two such nodes lies a block.
 */
record Outline(List<Item> items) {
  private static final int LONGEST_PERIOD = 4;

  Outline {
    items = List.copyOf(items);
  }

  /**
   * The outline of a network: what its principal output needs, with the heads of the others.
   *
   * @param fuse whether a convolution's norm and activation share its box
   */
  static Outline of(Graph whole, boolean fuse) {
    Graph graph =
        whole.outputs().size() == 1
            ? whole
            : whole.withOutputs(List.of(whole.outputs().keySet().iterator().next()));
    List<Cost.Layer> layers = Cost.of(graph).layers();
    List<Node> nodes = graph.nodes();
    int[] uses = new int[nodes.size()];
    int[] reach = new int[nodes.size()];
    for (Node node : nodes) {
      for (Value value : node.inputs()) {
        uses[value.index()]++;
        reach[value.index()] = Math.max(reach[value.index()], node.output().index());
      }
    }
    List<Item> items = new ArrayList<>();
    List<Cost.Layer> chain = new ArrayList<>();
    int open = 0;
    int farthest = 0;
    int begin = 0;
    for (int index = 0; index < nodes.size(); index++) {
      boolean passed = farthest > index;
      farthest = Math.max(farthest, reach[index]);
      if (passed) {
        continue;
      }
      if (index == open) {
        chain.add(layers.get(index));
      } else {
        close(items, chain, fuse);
        int end = index;
        boolean activated =
            fuse && end + 1 < nodes.size() && uses[end] == 1 && isActivation(nodes.get(end + 1));
        end += activated ? 1 : 0;
        items.add(block(nodes.get(begin).output(), layers.subList(open, end + 1), uses, fuse));
        if (activated) {
          index++;
          farthest = Math.max(farthest, reach[index]);
        }
      }
      begin = index;
      open = index + 1;
    }
    close(items, chain, fuse);
    return new Outline(withHeads(items, whole, graph, fuse));
  }

  /** Puts the heads of further outputs behind what they read. */
  private static List<Item> withHeads(
      List<Item> items, Graph whole, Graph principal, boolean fuse) {
    if (whole.outputs().size() == 1) {
      return items;
    }
    Set<String> known = new HashSet<>();
    principal.nodes().forEach(node -> known.add(node.name()));
    List<Item> all = new ArrayList<>(items);
    for (String output : whole.outputs().keySet().stream().skip(1).toList()) {
      Graph way = whole.withOutputs(List.of(output));
      List<Cost.Layer> layers =
          Cost.of(way).layers().stream()
              .filter(layer -> !known.contains(layer.node().name()))
              .toList();
      if (layers.isEmpty()) {
        continue;
      }
      Value entry = layers.get(0).node().inputs().get(0);
      String read = way.producer(entry).name();
      int at = 0;
      while (at < all.size() - 1 && !makes(all.get(at), read)) {
        at++;
      }
      all.add(at + 1, new Item.Head(output, entry, head(layers, fuse)));
    }
    return all;
  }

  /** What averages to a given extent may be many layers; a reader thinks of it as one. */
  private static List<Unit> head(List<Cost.Layer> layers, boolean fuse) {
    int first = 0;
    while (first < layers.size() && layers.get(first).node().parameters().isEmpty()) {
      first++;
    }
    List<Unit> units = new ArrayList<>();
    boolean together = fuse && first > 1 && first < layers.size();
    if (together) {
      units.add(new Unit(layers.subList(0, first)));
    }
    units.addAll(Unit.split(layers.subList(together ? first : 0, layers.size()), fuse));
    return units;
  }

  private static boolean makes(Item item, String name) {
    return !(item instanceof Item.Head)
        && item.units().stream()
            .flatMap(unit -> unit.layers().stream())
            .anyMatch(layer -> layer.node().name().equals(name));
  }

  private static boolean isActivation(Node node) {
    return node.op() instanceof Relu || node.op() instanceof Activation;
  }

  private static void close(List<Item> items, List<Cost.Layer> chain, boolean fuse) {
    if (!chain.isEmpty()) {
      Unit.split(chain, fuse).forEach(unit -> items.add(new Item.Single(unit)));
      chain.clear();
    }
  }

  private static Item.Block block(Value entry, List<Cost.Layer> layers, int[] uses, boolean fuse) {
    Map<Integer, List<Cost.Layer>> chains = new LinkedHashMap<>();
    Map<Integer, Integer> heads = new HashMap<>();
    for (Cost.Layer layer : layers) {
      Node node = layer.node();
      int index = node.output().index();
      int head = index;
      if (node.inputs().size() == 1) {
        int before = node.inputs().get(0).index();
        if (uses[before] == 1 && heads.containsKey(before)) {
          head = Objects.requireNonNull(heads.get(before));
        }
      }
      heads.put(index, head);
      chains.computeIfAbsent(head, key -> new ArrayList<>()).add(layer);
    }
    List<Unit> units = new ArrayList<>();
    chains.values().forEach(chain -> units.addAll(Unit.split(chain, fuse)));
    units.sort(java.util.Comparator.comparingInt(unit -> unit.last().output().index()));
    return new Item.Block(entry, units);
  }

  /**
   * This outline with what is repeated said once.
   *
   * @param strict whether only what is the same in every number counts as repeated
   */
  Outline folded(boolean strict) {
    List<String> signatures = items.stream().map(item -> item.signature(strict)).toList();
    List<Item> folded = new ArrayList<>();
    int at = 0;
    while (at < items.size()) {
      int period = 1;
      int times = 1;
      for (int tried = 1; tried <= LONGEST_PERIOD; tried++) {
        int count = repeats(signatures, at, tried);
        boolean blocks =
            items.subList(at, Math.min(items.size(), at + tried)).stream()
                .anyMatch(Item.Block.class::isInstance);
        int least = blocks || !strict ? 2 : tried == 1 ? 4 : 3;
        if (count >= least && tried * count > period * times) {
          period = tried;
          times = count;
        }
      }
      if (times == 1) {
        folded.add(items.get(at));
      } else {
        List<List<Item>> each = new ArrayList<>();
        for (int time = 0; time < times; time++) {
          each.add(List.copyOf(items.subList(at + time * period, at + (time + 1) * period)));
        }
        folded.add(new Item.Repeat(each));
      }
      at += period * times;
    }
    return new Outline(folded);
  }

  private static int repeats(List<String> signatures, int at, int period) {
    int count = 1;
    while (at + (count + 1) * period <= signatures.size()
        && signatures
            .subList(at, at + period)
            .equals(signatures.subList(at + count * period, at + (count + 1) * period))) {
      count++;
    }
    return count;
  }
}
