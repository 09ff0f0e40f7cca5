package dev.depthwise.weights;

import dev.depthwise.network.Add;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The order in which Keras lists the layers of a functional model, and so the weights in its files:
 * those that are farther from the output come first, and of those that are equally far, the one
 * that is met first on the way back from the output. Layers that lie side by side are so listed in
 * turns, whichever was written down first.
 *
 * @see <a href="https://github.com/keras-team/keras/blob/master/keras/src/ops/function.py">{@code
 *     map_graph} in Keras</a>
 */
public final class KerasOrder {
  private final Map<String, Set<String>> reads = new LinkedHashMap<>();

  private KerasOrder(Map<String, ? extends Collection<String>> layers) {
    layers.forEach((layer, read) -> reads.put(layer, new LinkedHashSet<>(read)));
  }

  private KerasOrder(Graph graph) {
    for (Node node : graph.nodes()) {
      Set<String> read = reads.computeIfAbsent(layer(node), layer -> new LinkedHashSet<>());
      List<Value> inputs = new ArrayList<>(node.inputs());
      if (node.op() instanceof Add) {
        // To a sum it is all one; Keras' own networks have the two the other way round than ours.
        Collections.reverse(inputs);
      }
      inputs.forEach(input -> read.add(layer(graph.producer(input))));
    }
    // The parts of a layer read one another; a layer does not.
    reads.forEach((layer, read) -> read.remove(layer));
  }

  /** The nodes of a graph whose layers are Keras'. */
  public static List<Node> nodes(Graph graph) {
    KerasOrder order = new KerasOrder(graph);
    Map<String, Integer> met = order.met(layer(graph.producer(graph.output())));
    Map<String, Integer> distances = order.distances();
    return graph.nodes().stream()
        .sorted(
            Comparator.<Node>comparingInt(node -> -of(distances, node))
                .thenComparingInt(node -> met.getOrDefault(layer(node), Integer.MAX_VALUE)))
        .toList();
  }

  /**
   * The layers of a network.
   *
   * @param layers in any order in which they can be computed, with those that each reads
   * @param outputs of the network, the first one first
   */
  public static List<String> layers(
      Map<String, ? extends Collection<String>> layers, List<String> outputs) {
    KerasOrder order = new KerasOrder(layers);
    Map<String, Integer> met = new HashMap<>();
    outputs.forEach(output -> order.meet(output, met));
    Map<String, Integer> distances = order.distances();
    return layers.keySet().stream()
        .sorted(
            Comparator.<String>comparingInt(layer -> -distances.getOrDefault(layer, 0))
                .thenComparingInt(layer -> met.getOrDefault(layer, Integer.MAX_VALUE)))
        .toList();
  }

  private static int of(Map<String, Integer> numbers, Node node) {
    return Objects.requireNonNull(numbers.get(layer(node)));
  }

  /** A layer of Keras may be several nodes: {@code sepconv1/depthwise} is a part of one. */
  private static String layer(Node node) {
    int slash = node.name().indexOf('/');
    return slash < 0 ? node.name() : node.name().substring(0, slash);
  }

  /** When a walk back from the output meets each layer: first inputs first, and to the end. */
  private Map<String, Integer> met(String output) {
    Map<String, Integer> met = new HashMap<>();
    meet(output, met);
    return met;
  }

  private void meet(String output, Map<String, Integer> met) {
    Deque<String> next = new ArrayDeque<>(List.of(output));
    while (!next.isEmpty()) {
      String layer = next.pop();
      if (met.putIfAbsent(layer, met.size()) == null) {
        Deque<String> reversed = new ArrayDeque<>();
        read(layer).forEach(reversed::push);
        reversed.forEach(next::push);
      }
    }
  }

  /** How many layers lie on the longest way to an output. */
  private Map<String, Integer> distances() {
    Map<String, Integer> distances = new HashMap<>();
    Deque<String> backwards = new ArrayDeque<>();
    reads.keySet().forEach(backwards::push);
    for (String layer : backwards) {
      int distance = distances.computeIfAbsent(layer, output -> 0);
      read(layer).forEach(read -> distances.merge(read, distance + 1, Math::max));
    }
    return distances;
  }

  private Set<String> read(String layer) {
    return Objects.requireNonNull(reads.get(layer));
  }
}
