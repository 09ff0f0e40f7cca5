package dev.depthwise.training;

import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Input;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Batch;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where in a network numbers grew beyond all bounds.
 *
 * @param layer the name of the layer
 * @param what of it
 */
record Divergence(String layer, String what) {
  /** Bytes of outputs that are looked at together: all of a large network at once may not fit. */
  private static final long ROOM = 256 << 20;

  /** Runs a batch again and finds the first layer whose output is not finite. */
  static Optional<Divergence> forward(
      TrainingRun run, Weights weights, TrainingOptions options, Batch batch, long step) {
    Optional<Divergence> parameter = inWeights(weights);
    Graph graph = run.network().model().graph();
    List<Node> layers =
        graph.nodes().stream().filter(node -> !(node.op() instanceof Input)).toList();
    for (int from = 0, to; from < layers.size(); from = to) {
      List<String> some = new ArrayList<>();
      long bytes = 0;
      for (to = from; to < layers.size() && bytes < ROOM; to++) {
        some.add(layers.get(to).name());
        bytes += (long) Float.BYTES * batch.count() * layers.get(to).output().shape().size();
      }
      Model part = part(graph, weights, some);
      TrainingOptions here = options.withTrained(key -> false);
      try (TrainingExecutable executable = run.engine().compileTraining(part, here)) {
        executable.forward(batch.pixels(), batch.count(), step);
        for (String layer : some) {
          if (!isFinite(executable.output(layer))) {
            String cause =
                parameter
                    .filter(found -> found.layer().equals(layer))
                    .map(Divergence::what)
                    .orElse("output");
            return Optional.of(new Divergence(layer, cause));
          }
        }
      }
    }
    return parameter;
  }

  private static Model part(Graph graph, Weights weights, List<String> layers) {
    Graph part = graph.withOutputs(layers);
    Map<Weights.Key, Tensor> kept = new LinkedHashMap<>();
    part.parameters().keySet().forEach(key -> kept.put(key, weights.get(key)));
    return new Model(part, new Weights(kept));
  }

  /** Finds the last layer with a gradient that is not finite: where the way back began. */
  static Optional<Divergence> backward(TrainingExecutable executable, Set<Weights.Key> trained) {
    List<Weights.Key> back = new ArrayList<>(trained);
    Collections.reverse(back);
    for (Weights.Key key : back) {
      if (!isFinite(executable.gradient(key).values())) {
        return Optional.of(new Divergence(key.node(), "gradient of the " + role(key)));
      }
    }
    return Optional.empty();
  }

  /** Finds the first parameter that is not finite. */
  static Optional<Divergence> inWeights(Weights weights) {
    for (Map.Entry<Weights.Key, Tensor> entry : weights.tensors().entrySet()) {
      if (!isFinite(entry.getValue().values())) {
        return Optional.of(new Divergence(entry.getKey().node(), role(entry.getKey())));
      }
    }
    return Optional.empty();
  }

  /** The layer whose gradient is largest beside its weights: where the next step goes furthest. */
  static Optional<Divergence> steepest(TrainingExecutable executable, Set<Weights.Key> trained) {
    Weights weights = executable.weights();
    Weights.Key steepest = null;
    double largest = -1;
    for (Weights.Key key : trained) {
      double ratio =
          norm(executable.gradient(key)) / Math.max(norm(weights.get(key)), Float.MIN_NORMAL);
      if (ratio > largest) {
        largest = ratio;
        steepest = key;
      }
    }
    return steepest == null
        ? Optional.empty()
        : Optional.of(
            new Divergence(
                steepest.node(),
                "gradient of the %s is %.3g times as long as the %s itself"
                    .formatted(role(steepest), largest, role(steepest))));
  }

  private static double norm(Tensor tensor) {
    double squares = 0;
    FloatBuffer values = tensor.values();
    while (values.hasRemaining()) {
      double value = values.get();
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  private static boolean isFinite(FloatBuffer values) {
    for (int i = values.position(); i < values.limit(); i++) {
      if (!Float.isFinite(values.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static String role(Weights.Key key) {
    return key.role().name().toLowerCase(java.util.Locale.ROOT);
  }
}
