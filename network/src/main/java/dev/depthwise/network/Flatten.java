package dev.depthwise.network;

import java.util.List;

/** A picture as a vector, channels outermost: element {@code (c * height + y) * width + x}. */
public record Flatten() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    return Shape.of(Op.onlyPicture(inputs).size());
  }
}
