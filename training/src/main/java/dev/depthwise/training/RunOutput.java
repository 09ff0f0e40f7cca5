package dev.depthwise.training;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Where a run leaves its results; {@link RunDirectory} says what lies there.
 *
 * @param directory made if it is not there
 * @param existing what to do with a run that is there already
 * @param checkpointEvery after how many steps there is a checkpoint, besides those after each
 *     epoch; empty for none
 */
public record RunOutput(Path directory, Existing existing, OptionalInt checkpointEvery) {
  /** What to do with a run that a directory holds already. */
  public enum Existing {
    /** Nothing: refuse to train. */
    REFUSE,
    /** Go on after its last whole checkpoint; begin if there is none. */
    RESUME,
    /** Remove it and begin. */
    OVERWRITE
  }

  public RunOutput {
    checkpointEvery.ifPresent(
        steps -> Require.atLeast(1, "the steps between two checkpoints", steps));
  }

  /** A new directory, or one that holds nothing. */
  public static RunOutput of(Path directory) {
    return new RunOutput(directory, Existing.REFUSE, OptionalInt.empty());
  }

  /** This output with another way to meet a run that is there. */
  public RunOutput withExisting(Existing other) {
    return new RunOutput(directory, other, checkpointEvery);
  }

  /** This output with a checkpoint after so many steps. */
  public RunOutput withCheckpointEvery(int steps) {
    return new RunOutput(directory, existing, OptionalInt.of(steps));
  }
}
