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
  private static final int EPOCHS = 60;

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
    Path checkpoints = out.resolve("checkpoints");
    Random random = new Random(5);

    // A checkpoint that is half written is seen from outside by its hidden name.
    killWhen(out, () -> names(checkpoints).stream().anyMatch(name -> name.startsWith(".")));
    requireUsable(out);
    for (int kill = 0; kill < 3; kill++) {
      int epoch = newest(checkpoints) + 2;
      killWhen(out, () -> newest(checkpoints) >= epoch);
      requireUsable(out);
      killWhen(out, () -> newest(checkpoints) > epoch && random.nextInt(100) == 0);
      requireUsable(out);
    }
    TrainingResult result = Trainer.fit(run(out), TrainingListener.NONE);

    assertThat(result.history()).hasSize(EPOCHS);
    assertThat(out.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(undisturbed.resolve("weights.safetensors"));
    assertThat(names(checkpoints)).noneMatch(name -> name.startsWith("."));
  }

  private interface Moment {
    boolean hasCome() throws IOException;
  }

  private static void killWhen(Path out, Moment moment) throws Exception {
    Path said = out.resolveSibling("child.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                out.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean hasCome = false;
    while (process.isAlive() && !hasCome) {
      TimeUnit.MICROSECONDS.sleep(100);
      hasCome = moment.hasCome();
    }
    process.destroyForcibly().waitFor();
    assertThat(hasCome).as("killed before its end; it said: " + Files.readString(said)).isTrue();
  }

  /** The epoch of the last whole checkpoint. */
  private static int newest(Path checkpoints) throws IOException {
    return names(checkpoints).stream()
        .filter(name -> name.startsWith("epoch-"))
        .mapToInt(name -> Integer.parseInt(name.substring("epoch-".length())))
        .max()
        .orElse(0);
  }

  private static List<String> names(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).toList();
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
}
