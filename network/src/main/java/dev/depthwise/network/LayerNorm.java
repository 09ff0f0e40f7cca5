package dev.depthwise.network;

import java.util.List;

/**
 * Layer normalisation (Ba et al. 2016): {@code scale * (x - mean) / sqrt(variance + epsilon) +
 * shift}, with mean and (biased) variance of the channels at one place of one picture, and a scale
 * and a shift for each channel.
 *
 * <p>Of a vector, all elements are normalised together. Of a picture, every place by itself: what
 * ConvNeXt (Liu et al. 2022) calls channels-first {@code LayerNorm2d}.
 *
 * @param epsilon added to the variance; positive
 */
public record LayerNorm(double epsilon) implements Op {
  public LayerNorm {
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be positive, was " + epsilon);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    Shape channels = Shape.of(inputs.get(0).channels());
    return List.of(new Parameter(Role.SCALE, channels), new Parameter(Role.SHIFT, channels));
  }
}
