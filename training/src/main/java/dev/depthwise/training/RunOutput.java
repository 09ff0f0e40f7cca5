package dev.depthwise.training;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a run leaves its results; {@link RunDirectory} says what lies there.
 *
 * @param directory made if it is not there
 * @param existing what to do with a run that is there already
 * @param provenance said in every model that the run writes: the command, where the data came from
 */
public record RunOutput(Path directory, Existing existing, Map<String, String> provenance) {
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
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
  }

  /** A new directory, or one that holds nothing. */
  public static RunOutput of(Path directory) {
    return new RunOutput(directory, Existing.REFUSE, Map.of());
  }

  /** This output with another way to meet a run that is there. */
  public RunOutput withExisting(Existing other) {
    return new RunOutput(directory, other, provenance);
  }

  /** This output with other words about where the models come from. */
  public RunOutput withProvenance(Map<String, String> other) {
    return new RunOutput(directory, existing, other);
  }
}
