package dev.depthwise.network;

import java.util.List;

/**
 * Multiplies everything with one constant: what a residual body passes before the sum, so that wide
 * networks stay stable (Szegedy et al. 2016, "Inception-v4, Inception-ResNet", Section 3.3).
 *
 * @param factor finite; 0.1 to 0.3 in the paper
 */
public record Scale(double factor) implements Op {
  public Scale {
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException("the factor must be finite, was " + factor);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }
}
