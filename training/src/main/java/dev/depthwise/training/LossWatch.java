package dev.depthwise.training;

/**
 * Notices a loss that explodes without ever being infinite: over {@value #WINDOW} steps its mean is
 * more than {@value #TOO_MUCH} times what guessing costs, and more than over the {@value #WINDOW}
 * steps before. Guessing costs the logarithm of the number of classes; a network that begins badly
 * and learns falls from window to window, and raises no alarm.
 */
final class LossWatch {
  static final int WINDOW = 50;
  static final double TOO_MUCH = 20;

  private final double limit;
  private double before = Double.POSITIVE_INFINITY;
  private double sum;
  private int steps;

  /**
   * Watches a loss.
   *
   * @param classes how many there are
   * @param weight of all outputs together
   */
  LossWatch(int classes, double weight) {
    limit = TOO_MUCH * weight * Math.log(Math.max(2, classes));
  }

  /** Whether the loss has exploded with this step. */
  boolean sees(double loss) {
    sum += loss;
    steps++;
    if (steps < WINDOW) {
      return false;
    }
    double mean = sum / WINDOW;
    boolean exploded = mean > limit && mean > before;
    before = mean;
    sum = 0;
    steps = 0;
    return exploded;
  }
}
