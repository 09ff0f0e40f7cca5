package dev.depthwise.engine.tck;

import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network with random weights for tests of other rooms: what is held to be the same there should
 * be so for every operation.
 *
 * @param name says what is special about it
 * @param model the network
 */
public record TckModel(String name, Model model) {
  /** Every operation by itself, and the patterns that they come in. */
  public static List<TckModel> all() {
    return Stream.concat(OpCases.all().stream(), PatternCases.all().stream())
        .map(each -> new TckModel(each.name(), each.model()))
        .toList();
  }

  /** A network of that graph. */
  public static Model of(Graph graph) {
    return new Model(graph, TckCase.weights(graph, 1));
  }

  @Override
  public String toString() {
    return name;
  }
}
