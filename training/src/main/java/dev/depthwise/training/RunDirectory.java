package dev.depthwise.training;

import dev.depthwise.network.InputException;
import dev.depthwise.weights.ModelDirectory;
import dev.depthwise.weights.Publish;
import dev.depthwise.weights.WriteException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a run leaves on the disk.
 *
 * <pre>
 * OUT/model.json, weights.safetensors   the result: OUT is a model directory once the run is done
 * OUT/metrics.jsonl, metrics.csv        a line for each epoch
 * OUT/checkpoints/epoch-0003/           model.json, weights.safetensors: a model directory;
 *                                       optimizer.safetensors, state.json: what it takes to go on
 * OUT/checkpoints/epoch-0003-step-000120/   the same, 120 steps after the third epoch
 * OUT/tensorboard/                      event files, where they were asked for
 * </pre>
 *
 * <p>A checkpoint appears whole, by one rename, and older ones are removed after that: the last two
 * stay, and that of the best epoch. The result is the model after the last epoch, or of the best.
 * Names that begin with a dot are unfinished or a lock; the next run removes what is unfinished.
 */
public final class RunDirectory implements AutoCloseable {
  private static final String CHECKPOINTS = "checkpoints";
  private static final String TENSORBOARD = "tensorboard";
  private static final String LOCK_FILE = ".lock";
  private static final Pattern CHECKPOINT =
      Pattern.compile("epoch-(\\d{4,9})(?:-step-(\\d{6,9}))?");
  private static final Pattern LEFTOVER = Pattern.compile("\\.(.+)\\.[0-9a-f]{16}\\.(tmp|old)");
  private static final int KEPT = 2;

  /** What a run writes beside its checkpoints; the description first, for it makes a model. */
  private static final List<String> FILES =
      List.of(
          ModelDirectory.MODEL_FILE,
          ModelDirectory.WEIGHTS_FILE,
          Metrics.LINES_FILE,
          Metrics.TABLE_FILE);

  private final Path directory;
  private final FileChannel lock;

