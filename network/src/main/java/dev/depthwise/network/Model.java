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

  /** This model with probabilities instead of logits as its principal output. */
  public Model withSoftmax() {
    return new Model(graph.withSoftmax(), weights);
  }
}
