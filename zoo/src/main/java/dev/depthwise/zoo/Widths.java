package dev.depthwise.zoo;

/** Numbers of channels that hardware likes. */
final class Widths {
  private static final int DIVISOR = 8;

  private Widths() {}

  /**
   * The multiple of 8 nearest to a width, but no less than nine tenths of it (Sandler et al. 2018,
   * the authors' code).
   */
  static int rounded(double width) {
    int nearest = (int) (width + DIVISOR / 2) / DIVISOR * DIVISOR;
    int rounded = Math.max(DIVISOR, nearest);
    return rounded < 0.9 * width ? rounded + DIVISOR : rounded;
  }
}
