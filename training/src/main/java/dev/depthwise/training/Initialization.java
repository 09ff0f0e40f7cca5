package dev.depthwise.training;

import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Graph;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Parameter;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongToDoubleFunction;

/**
 * The numbers that a network begins with, as torchvision's residual networks have them.
 *
 * <ul>
 *   <li>Convolutions: normal with variance {@code 2 / (filters * window / groups)}, no bias to
 *       begin with (He et al. 2015a, "Delving Deep into Rectifiers", equation 14: what keeps the
 *       size of gradients).
 *   <li>Dense layers, kernel and bias: uniform in ±{@code 1 / sqrt(inputs)}, PyTorch's default.
 *   <li>Layer scale: what it says; a learned slope: 1/4 (He et al. 2015a, Section 2.1).
 *   <li>Batch norm: scale 1, shift 0, mean 0, variance 1.
 * </ul>
 *
 * <p>Every number depends on (seed, node, role, index) alone: a layer begins the same, whatever
 * else the network holds.
 */
public final class Initialization {
  private Initialization() {}

  /** A network with the numbers of a seed. */
  public static Model initialize(Graph graph, long seed) {
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      for (Parameter parameter : node.parameters()) {
        Weights.Key key = new Weights.Key(node.name(), parameter.role());
        tensors.put(key, initialize(node, parameter, key(seed, key)));
      }
    }
    return new Model(graph, new Weights(tensors));
  }

  private static Tensor initialize(Node node, Parameter parameter, long key) {
    Shape shape = parameter.shape();
    return switch (parameter.role()) {
      case KERNEL ->
          node.op() instanceof Conv2d conv
              ? normal(shape, key, Math.sqrt(2.0 / fanOut(conv)))
              : uniform(shape, key, denseBound(node));
      case BIAS ->
          node.op() instanceof Conv2d
              ? Tensor.filled(shape, 0)
              : uniform(shape, key, denseBound(node));
      case SCALE, VARIANCE -> Tensor.filled(shape, 1);
      case SHIFT, MEAN -> Tensor.filled(shape, 0);
      case SLOPE -> Tensor.filled(shape, 0.25f);
      case LAYER_SCALE -> Tensor.filled(shape, (float) ((LayerScale) node.op()).initial());
    };
  }

  private static double fanOut(Conv2d conv) {
    return (double) conv.filters()
        * conv.window().kernelHeight()
        * conv.window().kernelWidth()
        / conv.groups();
  }

  private static double denseBound(Node node) {
    return 1 / Math.sqrt(Op.only(node.inputShapes()).size());
  }

  private static Tensor normal(Shape shape, long key, double deviation) {
    return tensor(shape, index -> deviation * Randomness.normal(key, index));
  }

  private static Tensor uniform(Shape shape, long key, double bound) {
    return tensor(shape, index -> bound * (2 * Randomness.uniform(key, index) - 1));
  }

  private static Tensor tensor(Shape shape, LongToDoubleFunction value) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) value.applyAsDouble(i);
    }
    return Tensor.of(shape, values);
  }

  private static long key(long seed, Weights.Key parameter) {
    return parameter.toString().chars().asLongStream().reduce(seed, Randomness::key);
  }
}
