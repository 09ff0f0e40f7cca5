package dev.depthwise.training;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import java.util.Arrays;
import java.util.Locale;

/** A number that says how good a network is on pictures it was not trained on. */
public enum Metric {
  /** The fraction of pictures whose class has the largest score. */
  TOP1(true) {
    @Override
    public double of(Scores scores) {
      return scores.top1();
    }
  },
  /** The fraction of pictures whose class is among the five largest scores; for six classes on. */
  TOP5(true) {
    @Override
    public double of(Scores scores) {
      Double top5 = scores.top5();
      if (top5 == null) {
        throw new InputException("top5 says nothing of five classes or fewer; try top1");
      }
      return top5;
    }
  },
  /** The mean cross entropy. */
  LOSS(false) {
    @Override
    public double of(Scores scores) {
      return scores.loss();
    }
  },
  /** How much of what was taken for a class is of that class, averaged over classes. */
  PRECISION(true) {
    @Override
    public double of(Scores scores) {
      return scores.precision();
    }
  },
  /** How much of a class was found, averaged over classes. */
  RECALL(true) {
    @Override
    public double of(Scores scores) {
      return scores.recall();
    }
  },
  /** The harmonic mean of a class's precision and recall, averaged over classes. */
  F1(true) {
    @Override
    public double of(Scores scores) {
      return scores.f1();
    }
  };

  private final boolean rising;

  Metric(boolean rising) {
    this.rising = rising;
  }

  /** Whether larger is better. */
  public boolean isRising() {
    return rising;
  }

  /**
   * The number itself.
   *
   * @throws InputException if it says nothing of so few classes
   */
  public abstract double of(Scores scores);

  /** By how much one value is better than another; negative if it is worse. */
  double gain(double value, double other) {
    return rising ? value - other : other - value;
  }

  /**
   * The metric of a name, such as {@code top1}.
   *
   * @throws InputException naming those that there are
   */
  public static Metric parse(String name) {
    for (Metric metric : values()) {
      if (metric.toString().equalsIgnoreCase(name)) {
        return metric;
      }
    }
    throw new InputException(
        "there is no metric '%s'; %s"
            .formatted(
                name, Names.suggest(name, Arrays.stream(values()).map(Metric::toString).toList())));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
