package dev.depthwise.training;

import dev.depthwise.network.InputException;

/** Checks of what a person chose, with one wording. */
final class Require {
  private Require() {}

  static void positive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new InputException("%s must be positive, was %s".formatted(what, value));
    }
  }

  static void notNegative(String what, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new InputException("%s must be 0 or larger, was %s".formatted(what, value));
    }
  }

  /** In [0, 1). */
  static void belowOne(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new InputException(
          "%s must be at least 0 and less than 1, was %s".formatted(what, value));
    }
  }

  static void atLeast(int least, String what, int value) {
    if (value < least) {
      throw new InputException("%s must be at least %d, was %d".formatted(what, least, value));
    }
  }
}
