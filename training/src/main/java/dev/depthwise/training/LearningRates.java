package dev.depthwise.training;

import dev.depthwise.network.InputException;

/**
 * The learning rates that a range test tries: from the lowest to the highest, each step by the same
 * factor.
 *
 * @param lowest positive
 * @param highest larger than the lowest
 * @param steps at least 10
 */
public record LearningRates(double lowest, double highest, int steps) {
  public LearningRates {
    Require.positive("the lowest learning rate", lowest);
    Require.positive("the highest learning rate", highest);
    if (highest <= lowest) {
      throw new InputException(
          "the highest learning rate must be above the lowest, %s, was %s"
              .formatted(lowest, highest));
    }
    Require.atLeast(10, "the number of learning rates", steps);
  }

  /** A hundred rates from 1e-7 to 10. */
  public static LearningRates standard() {
    return new LearningRates(1e-7, 10, 100);
  }

  /**
   * The rate of a step.
   *
   * @param step from 0 to {@link #steps} - 1
   */
  public double at(int step) {
    return lowest * Math.pow(highest / lowest, (double) step / (steps - 1));
  }
}
