package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a run descends, what it leaves, and what becomes of it when it is stopped. */
final class TrainOptionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path shared;
  private static Path pictures;

  @TempDir private Path folder;

  @BeforeAll
  static void draw() throws IOException {
    pictures = shared.resolve("pictures");
    Random random = new Random(7);
    for (String name : List.of("blue", "red")) {
      for (int index = 0; index < 16; index++) {
        EndToEndTest.write(pictures.resolve("train").resolve(name), index, name, random);
      }
    }
  }

  private static String[] arguments(Path out, Object... more) {
    Object[] given = {
      "train",
      "--model",
      "resnet20",
      "--data",
      "folder:" + pictures,
      "--out",
      out,
      "--batch",
      8,
      "--validation",
      0.25,
      "--threads",
      1
    };
    return Stream.concat(Arrays.stream(given), Arrays.stream(more))
        .map(String::valueOf)
        .toArray(String[]::new);
  }

  private static Outcome train(Path out, Object... more) {
    return Outcome.of((Object[]) arguments(out, more));
  }

  private static String command(Path out) throws IOException {
    JsonNode model = JSON.readTree(Files.readString(out.resolve("model.json")));
    return model.at("/provenance/command").asText();
  }

  @Test
  void memoryThatDoesNotSufficeIsOneLine() {
    Outcome outcome = train(folder.resolve("out"), "--epochs", 1, "--memory", "1m");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("the memory does not suffice").doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--optimizer adam --lr 0.002 --schedule poly --power 2.0 --warmup 0.0 --beta1 0.8",
        "--optimizer adamw --lr 0.001 --schedule one-cycle --warmup 0.0 --clip 1.0 --average 0.9",
        "--optimizer rmsprop --lr 0.001 --schedule exponential --gamma 0.9 --warmup 0.0"
            + " --momentum 0.5 --beta2 0.9",
        "--accumulate 2 --lr 0.1 --schedule plateau --gamma 0.5 --plateau-patience 1 --warmup 0.0"
            + " --momentum 0.9 --freeze layer1 --freeze layer2.0",
        "--lr 0.1 --schedule step --milestones 0.5,0.9 --warmup 0.0 --momentum 0.9"
            + " --freeze-all-but-head"
      })
  void whatIsAskedForIsDoneAndRecorded(String options) throws IOException {
    Path out = folder.resolve("out");
    Object[] given =
        Stream.concat(Stream.of("--epochs", "1"), Arrays.stream(options.split(" "))).toArray();
    train(out, given).succeeds();

    String command = command(out);
    assertThat(command).contains(options);
    Path again = folder.resolve("again");
    List<Object> recorded = new ArrayList<>(Arrays.asList((Object[]) command.split(" ")));
    Outcome.of(
            Stream.concat(recorded.subList(1, recorded.size()).stream(), Stream.of("--out", again))
                .toArray())
        .succeeds();
    assertThat(again.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(out.resolve("weights.safetensors"));
  }

  @Test
  void patienceStopsAndLeavesTheBest() throws IOException {
    Path out = folder.resolve("out");
    Outcome outcome =
        train(out, "--epochs", 50, "--patience", 1, "--min-delta", 10, "--metric", "loss")
            .succeeds();

    assertThat(outcome.out()).contains("It stopped early, after epoch 2.");
    assertThat(command(out)).contains("--metric loss --patience 1 --min-delta 10.0");
    assertThat(Files.readAllLines(out.resolve("metrics.csv")).get(0)).contains("validation_f1");
  }

  @Test
  void withoutValidationThereIsNoBest() {
    train(folder.resolve("out"), "--patience", 1, "--validation", 0).refuses("hold some out");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  @Timeout(240)
  void ctrlCFinishesTheStepAndTheRunGoesOnToTheSameBits() throws Exception {
    // So many that it is not over before the signal arrives, on a busy machine too.
    Object[] options = {"--epochs", 40, "--average", 0.9, "--optimizer", "adam"};
    Path undisturbed = folder.resolve("undisturbed");
    train(undisturbed, options).succeeds();
    Path out = folder.resolve("out");
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(child(arguments(out, options)))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    while (process.isAlive() && !Files.exists(out.resolve("checkpoints/epoch-0001/state.json"))) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();

    assertThat(process.waitFor()).as(Files.readString(said)).isEqualTo(130);
    assertThat(Files.readString(said))
        .contains("finishing this step", "the same command with --resume");
    assertThat(Files.exists(out.resolve("model.json"))).isFalse();
    train(out, Stream.concat(Stream.of("--resume"), Arrays.stream(options)).toArray()).succeeds();
    assertThat(out.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(undisturbed.resolve("weights.safetensors"));
  }

  private static List<String> child(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
