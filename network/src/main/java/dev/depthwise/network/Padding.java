package dev.depthwise.network;

/** How far a window reaches over the edge of the picture; what it finds there counts as zero. */
public sealed interface Padding {
  /**
   * Rows and columns, said outright.
   *
   * @param top rows above
   * @param left columns before
   * @param bottom rows below
   * @param right columns behind
   */
  record Explicit(int top, int left, int bottom, int right) implements Padding {
    private static final int LARGEST = 1 << 20;

    public Explicit {
      if (top < 0 || left < 0 || bottom < 0 || right < 0) {
        throw new IllegalArgumentException(
            "padding must not be negative, was %d, %d, %d, %d".formatted(top, left, bottom, right));
      }
      if (Math.max(Math.max(top, left), Math.max(bottom, right)) > LARGEST) {
        throw new IllegalArgumentException(
            "padding must be at most %d, was %d, %d, %d, %d"
                .formatted(LARGEST, top, left, bottom, right));
      }
    }
  }

  /** Half the window on each side, as the papers and PyTorch have it: {@code (k - 1) / 2}. */
  record Half() implements Padding {}

  /**
   * TensorFlow's rule: so much that the output has {@code ceil(input / stride)} rows, the odd one
   * at the bottom and the right. It depends on the size of the picture.
   */
  record Same() implements Padding {}

  /**
   * Another padding, and behind it as many rows and columns as let the last window of a pooling end
   * (PyTorch's {@code ceil_mode}): the output has {@code ceil} instead of {@code floor((input +
   * padding - window) / stride)} rows more than one, except that the last window must begin inside
   * the picture or the padding before it.
   *
   * <p>These rows are no part of the picture even where padding is: a mean that counts padding does
   * not count them.
   *
   * @param padding what lies over the edge otherwise
   */
  record Ceil(Padding padding) implements Padding {
    public Ceil {
      if (padding instanceof Ceil) {
        throw new IllegalArgumentException("ceil mode is either on or off");
      }
    }
  }
}
