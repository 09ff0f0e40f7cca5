package dev.depthwise.training;

import dev.depthwise.network.InputException;
import java.util.List;

/**
 * How the learning rate changes over a run: a factor for each step.
 *
 * @param curve what it does after the warm-up
 * @param milestones of {@link Curve#STEP}: after which fractions of the run, in (0, 1), ascending
 * @param gamma of {@link Curve#STEP}: what the rate is multiplied by at each milestone; in (0, 1]
 * @param warmupEpochs over how many epochs, or parts of one, the rate first rises in a straight
 *     line to its full size (Goyal et al. 2017, "Accurate, Large Minibatch SGD", section 2.2); 0 or
 *     larger
 */
public record Schedule(Curve curve, List<Double> milestones, double gamma, double warmupEpochs) {
  /** The shape of a schedule. */
  public enum Curve {
    /** Stays. */
    CONSTANT,
    /** Falls by a factor at each milestone (He et al. 2015b, section 4.2: 0.1 at 1/2 and 3/4). */
    STEP,
    /** Falls to 0 along half a cosine (Loshchilov and Hutter 2017, "SGDR", equation 5). */
    COSINE
  }

  public Schedule {
    milestones = List.copyOf(milestones);
    if ((curve == Curve.STEP) == milestones.isEmpty()) {
      throw new InputException(
          curve == Curve.STEP
              ? "a step schedule needs a milestone; try 0.5 and 0.75"
              : "only a step schedule has milestones, got " + milestones);
    }
    double before = 0;
    for (double milestone : milestones) {
      if (!(milestone > before && milestone < 1)) {
        throw new InputException(
            "milestones must be fractions of the run between 0 and 1, ascending; got "
                + milestones);
      }
      before = milestone;
    }
    if (!(gamma > 0 && gamma <= 1)) {
      throw new InputException(
          "gamma must be larger than 0 and at most 1, was %s; try 0.1".formatted(gamma));
    }
    if (!(warmupEpochs >= 0 && warmupEpochs < Double.POSITIVE_INFINITY)) {
      throw new InputException("the warm-up must take 0 epochs or more, was " + warmupEpochs);
    }
  }

  /** The rate stays as it is. */
  public static Schedule constant() {
    return new Schedule(Curve.CONSTANT, List.of(), 1, 0);
  }

  /** The rate falls along half a cosine to 0. */
  public static Schedule cosine() {
    return new Schedule(Curve.COSINE, List.of(), 1, 0);
  }

  /** The rate is multiplied by gamma at each of these fractions of the run. */
  public static Schedule step(double gamma, List<Double> milestones) {
    return new Schedule(Curve.STEP, milestones, gamma, 0);
  }

  /** This schedule with a warm-up of so many epochs. */
  public Schedule withWarmup(double epochs) {
    return new Schedule(curve, milestones, gamma, epochs);
  }

  /**
   * What the learning rate is multiplied by.
   *
   * @param step counted from 0 over the whole run
   * @param stepsPerEpoch at least 1
   * @param epochs of the whole run, warm-up included
   * @return above 0 and at most 1 within the run
   */
  public double factor(long step, int stepsPerEpoch, int epochs) {
    long total = (long) stepsPerEpoch * epochs;
    long warmup = Math.min(Math.round(warmupEpochs * stepsPerEpoch), total);
    if (step < warmup) {
      return (step + 1.0) / warmup;
    }
    return switch (curve) {
      case CONSTANT -> 1;
      case STEP -> {
        double progress = (double) step / total;
        double factor = 1;
        for (double milestone : milestones) {
          factor *= progress >= milestone ? gamma : 1;
        }
        yield factor;
      }
      case COSINE ->
          (1 + StrictMath.cos(Math.PI * ((double) (step - warmup) / (total - warmup)))) / 2;
    };
  }
}
