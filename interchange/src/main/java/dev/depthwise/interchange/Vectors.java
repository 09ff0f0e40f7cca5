package dev.depthwise.interchange;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Add;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.GlobalAveragePool;
import dev.depthwise.network.Graph;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.Multiply;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.PRelu;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Scale;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Turns pictures of one place into vectors where nothing needs them to be pictures: so that a mean
 * over a picture is one, and a fully connected layer no convolution.
 */
final class Vectors {
  private final List<Node> nodes;
  private final Set<String> dense;
  private final Set<String> names = new HashSet<>();
  private final Map<Integer, List<Node>> readers = new HashMap<>();

  /**
   * Looks at nodes.
   *
   * @param dense those that are fully connected layers, written as convolutions
   */
  Vectors(List<Node> nodes, Set<String> dense) {
    this.nodes = nodes;
    this.dense = dense;
    for (Node node : nodes) {
      names.add(node.name());
      for (Value input : node.inputs()) {
        readers.computeIfAbsent(input.index(), index -> new ArrayList<>()).add(node);
      }
    }
  }

  /** The graph of these outputs. */
  Graph graph(Map<String, Value> outputs) {
    Set<Integer> vectors = vectors(outputs);
    List<Node> written = new ArrayList<>();
    Map<Integer, Value> moved = new HashMap<>();
    for (Node node : nodes) {
      boolean isVector = vectors.contains(node.output().index());
      List<Value> inputs =
          new ArrayList<>(
              node.inputs().stream()
                  .map(value -> moved.getOrDefault(value.index(), value))
                  .toList());
      if (node.op() instanceof Flatten && !inputs.get(0).shape().isPicture()) {
        moved.put(node.output().index(), inputs.get(0));
        continue;
      }
      Op op = node.op();
      if (op instanceof AveragePool && isVector) {
        op = new GlobalAveragePool();
      } else if (op instanceof Conv2d conv && dense.contains(node.name())) {
        if (isVector) {
          op = new Dense(conv.filters(), conv.bias());
          if (inputs.get(0).shape().isPicture()) {
            inputs.set(
                0,
                add(
                    written,
                    unused(node.name() + "/flatten"),
                    new Flatten(Flatten.Order.CHW),
                    inputs));
          }
        }
      }
      moved.put(node.output().index(), add(written, node.name(), op, inputs));
    }
    Map<String, Value> named = new LinkedHashMap<>();
    outputs.forEach(
        (name, value) -> named.put(name, Objects.requireNonNull(moved.get(value.index()))));
    return Graph.prune(written, named, Map.of());
  }

  private static Value add(List<Node> written, String name, Op op, List<Value> inputs) {
    Value output = new Value(written.size(), op.infer(inputs.stream().map(Value::shape).toList()));
    written.add(new Node(name, op, inputs, output));
    return output;
  }

  private String unused(String name) {
    String unused = name;
    for (int number = 2; !names.add(unused); number++) {
      unused = name + "_" + number;
    }
    return unused;
  }

  /** The indexes of the values that can be vectors: what cannot falls out until nothing does. */
  private Set<Integer> vectors(Map<String, Value> outputs) {
    Set<Integer> vectors = new HashSet<>();
    for (Node node : nodes) {
      if (Sketch.isOnePlace(node.output().shape()) && mayBeVector(node)) {
        vectors.add(node.output().index());
      }
    }
    outputs.values().forEach(value -> vectors.remove(value.index()));
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int index = 0; index < nodes.size(); index++) {
        changed |= dropUnlessFits(index, vectors);
      }
      for (int index = nodes.size() - 1; index >= 0; index--) {
        changed |= dropUnlessFits(index, vectors);
      }
    }
    return vectors;
  }

  private boolean dropUnlessFits(int index, Set<Integer> vectors) {
    return vectors.contains(index) && !fits(nodes.get(index), vectors) && vectors.remove(index);
  }

  private boolean mayBeVector(Node node) {
    Op op = node.op();
    return isMean(node) || dense.contains(node.name()) || isElementwise(op);
  }

  /** The mean over a whole picture of more than one place. */
  private static boolean isMean(Node node) {
    if (!(node.op() instanceof AveragePool pool)) {
      return false;
    }
    Shape picture = node.inputs().get(0).shape();
    return !Sketch.isOnePlace(picture) && pool.window().equals(Sketch.whole(picture));
  }

  private static boolean isElementwise(Op op) {
    return op instanceof Activation
        || op instanceof Relu
        || op instanceof PRelu
        || op instanceof Dropout
        || op instanceof Scale
        || op instanceof LayerNorm
        || op instanceof Add
        || op instanceof Multiply;
  }

  private boolean fits(Node node, Set<Integer> vectors) {
    if (isElementwise(node.op())
        && !node.inputs().stream().allMatch(value -> vectors.contains(value.index()))) {
      return false;
    }
    int index = node.output().index();
    for (Node reader : readers.getOrDefault(index, List.of())) {
      boolean isFactor =
          reader.op() instanceof Multiply
              && reader.inputs().get(1).index() == index
              && reader.inputs().get(0).index() != index
              && !vectors.contains(reader.output().index());
      boolean isVector =
          vectors.contains(reader.output().index())
              && (isElementwise(reader.op()) || dense.contains(reader.name()));
      if (!(reader.op() instanceof Flatten) && !isFactor && !isVector) {
        return false;
      }
    }
    return true;
  }
}
