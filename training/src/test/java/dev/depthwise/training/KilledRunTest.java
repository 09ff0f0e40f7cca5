package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.weights.ModelDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that trains is killed like by {@code kill -9}, again and again, and resumed.
 *
 * <p>The process says in a line what it has come to, and goes on when it is answered. So a kill
 * comes between two events that the test chooses, whatever the speed of the machine, and within
 * them at a moment that nobody chooses: while a checkpoint is read, in a step, while a checkpoint
 * is written or an old one removed, while the result is published.
 */
class KilledRunTest {
  private static final int EPOCHS = 30;
  private static final int KILLS = 20;
  private static final int MOST_EVENTS = 16;
  private static final int MOST_MICROSECONDS = 20_000;

  @TempDir Path folder;

  private enum Event {
    BEGIN,
    START,
    STEP,
    EPOCH,
    CHECKPOINT,
    END
  }

  /** What the process does: resume, or begin. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      say(Event.BEGIN);
      Trainer.fit(
          run(Path.of(arguments[0])),
          new TrainingListener() {
            @Override
            public void onStart(TrainingRun run, List<EpochReport> history) {
              say(Event.START);
            }

            @Override
            public void onStep(StepReport report, TrainingView view) {
              say(Event.STEP);
            }

            @Override
            public void onEpoch(EpochReport report) {
              say(Event.EPOCH);
            }

            @Override
            public void onCheckpoint(Path directory) {
              say(Event.CHECKPOINT);
            }

            @Override
            public void onEnd(TrainingResult result) {
              say(Event.END);
            }
          });
    }

    private static void say(Event event) {
      System.out.println(event);
      try {
        if (System.in.read() < 0) {
          throw new IllegalStateException("the test has gone");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static TrainingRun run(Path out) {
    return Tiny.run(EPOCHS).withOutput(RunOutput.of(out).withExisting(RunOutput.Existing.RESUME));
  }

  @Test
  @Timeout(300)
  void killedAtTwentyMomentsAndResumedItEndsToTheBitAsIfUndisturbed() throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    Trainer.fit(run(undisturbed), TrainingListener.NONE);
    Path out = folder.resolve("out");
    Random random = new Random(5);

    for (int kill = 0; kill < KILLS; kill++) {
      int events = random.nextInt(MOST_EVENTS);
      // Most of the time goes into steps; every other kill is for what touches the disk.
      Event last = kill % 2 == 0 ? Event.EPOCH : null;
      killAfter(out, events, last, random.nextInt(MOST_MICROSECONDS));
      requireUsable(out);
    }
    TrainingResult result = Trainer.fit(run(out), TrainingListener.NONE);

    assertThat(result.history()).hasSize(EPOCHS);
    requireSame(out, undisturbed);
  }

  @Test
  @Timeout(120)
  void killedWhileItsResultIsPublishedItPublishesItAgain() throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    Trainer.fit(run(undisturbed), TrainingListener.NONE);
    Path out = folder.resolve("out");
    Trainer.fit(run(out), TrainingListener.NONE);
    Random random = new Random(6);

    for (int kill = 0; kill < 3; kill++) {
      killAfter(out, 0, Event.START, random.nextInt(MOST_MICROSECONDS));
      requireUsable(out);
    }
    Trainer.fit(run(out), TrainingListener.NONE);

    requireSame(out, undisturbed);
  }

  /** Kills a process after so many events, or after the first one from there on of this kind. */
  private static void killAfter(Path out, int events, @Nullable Event last, int microseconds)
      throws Exception {
    Path complaint = out.resolveSibling("complaint.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                out.toString())
            .redirectError(complaint.toFile())
            .start();
    try (BufferedReader reader = process.inputReader()) {
      Event event;
      int count = 0;
      do {
        String said = reader.readLine();
        assertThat(said)
            .as("the process ended by itself; it said: " + Files.readString(complaint))
            .isNotNull();
        event = Event.valueOf(said);
        process.getOutputStream().write(0);
        process.getOutputStream().flush();
      } while (count++ < events || (last != null && event != last));
      TimeUnit.MICROSECONDS.sleep(microseconds);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static List<String> names(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** Whatever is there by its own name is whole. */
  private static void requireUsable(Path out) throws IOException {
    Path checkpoints = out.resolve("checkpoints");
    for (String name : names(checkpoints)) {
      if (!name.startsWith(".")) {
        assertThat(Checkpoint.read(checkpoints.resolve(name)).state().history()).isNotEmpty();
      }
    }
    if (Files.exists(out.resolve("model.json"))) {
      assertThat(ModelDirectory.read(out).labels()).hasSize(3);
    }
  }

  /** The result, the checkpoints with what the optimiser remembers, and no epoch told twice. */
  private static void requireSame(Path out, Path undisturbed) throws IOException {
    assertThat(out.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(undisturbed.resolve("weights.safetensors"));
    List<String> checkpoints = names(undisturbed.resolve("checkpoints"));
    assertThat(names(out.resolve("checkpoints"))).isEqualTo(checkpoints);
    for (String checkpoint : checkpoints) {
      for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
        Path path = Path.of("checkpoints", checkpoint, file);
        assertThat(out.resolve(path)).hasSameBinaryContentAs(undisturbed.resolve(path));
      }
    }
    assertThat(names(out)).isEqualTo(names(undisturbed));
    assertThat(Files.readAllLines(out.resolve("metrics.jsonl"))).hasSize(EPOCHS);
  }
}
