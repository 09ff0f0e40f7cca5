package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What train writes beside models: a search for a learning rate, files for TensorBoard. */
final class TrainCommandTest {
  @TempDir private static Path pictures;

  @TempDir private Path folder;

  @BeforeAll
  static void writePictures() throws IOException {
    Random random = new Random(3);
    for (String name : List.of("dark", "light")) {
      Path target = Files.createDirectories(pictures.resolve(name));
      for (int index = 0; index < 12; index++) {
        byte[] samples = new byte[64];
        for (int at = 0; at < samples.length; at++) {
          samples[at] = (byte) ((name.equals("dark") ? 20 : 100) + random.nextInt(100));
        }
        Files.write(
            target.resolve(index + ".png"), PictureWriter.png(Picture.of(8, 8, 1, samples)));
      }
    }
  }

  private static Outcome train(Path out, Object... more) {
    Object[] arguments = {
      "train",
      "--model",
      "resnet20",
      "--data",
      "folder:" + pictures,
      "--out",
      out,
      "--batch",
      4,
      "--epochs",
      1,
      "--threads",
      1
    };
    return Outcome.of(Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray());
  }

  @Test
  void findsALearningRateAndDrawsWhy() throws IOException {
    Path out = folder.resolve("a");
    Outcome outcome = train(out, "--find-lr").succeeds();

    Path page = folder.resolve("a-learning-rate.html");
    assertThat(outcome.out())
        .containsPattern("learning rate +loss")
        .contains("      1.0e-07  ", "Suggested: --lr ", page.toString());
    assertThat(Files.readString(page))
        .startsWith("<!doctype html>")
        .contains("<svg ", "curve residual measured", "class=\"mark\"", "--lr ", "Smith 2017")
        .doesNotContain("NaN", "Infinity", "<script", "http://", "https://");
    assertThat(out).doesNotExist();
  }

  @Test
  void tellsProgramsEveryPointAndLeavesARunAlone() throws IOException {
    Path out = folder.resolve("a");
    train(out).succeeds();
    byte[] weights = Files.readAllBytes(out.resolve("weights.safetensors"));

    JsonNode found =
        new ObjectMapper().readTree(train(out, "--find-lr", "--json").succeeds().out());

    assertThat(found.get("event").asText()).isEqualTo("learningRates");
    assertThat(found.get("steepest").asDouble()).isBetween(1e-7, 10.0);
    assertThat(found.get("points")).hasSizeBetween(40, 100);
    assertThat(found.get("points").get(0).get("learningRate").asDouble()).isEqualTo(1e-7);
    assertThat(Files.readAllBytes(out.resolve("weights.safetensors"))).isEqualTo(weights);
  }

  @Test
  void writesForTensorBoardIfAsked() throws IOException {
    Path out = folder.resolve("a");
    train(out).succeeds();
    assertThat(out.resolve("tensorboard")).doesNotExist();

    train(out, "--overwrite", "--tensorboard").succeeds();
    for (String part : List.of("training", "validation")) {
      try (Stream<Path> files = Files.list(out.resolve("tensorboard").resolve(part))) {
        assertThat(files)
            .singleElement()
            .satisfies(file -> assertThat(file.getFileName().toString()).contains("tfevents"))
            .satisfies(file -> assertThat(Files.size(file)).isGreaterThan(100));
      }
    }
    train(out, "--resume").succeeds();
  }
}
