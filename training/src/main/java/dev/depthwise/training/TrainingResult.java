package dev.depthwise.training;

import dev.depthwise.network.Network;
import java.util.List;
import java.util.Optional;

/**
 * What a run came to.
 *
 * @param network of the last epoch, or of the best where the recipe's {@link Selection} says so,
 *     with the names of its classes; as it stands in the middle of an epoch if the run was
 *     cancelled
 * @param history all epochs in order, those of an earlier process included
 * @param best the (first) best epoch by the recipe's metric; none without validation
 * @param ending why the run ended
 */
public record TrainingResult(
    Network network, List<EpochReport> history, Optional<EpochReport> best, Ending ending) {
  /** Why a run ended. */
  public enum Ending {
    /** All epochs are done. */
    COMPLETED,
    /** Nothing got better for too long. */
    STOPPED_EARLY,
    /** Somebody asked for it; it can be resumed. */
    CANCELLED
  }

  public TrainingResult {
    history = List.copyOf(history);
  }
}
