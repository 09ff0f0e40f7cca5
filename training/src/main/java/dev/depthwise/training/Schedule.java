package dev.depthwise.training;

import java.util.List;

/**
 * How the learning rate changes over a run.
 *
 * @param curve what it does after the warm-up
 * @param warmupEpochs over how many epochs, or parts of one, the rate first rises in a straight
 *     line to its full size (Goyal et al. 2017, "Accurate, Large Minibatch SGD", section 2.2); 0 or
 *     larger
 */
public record Schedule(Curve curve, double warmupEpochs) {
  public Schedule {
    Require.notNegative("the epochs of the warm-up", warmupEpochs);
  }

  /** This curve, without a warm-up. */
  public static Schedule of(Curve curve) {
    return new Schedule(curve, 0);
  }

  /** The rate stays as it is. */
  public static Schedule constant() {
    return of(new Curve.Constant());
  }

  /** The rate falls along half a cosine to 0. */
  public static Schedule cosine() {
    return of(new Curve.Cosine());
  }

  /** The rate is multiplied by gamma at each of these fractions of the run. */
  public static Schedule step(double gamma, List<Double> milestones) {
    return of(new Curve.Step(gamma, milestones));
  }

  /** The rate rises from 1/25 of its size for 0.3 of the run, and falls to 1/250000 of it. */
  public static Schedule oneCycle() {
    return of(new Curve.OneCycle(0.3, 25, 1e4));
  }

  /** The rate is divided by 10 when a metric has made no progress for more than ten epochs. */
  public static Schedule plateau(Metric metric) {
    return of(new Curve.Plateau(metric, 10, 0.1, 1e-4, 0));
  }

  /** This schedule with a warm-up of so many epochs. */
  public Schedule withWarmup(double epochs) {
    return new Schedule(curve, epochs);
  }

  /** Whether it follows the validation pictures. */
  boolean needsValidation() {
    return curve instanceof Curve.Plateau;
  }

  /**
   * What the learning rate is multiplied by.
   *
   * @param step counted from 0 over the whole run
   * @param stepsPerEpoch at least 1
   * @param epochs of the whole run, warm-up included
   * @param history the epochs that are done
   * @return above 0 and at most 1 within the run
   */
  public double factor(long step, int stepsPerEpoch, int epochs, List<EpochReport> history) {
    long warmup = Math.min(Math.round(warmupEpochs * stepsPerEpoch), (long) stepsPerEpoch * epochs);
    return step < warmup
        ? (step + 1.0) / warmup
        : curve.factor(new Curve.Position(step, warmup, stepsPerEpoch, epochs, history));
  }
}
