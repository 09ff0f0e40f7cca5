package dev.depthwise.engine;

import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Graph;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Role;
import dev.depthwise.network.Scale;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Standardization;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Value;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies what scales channels (a batch norm, a standardization, a layer scale, a constant) into
 * the kernel of the convolution before it, and what shifts them into the bias, where nobody else
 * reads the convolution's output. Computed in double precision.
 */
final class FoldAffine implements ModelPass {
  /** What is done to each channel: {@code factors * x + shifts}. */
  private static final class Affine {
    final double[] factors;
    final double[] shifts;

    Affine(double[] factors, double[] shifts) {
      this.factors = factors;
      this.shifts = shifts;
    }
  }

  @Override
  public Model apply(Model model) {
    Graph graph = model.graph();
    Map<Value, Integer> readers = new HashMap<>();
    graph.outputs().values().forEach(value -> readers.merge(value, 1, Integer::sum));
    for (Node node : graph.nodes()) {
      node.inputs().forEach(value -> readers.merge(value, 1, Integer::sum));
    }
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>(model.weights().tensors());
    Map<Value, Value> replaced = new HashMap<>();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    for (Node node : graph.nodes()) {
      if (node.inputs().size() != 1 || readers.getOrDefault(node.inputs().get(0), 0) != 1) {
        continue;
      }
      Value source = node.inputs().get(0);
      Node before = graph.producer(replaced.getOrDefault(source, source));
      if (before.op() instanceof Conv2d convolution) {
        Affine affine = take(tensors, node, convolution.filters());
        if (affine != null) {
          fold(tensors, before, affine);
          Conv2d biased =
              new Conv2d(convolution.filters(), convolution.window(), convolution.groups(), true);
          nodes.set(
              before.output().index(),
              new Node(before.name(), biased, before.inputs(), before.output()));
          replaced.put(node.output(), before.output());
        }
      }
    }
    List<Node> rewired = new ArrayList<>();
    for (Node node : nodes) {
      List<Value> inputs =
          node.inputs().stream().map(value -> replaced.getOrDefault(value, value)).toList();
      rewired.add(new Node(node.name(), node.op(), inputs, node.output()));
    }
    return new Model(
        Graph.prune(
            rewired,
            Rewrite.replace(graph.outputs(), replaced),
            Rewrite.replace(graph.taps(), replaced)),
        new Weights(tensors));
  }

  /** What a node does to each channel, its tensors taken away; null if it does something else. */
  private static @Nullable Affine take(Map<Weights.Key, Tensor> tensors, Node node, int channels) {
    double[] factors = new double[channels];
    double[] shifts = new double[channels];
    if (node.op() instanceof Scale scale) {
      Arrays.fill(factors, scale.factor());
      return new Affine(factors, shifts);
    }
    if (node.op() instanceof LayerScale) {
      FloatBuffer scale = take(tensors, node, Role.LAYER_SCALE);
      Arrays.setAll(factors, scale::get);
      return new Affine(factors, shifts);
    }
    if (node.op() instanceof Standardization) {
      FloatBuffer mean = take(tensors, node, Role.MEAN);
      FloatBuffer variance = take(tensors, node, Role.VARIANCE);
      for (int channel = 0; channel < channels; channel++) {
        factors[channel] = 1 / Math.sqrt(variance.get(channel) + Standardization.EPSILON);
        shifts[channel] = -mean.get(channel) * factors[channel];
      }
      return new Affine(factors, shifts);
    }
    if (!(node.op() instanceof BatchNorm norm)) {
      return null;
    }
    FloatBuffer mean = take(tensors, node, Role.MEAN);
    FloatBuffer variance = take(tensors, node, Role.VARIANCE);
    FloatBuffer shift = take(tensors, node, Role.SHIFT);
    Tensor scale = tensors.remove(new Weights.Key(node.name(), Role.SCALE));
    for (int channel = 0; channel < channels; channel++) {
      factors[channel] =
          (scale == null ? 1 : scale.values().get(channel))
              / Math.sqrt(variance.get(channel) + norm.epsilon());
      shifts[channel] = shift.get(channel) - mean.get(channel) * factors[channel];
    }
    return new Affine(factors, shifts);
  }

  private static FloatBuffer take(Map<Weights.Key, Tensor> tensors, Node node, Role role) {
    Tensor tensor = tensors.remove(new Weights.Key(node.name(), role));
    return Objects.requireNonNull(tensor).values();
  }

  private static void fold(Map<Weights.Key, Tensor> tensors, Node conv, Affine affine) {
    int filters = affine.factors.length;
    Tensor bias = tensors.remove(new Weights.Key(conv.name(), Role.BIAS));
    Weights.Key kernelKey = new Weights.Key(conv.name(), Role.KERNEL);
    Tensor kernel = Objects.requireNonNull(tensors.get(kernelKey));
    float[] folded = kernel.toArray();
    float[] foldedBias = new float[filters];
    int perFilter = folded.length / filters;
    for (int filter = 0; filter < filters; filter++) {
      double factor = affine.factors[filter];
      for (int index = filter * perFilter; index < (filter + 1) * perFilter; index++) {
        folded[index] = (float) (folded[index] * factor);
      }
      double before = bias == null ? 0 : bias.values().get(filter);
      foldedBias[filter] = (float) (affine.shifts[filter] + before * factor);
    }
    tensors.put(kernelKey, Tensor.of(kernel.shape(), folded));
    tensors.put(new Weights.Key(conv.name(), Role.BIAS), Tensor.of(Shape.of(filters), foldedBias));
  }
}
