package dev.depthwise.training;

import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Softmax;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Value;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Dataset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scores that a classifier's loss is taken from. */
final class Logits {
  private Logits() {}

  /** The network cut down to its principal output, as logits. */
  static Graph graph(Graph graph) {
    Value output = graph.output();
    Node producer = graph.producer(output);
    if (producer.op() instanceof Softmax) {
      return graph.withOutputs(List.of(graph.producer(producer.inputs().get(0)).name()));
    }
    return graph.withOutputs(List.of(graph.outputs().keySet().iterator().next()));
  }

  /** Those of the weights that a network cut down still needs. */
  static Weights weights(Graph graph, Weights weights) {
    Map<Weights.Key, Tensor> kept = new LinkedHashMap<>();
    graph.parameters().keySet().forEach(key -> kept.put(key, weights.get(key)));
    return new Weights(kept);
  }

  /** A model cut down to its principal output, as logits. */
  static Model model(Model model) {
    Graph graph = graph(model.graph());
    return new Model(graph, weights(graph, model.weights()));
  }

  /** Checks that all outputs are logits: one vector of one length each. */
  static void require(Graph graph) {
    graph
        .outputs()
        .forEach(
            (name, value) -> {
              if (graph.producer(value).op() instanceof Softmax) {
                throw new IllegalArgumentException(
                    "output %s is a softmax; training needs the logits before it".formatted(name));
              }
              if (value.shape().rank() != 1 || !value.shape().equals(graph.output().shape())) {
                throw new IllegalArgumentException(
                    "output %s is %s; training needs a vector of the principal output's shape, %s"
                        .formatted(name, value.shape(), graph.output().shape()));
              }
            });
  }

  /** Checks that the network tells as many classes apart as the pictures have. */
  static void requireClasses(Graph graph, Dataset dataset) {
    Shape output = graph.output().shape();
    if (output.rank() != 1 || output.size() != dataset.labels().size()) {
      throw new InputException(
          "%s has %d classes, but the network's output is %s; use a network with %d classes"
              .formatted(dataset.name(), dataset.labels().size(), output, dataset.labels().size()));
    }
  }
}
