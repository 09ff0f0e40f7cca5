package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What may be chosen where ImageNet's validation pictures are evaluated. */
final class ImageNetOptions {
  @Option(
      names = "--truth",
      paramLabel = "FILE",
      description =
          "What the pictures show: lines NAME INDEX or NAME n01440764, Kaggle's"
              + " LOC_val_solution.csv, or the development kit's"
              + " ILSVRC2012_validation_ground_truth.txt.")
  @Nullable String truth;

  @Option(
      names = "--synsets",
      paramLabel = "FILE",
      description =
          "The classes in the order of the development kit, which its ground truth counts in: a"
              + " WordNet number a line.")
  @Nullable String synsets;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only so many of the pictures, spread over all of them.")
  @Nullable Integer limit;

  @Option(
      names = "--predictions",
      paramLabel = "FILE.csv",
      description = "Write a line for each picture: the answer, its probability, the right rank.")
  @Nullable String predictions;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description =
          "Where it is kept how far it is (default: in evaluations of the user's cache folder).")
  @Nullable String state;

  @Option(
      names = "--resume",
      description = "Go on with the same evaluation where it was broken off.")
  boolean resume;

  @Option(names = "--overwrite", description = "Forget one that was broken off; begin anew.")
  boolean overwrite;

  /**
   * Checks what can be checked before any work.
   *
   * @throws InputException if choices exclude each other or a target cannot be written
   */
  void check() {
    if (resume && overwrite) {
      throw new InputException("--resume goes on and --overwrite begins anew: choose one");
    }
    if (limit != null && limit < 1) {
      throw new InputException("--limit must be at least 1, was " + limit);
    }
    predictions();
  }

  /** The pictures that are meant. */
  ImageNetPictures pictures(Path folder, Screen screen) {
    ImageNetPictures all =
        ImageNetPictures.open(
            folder,
            Optional.ofNullable(truth).map(Models::path),
            Optional.ofNullable(synsets).map(Models::path),
            screen);
    return limit == null ? all : all.limited(limit);
  }

  Optional<Path> predictions() {
    return Optional.ofNullable(predictions).map(Targets::writable);
  }

  Optional<Path> state() {
    return Optional.ofNullable(state).map(Targets::writable);
  }

  /** Refuses every choice, for other data. */
  void refuse() {
    boolean given = Stream.of(truth, synsets, limit, predictions, state).anyMatch(Objects::nonNull);
    if (given || resume || overwrite) {
      throw new InputException(
          "--truth, --synsets, --limit, --predictions, --state, --resume and --overwrite are for"
              + " --data imagenet:DIR; leave them out");
    }
  }
}
