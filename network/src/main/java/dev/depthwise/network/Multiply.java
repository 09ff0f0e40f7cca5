package dev.depthwise.network;

import java.util.List;

/**
 * The element-wise product of two inputs: of one shape, or a picture and a factor for each of its
 * channels, as a vector or as a picture of one place (Hu et al. 2018, "Squeeze-and-Excitation
 * Networks", equation 4).
 */
public record Multiply() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new IllegalArgumentException("multiply needs two inputs, got " + inputs.size());
    }
    Shape left = inputs.get(0);
    Shape right = inputs.get(1);
    boolean factorPerChannel =
        left.isPicture() && right.size() == right.channels() && right.size() == left.channels();
    if (!left.equals(right) && !factorPerChannel) {
      throw new IllegalArgumentException(
          "multiply needs equal shapes, or a picture and a factor for each channel, got %s and %s"
              .formatted(left, right));
    }
    return left;
  }
}
