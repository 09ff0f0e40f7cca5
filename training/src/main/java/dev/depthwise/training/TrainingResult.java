package dev.depthwise.training;

import dev.depthwise.network.Network;
import java.util.List;
import java.util.Optional;

/**
 * What a run came to.
 *
 * @param network as it is after the last epoch, with the names of its classes
 * @param history all epochs in order, those of an earlier process included
 */
public record TrainingResult(Network network, List<EpochReport> history) {
  public TrainingResult {
    history = List.copyOf(history);
  }

  /** The (first) epoch with the largest validation accuracy; none without validation. */
  public Optional<EpochReport> best() {
    return best(history);
  }

  static Optional<EpochReport> best(List<EpochReport> history) {
    EpochReport best = null;
    double accuracy = -1;
    for (EpochReport report : history) {
      Double found = report.validationAccuracy();
      if (found != null && found > accuracy) {
        best = report;
        accuracy = found;
      }
    }
    return Optional.ofNullable(best);
  }
}
