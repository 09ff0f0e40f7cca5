package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.depthwise.weights.ModelDirectory;
import dev.depthwise.weights.WriteException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A disk that is full after some bytes: as few as none, as many as the whole run needs. */
class FullDiskTest {
  private static final int EPOCHS = 4;
  private static final int BLOCK = 512;
  private static final int BLOCKS = 1024;

  private static TrainingRun run(Path out) {
    return Tiny.run(EPOCHS).withOutput(RunOutput.of(out).withExisting(RunOutput.Existing.RESUME));
  }

  @Test
  void wheneverItIsFullTheLastCheckpointStandsAndTheRunGoesOn() throws IOException {
    byte[] undisturbed;
    try (FileSystem disk = disk()) {
      Path out = disk.getPath("out");
      Trainer.fit(run(out), TrainingListener.NONE);
      undisturbed = Files.readAllBytes(out.resolve("weights.safetensors"));
    }
    int failures = 0;
    int resumed = 0;
    boolean enough = false;
    for (int free = 0; !enough; free += 4) {
      try (FileSystem disk = disk()) {
        Path ballast = disk.getPath("ballast");
        Files.write(ballast, new byte[(BLOCKS - free) * BLOCK]);
        Path out = disk.getPath("out");

        Throwable failure = catchThrowable(() -> Trainer.fit(run(out), TrainingListener.NONE));

        enough = failure == null;
        if (failure != null) {
          failures++;
          assertThat(failure).isInstanceOf(WriteException.class);
          assertThat(failure.getMessage())
              .doesNotContain("\n")
              .contains(out.toString())
              .containsAnyOf("out of disk space", "space on the disk");
          resumed += requireUsable(out) ? 1 : 0;
        }
        Files.delete(ballast);
        assertThat(Trainer.fit(run(out), TrainingListener.NONE).history()).hasSize(EPOCHS);
        assertThat(out.resolve("weights.safetensors")).hasBinaryContent(undisturbed);
        assertThat(names(out)).noneMatch(name -> name.endsWith(".tmp"));
      }
    }
    assertThat(failures).isGreaterThan(12);
    assertThat(resumed).isGreaterThan(6);
  }

  private static FileSystem disk() {
    return Jimfs.newFileSystem(
        Configuration.unix().toBuilder()
            .setBlockSize(BLOCK)
            .setMaxSize((long) BLOCK * BLOCKS)
            .build());
  }

  /** Whether there is a checkpoint; each one is whole. */
  private static boolean requireUsable(Path out) throws IOException {
    Path checkpoints = out.resolve("checkpoints");
    List<String> names = names(checkpoints);
    for (String name : names) {
      assertThat(name).startsWith("epoch-");
      assertThat(Checkpoint.read(checkpoints.resolve(name)).state().history()).isNotEmpty();
    }
    if (Files.exists(out.resolve("model.json"))) {
      assertThat(ModelDirectory.read(out).labels()).hasSize(3);
    }
    return !names.isEmpty();
  }

  private static List<String> names(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }
}
