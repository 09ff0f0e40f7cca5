package dev.depthwise.network;

import java.util.List;

/**
 * In training, sets all of a picture to zero at random and divides the others by {@code 1 - rate}:
 * a residual body that is dropped leaves the shortcut alone (Huang et al. 2016, "Deep Networks with
 * Stochastic Depth", Section 3); otherwise passes everything on. This is torchvision's mode "row".
 *
 * @param rate the share of pictures that is dropped, in [0, 1)
 */
public record StochasticDepth(double rate) implements Op {
  public StochasticDepth {
    Dropout.requireRate(rate);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }
}
