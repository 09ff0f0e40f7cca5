package dev.depthwise.weights;

import dev.depthwise.network.Graph;
import dev.depthwise.network.Weights;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What is asked of a file of weights.
 *
 * @param graph whose parameters are wanted
 * @param whole the same network with its top and all heads: the file may hold their parameters too
 * @param today what a name in the file is called today, for names of an older version
 * @param replaceable parameters that the file may lack, or have in another shape (a classifier for
 *     other classes): they are left out of the result then
 */
public record Request(
    Graph graph, Graph whole, UnaryOperator<String> today, Set<Weights.Key> replaceable) {
  public Request {
    replaceable = Set.copyOf(replaceable);
  }

  /** All parameters of a network, and nothing else. */
  public static Request of(Graph graph) {
    return new Request(graph, graph, UnaryOperator.identity(), Set.of());
  }

  /** This request, where the file may be of this larger network. */
  public Request within(Graph larger) {
    return new Request(graph, larger, today, replaceable);
  }

  /** This request, where the file may have older names. */
  public Request renaming(UnaryOperator<String> names) {
    return new Request(graph, whole, names, replaceable);
  }

  /**
   * This request, where what the network has more than these features may be missing or of another
   * shape.
   */
  public Request replacingAllBut(Graph features) {
    Set<Weights.Key> top = new LinkedHashSet<>(graph.parameters().keySet());
    top.removeAll(features.parameters().keySet());
    return new Request(graph, whole, today, top);
  }
}
