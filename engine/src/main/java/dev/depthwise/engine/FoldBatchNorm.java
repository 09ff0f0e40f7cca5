package dev.depthwise.engine;

import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Value;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Multiplies a batch norm's scale into the kernel of the convolution before it, and its shift into
 * the bias, where nobody else reads the convolution's output. Computed in double precision.
 */
final class FoldBatchNorm implements ModelPass {
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
    for (Node norm : graph.nodes()) {
      if (norm.op() instanceof BatchNorm batchNorm) {
        Node before = graph.producer(norm.inputs().get(0));
        if (before.op() instanceof Conv2d convolution
            && readers.getOrDefault(before.output(), 0) == 1) {
          fold(tensors, before, convolution, norm, batchNorm);
          Conv2d biased =
              new Conv2d(convolution.filters(), convolution.window(), convolution.groups(), true);
          nodes.set(
              before.output().index(),
              new Node(before.name(), biased, before.inputs(), before.output()));
          replaced.put(norm.output(), before.output());
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

  private static void fold(
      Map<Weights.Key, Tensor> tensors,
      Node conv,
      Conv2d convolution,
      Node norm,
      BatchNorm batchNorm) {
    int filters = convolution.filters();
    FloatBuffer mean = take(tensors, norm, Role.MEAN);
    FloatBuffer variance = take(tensors, norm, Role.VARIANCE);
    FloatBuffer shift = take(tensors, norm, Role.SHIFT);
    Tensor scale = tensors.remove(new Weights.Key(norm.name(), Role.SCALE));
    Tensor bias = tensors.remove(new Weights.Key(conv.name(), Role.BIAS));
    Weights.Key kernelKey = new Weights.Key(conv.name(), Role.KERNEL);
    Tensor kernel = Objects.requireNonNull(tensors.get(kernelKey));
    float[] folded = kernel.toArray();
    float[] foldedBias = new float[filters];
    int perFilter = folded.length / filters;
    for (int filter = 0; filter < filters; filter++) {
      double factor =
          (scale == null ? 1 : scale.values().get(filter))
              / Math.sqrt(variance.get(filter) + batchNorm.epsilon());
      for (int index = filter * perFilter; index < (filter + 1) * perFilter; index++) {
        folded[index] = (float) (folded[index] * factor);
      }
      double before = bias == null ? 0 : bias.values().get(filter);
      foldedBias[filter] = (float) (shift.get(filter) + (before - mean.get(filter)) * factor);
    }
    tensors.put(kernelKey, Tensor.of(kernel.shape(), folded));
    tensors.put(new Weights.Key(conv.name(), Role.BIAS), Tensor.of(Shape.of(filters), foldedBias));
  }

  private static FloatBuffer take(Map<Weights.Key, Tensor> tensors, Node node, Role role) {
    Tensor tensor = tensors.remove(new Weights.Key(node.name(), role));
    return Objects.requireNonNull(tensor).values();
  }
}
