package dev.depthwise.training;

import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import dev.depthwise.network.Node;
import dev.depthwise.network.Value;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which parts of a network stay as they are, as with Keras' {@code trainable=False}: their
 * parameters are not trained, and their batch norms keep to their running statistics and leave them
 * alone.
 *
 * @param parts beginnings of layer names: {@code layer1} is all of {@code layer1.0.conv1}, {@code
 *     layer1.0.bn1} and so on, but not {@code layer10}
 * @param allButHead whether everything stays but the last layer before each output
 */
public record Freezing(List<String> parts, boolean allButHead) {
  public Freezing {
    parts = List.copyOf(parts);
  }

  /** Everything is trained. */
  public static Freezing nothing() {
    return new Freezing(List.of(), false);
  }

  /** Only the last layer before each output is trained. */
  public static Freezing allButTheHead() {
    return new Freezing(List.of(), true);
  }

  /** Parts by the beginnings of their layers' names. */
  public static Freezing of(String... parts) {
    return new Freezing(List.of(parts), false);
  }

  /**
   * The names of the layers that stay.
   *
   * @throws InputException if a part is nowhere in the network, or nothing is left to train
   */
  Set<String> layers(Graph graph) {
    List<String> learned =
        graph.nodes().stream().filter(Freezing::learns).map(Node::name).distinct().toList();
    Set<String> frozen = new LinkedHashSet<>();
    for (String part : parts) {
      List<String> found = learned.stream().filter(name -> isPart(name, part)).toList();
      if (found.isEmpty()) {
        throw new InputException(
            "no layer's name begins with '%s'; %s".formatted(part, Names.suggest(part, learned)));
      }
      frozen.addAll(found);
    }
    if (allButHead) {
      Set<String> heads = new LinkedHashSet<>();
      graph.outputs().values().forEach(output -> addHeads(graph, output, heads));
      learned.stream().filter(name -> !heads.contains(name)).forEach(frozen::add);
    }
    if (!learned.isEmpty() && frozen.containsAll(learned)) {
      throw new InputException("all layers are frozen: nothing is left to train");
    }
    return frozen;
  }

  private static boolean learns(Node node) {
    return node.parameters().stream().anyMatch(parameter -> parameter.role().isLearned());
  }

  private static boolean isPart(String name, String part) {
    return name.startsWith(part)
        && (name.length() == part.length()
            || !Character.isLetterOrDigit(name.charAt(part.length())));
  }

  private static void addHeads(Graph graph, Value value, Set<String> heads) {
    Node node = graph.producer(value);
    if (learns(node)) {
      heads.add(node.name());
    } else {
      node.inputs().forEach(input -> addHeads(graph, input, heads));
    }
  }
}
