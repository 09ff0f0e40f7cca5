package dev.depthwise.network;

import java.util.List;

/**
 * Multiplies each channel with a number that it learns, which begins so small that a residual body
 * hardly counts at first (Touvron et al. 2021, "Going deeper with Image Transformers", Section 2).
 *
 * @param initial what the numbers begin with; finite, 1e-6 in ConvNeXt
 */
public record LayerScale(double initial) implements Op {
  public LayerScale {
    if (!Double.isFinite(initial)) {
      throw new IllegalArgumentException("the initial scale must be finite, was " + initial);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.onlyPicture(inputs);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    return List.of(new Parameter(Role.LAYER_SCALE, Shape.of(inputs.get(0).channels(), 1, 1)));
  }
}
