package dev.depthwise.training;

import java.nio.file.Path;

/**
 * Where a run leaves its results; {@link RunDirectory} says what lies there.
 *
 * @param directory made if it is not there
 * @param existing what to do with a run that is there already
 */
public record RunOutput(Path directory, Existing existing) {
  /** What to do with a run that a directory holds already. */
  public enum Existing {
    /** Nothing: refuse to train. */
    REFUSE,
    /** Go on after its last whole checkpoint; begin if there is none. */
    RESUME,
    /** Remove it and begin. */
    OVERWRITE
  }

  /** A new directory, or one that holds nothing. */
  public static RunOutput of(Path directory) {
    return new RunOutput(directory, Existing.REFUSE);
  }

  /** This output with another way to meet a run that is there. */
  public RunOutput withExisting(Existing other) {
    return new RunOutput(directory, other);
  }
}
