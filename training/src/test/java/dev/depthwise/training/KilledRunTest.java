package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.weights.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that trains is killed like by {@code kill -9}, again and again. */
class KilledRunTest {
  private static final int EPOCHS = 12;

  @TempDir Path folder;

  /** What the process does: resume, or begin. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Trainer.fit(run(Path.of(arguments[0])), TrainingListener.NONE);
    }
  }

  private static TrainingRun run(Path out) {
    return Tiny.run(EPOCHS).withOutput(RunOutput.of(out).withExisting(RunOutput.Existing.RESUME));
  }

  @Test
  @Timeout(180)
  void killedAtAnyMomentAndResumedItEndsToTheBitAsIfUndisturbed() throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    Trainer.fit(run(undisturbed), TrainingListener.NONE);
    Path out = folder.resolve("out");
    Random random = new Random(5);

    // A checkpoint that is half written is seen from outside by its hidden name.
    killWhen(out, () -> holdsHidden(out.resolve("checkpoints")));
    requireUsable(out);
    for (int kill = 0; kill < 3; kill++) {
      long moment = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(600 + random.nextInt(900));
      killWhen(out, () -> System.nanoTime() > moment);
      requireUsable(out);
    }
    TrainingResult result = Trainer.fit(run(out), TrainingListener.NONE);

    assertThat(result.history()).hasSize(EPOCHS);
    assertThat(out.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(undisturbed.resolve("weights.safetensors"));
    assertThat(holdsHidden(out.resolve("checkpoints"))).isFalse();
  }

  private interface Moment {
    boolean hasCome() throws IOException;
  }

  private static void killWhen(Path out, Moment moment) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                out.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.resolveSibling("child.txt").toFile())
            .start();
    while (process.isAlive() && !moment.hasCome()) {
      Thread.onSpinWait();
      TimeUnit.MICROSECONDS.sleep(200);
    }
    process.destroyForcibly().waitFor();
  }

  private static boolean holdsHidden(Path directory) throws IOException {
    return Files.isDirectory(directory)
        && names(directory).stream().anyMatch(name -> name.startsWith("."));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }

  /** Whatever is there by its own name is whole. */
  private static void requireUsable(Path out) throws IOException {
    Path checkpoints = out.resolve("checkpoints");
    if (Files.isDirectory(checkpoints)) {
      for (String name : names(checkpoints)) {
        if (!name.startsWith(".")) {
          assertThat(Checkpoint.read(checkpoints.resolve(name)).state().history()).isNotEmpty();
        }
      }
    }
    if (Files.exists(out.resolve("model.json"))) {
      assertThat(ModelDirectory.read(out).labels()).hasSize(3);
    }
  }
}
