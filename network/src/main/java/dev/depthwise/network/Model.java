package dev.depthwise.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** This model with other outputs (see {@link Graph#withOutputs}), and what they need only. */
  public Model withOutputs(List<String> names) {
    Graph chosen = graph.withOutputs(names);
    Map<Weights.Key, Tensor> needed = new LinkedHashMap<>();
    chosen.parameters().keySet().forEach(key -> needed.put(key, weights.get(key)));
    return new Model(chosen, new Weights(needed));
  }
}
