package dev.depthwise.network;

/**
 * A network with its numbers.
 *
 * @param graph what it computes
 * @param weights a tensor for each parameter of the graph, no more and no fewer
 */
public record Model(Graph graph, Weights weights) {
  public Model {
    weights.verify(graph);
  }
}
