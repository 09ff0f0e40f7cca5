package dev.depthwise.network;

import java.util.List;

/**
 * One operation in a graph.
 *
 * @param name unique in its graph; the layer's name in the files of its port
 * @param op what it computes
 * @param inputs the values it reads, made by earlier nodes
 * @param output the value it makes
 */
public record Node(String name, Op op, List<Value> inputs, Value output) {
  public Node {
    inputs = List.copyOf(inputs);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a node needs a name");
    }
  }

  /** The tensors this node needs besides its inputs. */
  public List<Parameter> parameters() {
    return op.parameters(inputShapes());
  }

  /** The shapes of the inputs. */
  public List<Shape> inputShapes() {
    return inputs.stream().map(Value::shape).toList();
  }
}
