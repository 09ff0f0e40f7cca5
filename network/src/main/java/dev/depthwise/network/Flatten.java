package dev.depthwise.network;

import java.util.List;

/**
 * A picture as a vector.
 *
 * @param order which of its elements are neighbours in the vector
 */
public record Flatten(Order order) implements Op {
  /** Which elements are neighbours. */
  public enum Order {
    /** Channels outermost, as in PyTorch: element {@code (c * height + y) * width + x}. */
    CHW,

    /** Channels innermost, as in Keras: element {@code (y * width + x) * channels + c}. */
    HWC
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Shape.of(Op.onlyPicture(inputs).size());
  }

  @Override
  public String description() {
    return "Flatten " + order;
  }
}
