package dev.depthwise.training;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which epoch is the best, and what follows from it.
 *
 * @param metric of the validation pictures that decides
 * @param restoreBest whether the result is the network of the best epoch, not of the last
 * @param patience after how many epochs without a better one the run stops early; empty for never
 * @param minDelta by how much the metric must improve for patience to begin anew; 0 or larger
 */
public record Selection(Metric metric, boolean restoreBest, OptionalInt patience, double minDelta) {
  public Selection {
    patience.ifPresent(epochs -> Require.atLeast(1, "the patience", epochs));
    Require.notNegative("the least improvement", minDelta);
  }

  /** Runs to the end, and keeps the last epoch; the metric says which was best. */
  public static Selection last(Metric metric) {
    return new Selection(metric, false, OptionalInt.empty(), 0);
  }

  /** Runs to the end, and keeps the best epoch. */
  public static Selection best(Metric metric) {
    return new Selection(metric, true, OptionalInt.empty(), 0);
  }

  /** This selection, stopping early. */
  public Selection withPatience(int epochs, double leastImprovement) {
    return new Selection(metric, restoreBest, OptionalInt.of(epochs), leastImprovement);
  }

  /** Whether anything of it needs validation pictures. */
  boolean needsValidation() {
    return restoreBest || patience.isPresent();
  }

  /** The (first) best epoch; none without validation. */
  Optional<EpochReport> best(List<EpochReport> history) {
    EpochReport best = null;
    double value = 0;
    for (EpochReport report : history) {
      if (report.validation() != null) {
        double found = metric.of(report.validation());
        if (best == null || metric.gain(found, value) > 0) {
          best = report;
          value = found;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** Whether patience has run out. */
  boolean isOver(List<EpochReport> history) {
    if (patience.isEmpty()) {
      return false;
    }
    double best = 0;
    int waited = -1;
    for (EpochReport report : history) {
      if (report.validation() != null) {
        double value = metric.of(report.validation());
        if (waited < 0 || metric.gain(value, best) > minDelta) {
          best = value;
          waited = 0;
        } else {
          waited++;
        }
        if (waited >= patience.getAsInt()) {
          return true;
        }
      }
    }
    return false;
  }
}