  private RunDirectory(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Where the model of a directory is: the directory itself where it is a model directory, the last
   * whole checkpoint of a run that is not done, else the directory as it was given.
   */
  public static Path model(Path directory) {
    if (ModelDirectory.isModelDirectory(directory)) {
      return directory;
    }
    NavigableMap<Place, Path> checkpoints = checkpoints(directory);
    return checkpoints.isEmpty() ? directory : checkpoints.lastEntry().getValue();
  }

  /** Where the event files of a run go. */
  public static Path tensorBoard(Path directory) {
    return directory.resolve(TENSORBOARD);
  }

  /**
   * Makes a directory ready for a run and keeps others out until it is closed.
   *
   * @throws InputException if it holds something that is in the way
   */
  static RunDirectory open(RunOutput output) {
    Path directory = output.directory();
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new InputException(
          directory + ": a file is there; give the name of a directory for the run");
    }
    RunDirectory opened = new RunDirectory(directory, lock(directory));
    try {
      opened.prepare(output.existing());
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static FileChannel lock(Path directory) {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() != null) {
          return channel;
        }
      } catch (OverlappingFileLockException ignored) {
        // Another run of this process; said below.
      }
      channel.close();
    } catch (IOException e) {
      throw new WriteException(
          "could not write to the directory %s: %s; check its permissions and the space on the disk"
              .formatted(directory, e.getClass().getSimpleName()),
          e);
    }
    throw new InputException(
        directory + ": another run is writing there; wait for it or give another directory");
  }

  private void prepare(RunOutput.Existing existing) {
    removeLeftovers();
    boolean holdsCheckpoint = !checkpoints(directory).isEmpty();
    boolean holdsRun =
        holdsCheckpoint || FILES.stream().anyMatch(name -> Files.exists(directory.resolve(name)));
    List<String> others =
        names(directory).stream()
            .filter(name -> !FILES.contains(name))
            .filter(name -> !Set.of(LOCK_FILE, CHECKPOINTS, TENSORBOARD).contains(name))
            .toList();
    switch (existing) {
      case REFUSE -> {
        if (holdsRun) {
          throw new InputException(
              "%s: holds a run or a model already; resume it, ask for it to be overwritten, or give another directory"
                  .formatted(directory));
        }
        requireNoOthers(others);
      }
      case RESUME -> {
        if (!holdsCheckpoint && holdsRun) {
          throw new InputException(
              directory + ": holds a model, but no checkpoint to resume; give another directory");
        }
        if (!holdsCheckpoint) {
          requireNoOthers(others);
        }
      }
      case OVERWRITE -> {
        FILES.forEach(name -> delete(directory.resolve(name)));
        checkpoints(directory).values().forEach(this::remove);
        delete(tensorBoard(directory));
      }
    }
  }

  private void requireNoOthers(List<String> others) {
    if (!others.isEmpty()) {
      throw new InputException(
          "%s: holds other files (%s); give an empty or a new directory"
              .formatted(directory, others.get(0)));
    }
  }

  /** The last whole checkpoint. */
  Optional<Path> newest() {
    return Optional.ofNullable(checkpoints(directory).lastEntry()).map(entry -> entry.getValue());
  }

  /** Where the run writes. */
  Path path() {
    return directory;
  }

  /**
   * Where in a run a checkpoint is.
   *
   * @param epochs that are done
   * @param steps that are done of the next
   */
  private record Place(int epochs, int steps) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return epochs == other.epochs
          ? Integer.compare(steps, other.steps)
          : Integer.compare(epochs, other.epochs);
    }

    @Override
    public String toString() {
      return "epoch-%04d".formatted(epochs) + (steps == 0 ? "" : "-step-%06d".formatted(steps));
    }
  }

  /** The checkpoint after an epoch, counted from 1. */
  Path checkpoint(int epoch) {
    return directory.resolve(CHECKPOINTS).resolve(new Place(epoch, 0).toString());
  }

  /**
   * Writes a checkpoint, then removes those that are not needed any more.
   *
   * @param best the epoch whose checkpoint stays; 0 for none
   */
  Path write(Checkpoint checkpoint, int best) {
    RunState state = checkpoint.state();
    RunState.Begun begun = state.begun();
    Place place = new Place(state.history().size(), begun == null ? 0 : begun.steps());
    Path target = directory.resolve(CHECKPOINTS).resolve(place.toString());
    if (Files.exists(target)) {
      // A run that is cancelled where it was resumed has nothing new to say.
      return target;
    }
    Publish.newDirectory(target, checkpoint::writeInto);
    Metrics.write(directory, state.history());
    NavigableMap<Place, Path> all = checkpoints(directory);
    all.values().stream()
        .limit(Math.max(0, all.size() - KEPT))
        .filter(path -> !path.equals(checkpoint(best)))
        .forEach(this::remove);
    return target;
  }

  /** Publishes the model of a checkpoint as the result. */
  void finish(Path checkpoint) {
    // The description last: it makes the directory a model directory, and names the weights'
    // digest.
    for (String name : List.of(ModelDirectory.WEIGHTS_FILE, ModelDirectory.MODEL_FILE)) {
      Publish.file(directory.resolve(name), file -> Files.copy(checkpoint.resolve(name), file));
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException ignored) {
      // Nothing was written to it.
    }
  }

  private static NavigableMap<Place, Path> checkpoints(Path directory) {
    NavigableMap<Place, Path> found = new TreeMap<>();
    Path checkpoints = directory.resolve(CHECKPOINTS);
    for (String name : names(checkpoints)) {
      Matcher matcher = CHECKPOINT.matcher(name);
      Path path = checkpoints.resolve(name);
      if (matcher.matches() && Files.exists(path.resolve(Checkpoint.STATE_FILE))) {
        String steps = matcher.group(2);
        found.put(
            new Place(
                Integer.parseInt(matcher.group(1)), steps == null ? 0 : Integer.parseInt(steps)),
            path);
      }
    }
    return found;
  }

  private void removeLeftovers() {
    for (String name : names(directory)) {
      Matcher matcher = LEFTOVER.matcher(name);
      if (matcher.matches() && FILES.contains(matcher.group(1))) {
        delete(directory.resolve(name));
      }
    }
    Path checkpoints = directory.resolve(CHECKPOINTS);
    for (String name : names(checkpoints)) {
      Matcher matcher = LEFTOVER.matcher(name);
      if (matcher.matches() && CHECKPOINT.matcher(matcher.group(1)).matches()) {
        delete(checkpoints.resolve(name));
      }
    }
  }

  /** Removes a checkpoint so that it never looks like a whole one while it goes. */
  private void remove(Path checkpoint) {
    Path hidden =
        checkpoint.resolveSibling(
            ".%s.%016x.old".formatted(checkpoint.getFileName(), System.nanoTime()));
    try {
      Files.move(checkpoint, hidden);
    } catch (IOException e) {
      throw new WriteException("could not remove the old checkpoint " + checkpoint, e);
    }
    delete(hidden);
  }

  private static void delete(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new WriteException("could not remove " + root, e);
    }
  }

  private static List<String> names(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    } catch (NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw new InputException(directory + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
