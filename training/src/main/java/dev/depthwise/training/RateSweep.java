package dev.depthwise.training;

import dev.depthwise.vision.Batches;
import dev.depthwise.vision.Preprocessor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a learning-rate range test found (Smith 2017, "Cyclical Learning Rates for Training Neural
 * Networks", section 3.3): the loss while the rate rises from step to step, until it explodes.
 *
 * <p>The two suggestions and the end are those of fastai's {@code lr_find}. Its smoothing is not: a
 * running mean as slow as that lags behind by half the test, and with it what is suggested; here a
 * loss is smoothed with those before and after it.
 *
 * @param rates that were to be tried
 * @param points those that were, in order; fewer, where the loss exploded
 */
public record RateSweep(LearningRates rates, List<Point> points) {
  private static final double MEMORY = 0.9;
  private static final double EXPLOSION = 4;
  private static final int REACH = 4;
  private static final double FALLEN = 0.95;

  public RateSweep {
    points = List.copyOf(points);
  }

  /**
   * A step of the test.
   *
   * @param learningRate of the step
   * @param loss of the step's pictures before it, in nats
   */
  public record Point(double learningRate, double loss) {}

  /** Hears how far the test is. */
  @FunctionalInterface
  public interface Progress {
    /** Does not listen. */
    Progress NONE = (done, total, point) -> {};

    /** So many of so many steps are done, and what the last came to. */
    void at(int done, int total, Point point);
  }

  /**
   * Tries learning rates on a run's network, pictures and optimiser. Neither the run's schedule nor
   * its rate plays a part, and nothing is written to its output.
   *
   * @throws DivergenceException if already the first step leads nowhere
   */
  public static RateSweep of(TrainingRun run, LearningRates rates, Progress progress) {
    Recipe recipe = run.recipe();
    int size = run.train().size();
    boolean dropLast = size > recipe.batch();
    Batches.Options options =
        new Batches.Options(
            recipe.batch(), true, dropLast, recipe.seed(), Evaluation.preparingThreads());
    int batches = options.count(size);
    int together = Math.min(recipe.descent().accumulation(), batches);
    int pictures = dropLast ? together * recipe.batch() : size;
    Losses losses = new Losses();
    try (Learner learner = new Learner(run)) {
      for (int epoch = 0; !losses.isDone(rates); epoch++) {
        try (Batches prepared =
            new Batches(
                run.train(),
                new Preprocessor(run.network().preprocessing()),
                recipe.augmentation(),
                options,
                epoch,
                0)) {
          for (int step = 0; step < batches / together && !losses.isDone(rates); step++) {
            int number = losses.points.size();
            double rate = rates.at(number);
            try {
              losses.add(
                  rate, learner.step(prepared, pictures, number, rate, new Learner.Sums()).loss());
              progress.at(number + 1, rates.steps(), losses.points.get(number));
            } catch (Learner.DivergedException diverged) {
              losses.diverged(diverged);
            }
          }
        }
      }
    }
    return new RateSweep(rates, losses.points);
  }

  /** The losses so far. */
  private static final class Losses {
    final List<Point> points = new ArrayList<>();
    boolean exploded;
    private double sum;
    private double best = Double.POSITIVE_INFINITY;

    void diverged(Learner.DivergedException diverged) {
      if (points.isEmpty()) {
        throw new DivergenceException(
            "no learning rate can be tried: in the first step " + diverged.getMessage(),
            diverged.where().map(Divergence::layer).orElse(""));
      }
      exploded = true;
    }

    void add(double rate, double loss) {
      points.add(new Point(rate, loss));
      sum = MEMORY * sum + (1 - MEMORY) * loss;
      double mean = sum / (1 - Math.pow(MEMORY, points.size()));
      best = Math.min(best, mean);
      exploded = mean > EXPLOSION * best;
    }

    boolean isDone(LearningRates rates) {
      return exploded || points.size() == rates.steps();
    }
  }

  /** Whether the test ended before its last rate because the loss exploded. */
  public boolean exploded() {
    return points.size() < rates.steps();
  }

  /** The loss of each point, as a mean of it and its neighbours, the nearer the more. */
  public List<Double> smoothed() {
    List<Double> smoothed = new ArrayList<>();
    for (int at = 0; at < points.size(); at++) {
      double sum = 0;
      double weights = 0;
      int last = Math.min(points.size() - 1, at + REACH);
      for (int near = Math.max(0, at - REACH); near <= last; near++) {
        double weight = REACH + 1 - Math.abs(near - at);
        sum += weight * points.get(near).loss();
        weights += weight;
      }
      smoothed.add(sum / weights);
    }
    return smoothed;
  }

  /**
   * The rate at which the smoothed loss falls most steeply on its way to its lowest; empty if it
   * falls by less than a twentieth.
   */
  public OptionalDouble steepest() {
    List<Double> smoothed = smoothed();
    OptionalDouble rate = OptionalDouble.empty();
    double steepest = 0;
    for (int at = 0; at < lowest(smoothed); at++) {
      double rise = smoothed.get(at + 1) - smoothed.get(at);
      if (rise < steepest) {
        steepest = rise;
        rate = OptionalDouble.of(points.get(at).learningRate());
      }
    }
    return rate;
  }

  /**
   * A tenth of the rate at which the smoothed loss is lowest; empty if it falls by less than a
   * twentieth.
   */
  public OptionalDouble tenthOfLowest() {
    int lowest = lowest(smoothed());
    return lowest == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(points.get(lowest).learningRate() / 10);
  }

  /** Where the loss is lowest; 0 if that is hardly below its beginning. */
  private static int lowest(List<Double> smoothed) {
    int lowest = 0;
    for (int at = 1; at < smoothed.size(); at++) {
      lowest = smoothed.get(at) < smoothed.get(lowest) ? at : lowest;
    }
    return smoothed.isEmpty() || smoothed.get(lowest) > FALLEN * smoothed.get(0) ? 0 : lowest;
  }
}
