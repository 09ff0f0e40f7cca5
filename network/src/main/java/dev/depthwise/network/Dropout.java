package dev.depthwise.network;

import java.util.List;

/**
 * In training, sets elements to zero at random and divides the others by {@code 1 - rate}
 * (Srivastava et al. 2014, inverted); otherwise passes everything on.
 *
 * @param rate the share that is dropped, in [0, 1)
 */
public record Dropout(double rate) implements Op {
  public Dropout {
    requireRate(rate);
  }

  static void requireRate(double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("the rate must be in [0, 1), was " + rate);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }
}
