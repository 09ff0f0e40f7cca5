package dev.depthwise.vision;

import dev.depthwise.network.InputException;

/** Checks what transforms are given. */
final class Ranges {
  private Ranges() {}

  /** A number that must lie in [least, most]. */
  static void require(String transform, String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new InputException(
          "augmentation %s: the %s must lie in %s to %s, was %s"
              .formatted(transform, what, plain(least), plain(most), plain(value)));
    }
  }

  private static String plain(double value) {
    return value == (long) value ? Long.toString((long) value) : Double.toString(value);
  }
}
