package dev.depthwise.training;

import dev.depthwise.network.InputException;
import java.util.List;

/** What the learning rate does after the warm-up: a factor for each step. */
public sealed interface Curve {
  /** What the learning rate is multiplied by; at most 1, and above 0 within the run. */
  double factor(Position at);

  /**
   * Where a run stands.
   *
   * @param step counted from 0 over the whole run
   * @param warmup steps of the warm-up
   * @param stepsPerEpoch at least 1
   * @param epochs of the whole run, warm-up included
   * @param history the epochs that are done
   */
  record Position(
      long step, long warmup, int stepsPerEpoch, int epochs, List<EpochReport> history) {
    long total() {
      return (long) stepsPerEpoch * epochs;
    }

    /** Epochs that are done. */
    int epoch() {
      return (int) (step / stepsPerEpoch);
    }

    /** The part of the run after the warm-up that is done, in [0, 1). */
    double progress() {
      return (double) (step - warmup) / (total() - warmup);
    }
  }

  /** Stays. */
  record Constant() implements Curve {
    @Override
    public double factor(Position at) {
      return 1;
    }
  }

  /**
   * Falls by a factor at each milestone (He et al. 2015b, section 4.2: 0.1 at 1/2 and 3/4).
   *
   * @param gamma what the rate is multiplied by; in (0, 1]
   * @param milestones after which fractions of the run, in (0, 1), ascending
   */
  record Step(double gamma, List<Double> milestones) implements Curve {
    public Step {
      milestones = List.copyOf(milestones);
      requireFraction("gamma", gamma);
      if (milestones.isEmpty()) {
        throw new InputException("a step schedule needs a milestone; try 0.5 and 0.75");
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
    }

    @Override
    public double factor(Position at) {
      double progress = (double) at.step() / at.total();
      double factor = 1;
      for (double milestone : milestones) {
        factor *= progress >= milestone ? gamma : 1;
      }
      return factor;
    }
  }

  /** Falls to 0 along half a cosine (Loshchilov and Hutter 2017, "SGDR", equation 5). */
  record Cosine() implements Curve {
    @Override
    public double factor(Position at) {
      return (1 + StrictMath.cos(Math.PI * at.progress())) / 2;
    }
  }

  /**
   * Falls to 0 as a power of what is left of the run (PyTorch's {@code PolynomialLR}).
   *
   * @param power 1 for a straight line; positive
   */
  record Polynomial(double power) implements Curve {
    public Polynomial {
      Require.positive("the power", power);
    }

    @Override
    public double factor(Position at) {
      return StrictMath.pow(1 - at.progress(), power);
    }
  }

  /**
   * Falls by a factor after each epoch (PyTorch's {@code ExponentialLR}).
   *
   * @param gamma what the rate is multiplied by; in (0, 1]
   */
  record Exponential(double gamma) implements Curve {
    public Exponential {
      requireFraction("gamma", gamma);
    }

    @Override
    public double factor(Position at) {
      return StrictMath.pow(gamma, at.epoch());
    }
  }

  /**
   * Rises along half a cosine to its full size and falls along another to almost nothing (Smith and
   * Topin 2018, "Super-Convergence"), step by step as PyTorch's {@code OneCycleLR} without cycling
   * the momentum.
   *
   * @param rise the part of the run in which the rate rises, in (0, 1)
   * @param begin what it begins with is the full size divided by this; at least 1
   * @param end what it ends with is what it began with divided by this; at least 1
   */
  record OneCycle(double rise, double begin, double end) implements Curve {
    public OneCycle {
      requireFraction("the part of the run in which the rate rises", rise);
      if (!(rise < 1 && begin >= 1 && end >= 1)) {
        throw new InputException(
            "a cycle rises in a part of the run below 1 and is divided by at least 1 at its ends; got "
                + "%s, %s and %s".formatted(rise, begin, end));
      }
    }

    @Override
    public double factor(Position at) {
      double step = at.step() - at.warmup();
      double top = rise * (at.total() - at.warmup()) - 1;
      double last = at.total() - at.warmup() - 1;
      double first = 1 / begin;
      return step <= top && top > 0
          ? between(first, 1, step / top)
          : between(1, first / end, (step - Math.max(top, 0)) / Math.max(last - top, 1));
    }

    private static double between(double from, double to, double part) {
      return to + (from - to) / 2 * (1 + StrictMath.cos(Math.PI * part));
    }
  }

  /**
   * Falls by a factor whenever the validation pictures show no progress any more (PyTorch's {@code
   * ReduceLROnPlateau}). It follows from the epochs that are done, so a resumed run goes on alike.
   *
   * @param metric that is watched
   * @param patience epochs without progress that are let pass; 0 or larger
   * @param gamma what the rate is multiplied by after that; in (0, 1]
   * @param threshold by which part of its value the metric must improve; 0 or larger
   * @param least the smallest factor; 0 or larger
   */
  record Plateau(Metric metric, int patience, double gamma, double threshold, double least)
      implements Curve {
    public Plateau {
      Require.atLeast(0, "the patience", patience);
      requireFraction("gamma", gamma);
      Require.notNegative("the least improvement", threshold);
      Require.notNegative("the smallest factor", least);
    }

    @Override
    public double factor(Position at) {
      double factor = 1;
      double best = 0;
      int waited = -1;
      for (EpochReport report : at.history()) {
        if (report.validation() != null) {
          double value = metric.of(report.validation());
          if (waited < 0 || metric.gain(value, best) > threshold * Math.abs(best)) {
            best = value;
            waited = 0;
          } else if (++waited > patience) {
            factor = Math.max(factor * gamma, least);
            waited = 0;
          }
        }
      }
      return factor;
    }
  }

  private static void requireFraction(String what, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new InputException(
          "%s must be larger than 0 and at most 1, was %s".formatted(what, value));
    }
  }
}
