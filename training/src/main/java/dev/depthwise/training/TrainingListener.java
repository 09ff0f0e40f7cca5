package dev.depthwise.training;

import java.nio.file.Path;
import java.util.List;

/**
 * Watches a run. Called on the training thread; what it throws ends the run, and what is on the
 * disk stays.
 */
public interface TrainingListener {
  /** Looks away. */
  TrainingListener NONE = new TrainingListener() {};

  /** This listener, and after it another one that hears the same. */
  default TrainingListener and(TrainingListener next) {
    return new BothListeners(this, next);
  }

  /**
   * The run begins, or goes on.
   *
   * @param history the epochs that an earlier process did; empty if the run begins
   */
  default void onStart(TrainingRun run, List<EpochReport> history) {}

  /** A remark for the person who trains, one line. */
  default void onNote(String note) {}

  /**
   * A step is done.
   *
   * @param view reads the parameters and their gradients; valid during the call
   */
  default void onStep(StepReport report, TrainingView view) {}

  /** Validation goes on: so many of so many pictures. */
  default void onValidation(int done, int total) {}

  /** An epoch is done; its checkpoint is not yet written. */
  default void onEpoch(EpochReport report) {}

  /** A checkpoint stands. */
  default void onCheckpoint(Path directory) {}

  /** The run is done and its result stands. */
  default void onEnd(TrainingResult result) {}
}
