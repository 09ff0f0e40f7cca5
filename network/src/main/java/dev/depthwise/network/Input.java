package dev.depthwise.network;

import java.util.List;

/**
 * Where the network's pictures come in.
 *
 * @param shape channels x height x width
 */
public record Input(Shape shape) implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    if (!inputs.isEmpty()) {
      throw new IllegalArgumentException("the input takes no inputs, got " + inputs.size());
    }
    return shape;
  }
}
