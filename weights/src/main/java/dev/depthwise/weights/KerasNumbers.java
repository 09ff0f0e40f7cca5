package dev.depthwise.weights;

import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings the numbers of Keras' layers into line: who saved a model as the second of a session has
 * {@code conv2d_95} where another has {@code conv2d} or {@code conv2d_1}. They count up in the
 * order in which the layers were made, so that the n-th of a kind is the n-th.
 *
 * @param layers what a layer of a file is called in the graph
 */
record KerasNumbers(Map<String, String> layers) implements UnaryOperator<String> {
  /** Layers of Keras that it may name itself; only these are ever renumbered. */
  private static final Pattern NUMBERED =
      Pattern.compile(
          "(conv2d|depthwise_conv2d|separable_conv2d|batch_normalization|layer_normalization|dense"
              + "|normalization|p_re_lu)(?:_(\\d{1,9}))?");

  KerasNumbers {
    layers = Map.copyOf(layers);
  }

  /** Changes nothing. */
  static KerasNumbers none() {
    return new KerasNumbers(Map.of());
  }

  /** The numbers of a file, for a graph. */
  static KerasNumbers of(Collection<String> file, Graph graph) {
    Map<String, SortedMap<Integer, String>> there =
        byKind(file.stream().map(KerasNumbers::layer).toList());
    Map<String, SortedMap<Integer, String>> here =
        byKind(
            graph.nodes().stream()
                .filter(node -> !node.parameters().isEmpty())
                .map(Node::name)
                .map(KerasNumbers::layer)
                .toList());
    Map<String, String> layers = new HashMap<>();
    here.forEach(
        (kind, names) -> {
          var others = there.getOrDefault(kind, new TreeMap<>()).values().iterator();
          for (String name : names.values()) {
            if (others.hasNext()) {
              layers.put(others.next(), name);
            }
          }
        });
    return new KerasNumbers(layers);
  }

  private static Map<String, SortedMap<Integer, String>> byKind(Collection<String> layers) {
    Map<String, SortedMap<Integer, String>> kinds = new HashMap<>();
    for (String layer : layers) {
      Matcher matcher = NUMBERED.matcher(layer);
      if (matcher.matches()) {
        int number = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        kinds.computeIfAbsent(matcher.group(1), kind -> new TreeMap<>()).put(number, layer);
      }
    }
    return kinds;
  }

  private static String layer(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }

  @Override
  public String apply(String name) {
    String layer = layer(name);
    return layers.getOrDefault(layer, layer) + name.substring(layer.length());
  }
}
