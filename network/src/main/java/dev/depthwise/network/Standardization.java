package dev.depthwise.network;

import java.util.List;

/**
 * Brings each channel to a mean of 0 and a variance of 1 by numbers that the network holds: {@code
 * (x - mean) / sqrt(variance)}, Keras' layer {@code Normalization}. Unlike a batch norm it learns
 * nothing, and in training it does the same.
 *
 * <p>Keras keeps the deviation from falling below 1e-7; here {@link #EPSILON} is added to the
 * variance, which does that and changes no other float32.
 */
public record Standardization() implements Op {
  /** Added to the variance. */
  public static final double EPSILON = 1e-14;

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.onlyPicture(inputs);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    Shape channels = Shape.of(inputs.get(0).channels());
    return List.of(new Parameter(Role.MEAN, channels), new Parameter(Role.VARIANCE, channels));
  }
}
