package dev.depthwise.engine.tck;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small network that every engine must compute as the reference does, forward and backward.
 *
 * @param name says what is special about it
 * @param graph the network
 * @param frozen whether its batch norms keep their running statistics in training
 * @param outputs values that are looked at; empty for the network's own outputs
 * @param ties whether its pictures hold equal numbers, which have no derivative by differences
 */
record TckCase(String name, Graph graph, boolean frozen, List<String> outputs, boolean ties) {
  TckCase {
    outputs = List.copyOf(outputs);
  }

  static TckCase of(String name, Shape input, Block block) {
    return new TckCase(name, Graph.of(input, ".", block), false, List.of(), false);
  }

  TckCase withFrozenStatistics() {
    return new TckCase(name + ", frozen statistics", graph, true, outputs, ties);
  }

  TckCase withOutputs(String... names) {
    return new TckCase(name, graph, frozen, List.of(names), ties);
  }

  TckCase withTies() {
    return new TckCase(name, graph, frozen, outputs, true);
  }

  /** The network with random weights. */
  Model model() {
    return new Model(graph, weights(graph, 1));
  }

  /** Random weights that neither kill nor blow up what passes. */
  static Weights weights(Graph graph, long seed) {
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (key, shape) -> {
              long random = Randomness.key(seed, key.toString().hashCode());
              float[] values = new float[shape.size()];
              double spread = Math.sqrt(2.0 * shape.dimension(0) / shape.size());
              for (int index = 0; index < values.length; index++) {
                values[index] = (float) value(key.role(), spread, random, index);
              }
              tensors.put(key, Tensor.of(shape, values));
            });
    return new Weights(tensors);
  }

  private static double value(Role role, double spread, long random, int index) {
    double normal = Randomness.normal(random, index);
    return switch (role) {
      case KERNEL -> spread * normal;
      case BIAS, SHIFT, MEAN -> 0.2 * normal;
      case LAYER_SCALE, SLOPE -> 0.1 + 0.4 * Randomness.uniform(random, index);
      case SCALE -> 0.8 + 0.4 * Randomness.uniform(random, index);
      case VARIANCE -> 0.5 + Randomness.uniform(random, index);
    };
  }

  /**
   * Pictures whose elements all differ, and from 0, by far more than a step of a finite difference:
   * multiples of a number modulo a prime. With ties, every element is one of three numbers.
   */
  float[] pictures(int count, int series) {
    float[] pictures = new float[count * graph.input().shape().size()];
    for (int index = 0; index < pictures.length; index++) {
      long rank = (index + 1 + 5003L * series) * 6007 % 10007;
      pictures[index] = ties ? rank % 3 - 1 : (float) (2 * (rank + 0.25) / 10007 - 1);
    }
    return pictures;
  }

  /** Random derivatives of a loss by an output. */
  static float[] outputGradient(int size, String output) {
    float[] gradient = new float[size];
    long random = Randomness.key(3, output.hashCode());
    for (int index = 0; index < size; index++) {
      gradient[index] = (float) Randomness.normal(random, index);
    }
    return gradient;
  }

  @Override
  public String toString() {
    return name;
  }
}
