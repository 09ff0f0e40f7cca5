package dev.depthwise.cli;

import dev.depthwise.catalogue.Cache;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The state of an evaluation on the disk, written over every now and then. */
final class KeptState {
  private static final String FOLDER = "evaluations";
  private static final long EVERY_NANOS = 10_000_000_000L;

  private final Path file;
  private final EvaluationState state;
  private final long every;
  private long written = System.nanoTime();

  KeptState(Path file, EvaluationState state, long everyNanos) {
    this.file = file;
    this.state = state;
    every = everyNanos;
  }

  /**
   * Finds the state that an earlier run has left, if it is to go on.
   *
   * @throws InputException if there is one and nobody said what to do with it, or it is of another
   *     evaluation
   */
  static KeptState open(ImageNetEvaluation evaluation, ImageNetOptions options, Screen screen) {
    Map<String, String> identity = evaluation.identity();
    Path file =
        options
            .state()
            .orElseGet(() -> Cache.usual().folder().resolveSibling(FOLDER).resolve(name(identity)));
    EvaluationState begun = new EvaluationState(identity, List.of());
    if (Files.exists(file) && !options.overwrite) {
      if (!options.resume) {
        throw new InputException(
            "%s: such an evaluation was broken off; --resume goes on with it, --overwrite begins anew"
                .formatted(file));
      }
      begun = EvaluationState.read(file);
      begun.require(identity, file);
      screen.note(
          "goes on after %,d of %,d pictures"
              .formatted(begun.scores().size(), evaluation.pictures().size()));
    }
    return new KeptState(file, begun, EVERY_NANOS);
  }

  /** What is evaluated names the file, but not how: other choices are to be complained of. */
  private static String name(Map<String, String> identity) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : List.of("model", "weights", "preprocessing", "pictures")) {
        digest.update((identity.get(part) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8) + ".json";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  Path file() {
    return file;
  }

  /** What there was to go on with; nothing done if nothing. */
  EvaluationState state() {
    return state;
  }

  /** Writes how far it is, unless that was done a moment ago. */
  void keep(EvaluationState now) {
    if (System.nanoTime() - written >= every) {
      now.write(file);
      written = System.nanoTime();
    }
  }

  /** Removes the file: everything is done. */
  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new InputException(Failures.message(e), e);
    }
  }
}
