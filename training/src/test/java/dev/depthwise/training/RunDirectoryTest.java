package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.weights.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path folder;

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static TrainingListener stopAfter(int epoch) {
    return new TrainingListener() {
      @Override
      public void onCheckpoint(Path directory) {
        if (directory.endsWith("epoch-%04d".formatted(epoch))) {
          throw new Stopped();
        }
      }
    };
  }

  private Path out() {
    return folder.resolve("out");
  }

  private TrainingRun run(RunOutput.Existing existing) {
    return Tiny.run(4).withOutput(RunOutput.of(out()).withExisting(existing));
  }

  private void stopAfterTwo() {
    assertThatThrownBy(() -> Trainer.fit(run(RunOutput.Existing.REFUSE), stopAfter(2)))
        .isInstanceOf(Stopped.class);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aRunEndsAsAModelDirectory() {
    TrainingResult result =
        Trainer.fit(Tiny.run(2).withOutput(RunOutput.of(out())), TrainingListener.NONE);

    Network network = ModelDirectory.read(RunDirectory.model(out()));
    assertThat(network).isEqualTo(result.network());
    assertThat(network.labels()).containsExactly("lying", "standing", "neither");
    assertThat(network.preprocessing()).isEqualTo(Tiny.PREPROCESSING);
    assertThat(network.provenance()).containsEntry("data", "stripes");
    assertThat(network.metrics())
        .containsEntry("validation_accuracy", result.history().get(1).validationAccuracy());
    assertThat(network.model().graph()).isEqualTo(Tiny.graph());
  }

  @Test
  void beforeItsEndTheNewestCheckpointIsTheModel() {
    stopAfterTwo();

    assertThat(ModelDirectory.isModelDirectory(out())).isFalse();
    assertThat(RunDirectory.model(out())).isEqualTo(out().resolve("checkpoints/epoch-0002"));
    assertThat(ModelDirectory.read(RunDirectory.model(out())).metrics())
        .containsEntry("epoch", 2.0);
  }

  @Test
  void resumedItEndsToTheBitAsIfUndisturbed() throws IOException {
    Path undisturbed = folder.resolve("undisturbed");
    Trainer.fit(Tiny.run(4).withOutput(RunOutput.of(undisturbed)), TrainingListener.NONE);
    stopAfterTwo();

    TrainingResult result = Trainer.fit(run(RunOutput.Existing.RESUME), TrainingListener.NONE);

    assertThat(result.history()).extracting(EpochReport::epoch).containsExactly(1, 2, 3, 4);
    assertThat(out().resolve("weights.safetensors"))
        .hasSameBinaryContentAs(undisturbed.resolve("weights.safetensors"));
    assertThat(out().resolve("checkpoints/epoch-0004/optimizer.safetensors"))
        .hasSameBinaryContentAs(
            undisturbed.resolve("checkpoints/epoch-0004/optimizer.safetensors"));
    assertThat(Files.readAllLines(out().resolve("metrics.jsonl"))).hasSize(4);
    List<String> table = Files.readAllLines(out().resolve("metrics.csv"));
    assertThat(table).hasSize(5);
    assertThat(table.get(0))
        .startsWith("epoch,learning_rate,training_loss,training_accuracy,validation_loss");
    assertThat(table.get(3)).startsWith("3,");
  }

  @Test
  void writingMakesNoDifference() {
    Trainer.fit(Tiny.run(2).withOutput(RunOutput.of(out())), TrainingListener.NONE);
    TrainingResult unwritten = Trainer.fit(Tiny.run(2), TrainingListener.NONE);

    Network network = ModelDirectory.read(out());
    unwritten
        .network()
        .model()
        .weights()
        .tensors()
        .forEach(
            (key, tensor) ->
                assertThat(network.model().weights().get(key).toArray())
                    .isEqualTo(tensor.toArray()));
  }

  @Test
  void theBestEpochIsTheResultWhereAskedForResumedOrNot() throws IOException {
    TrainingRun run = run(RunOutput.Existing.RESUME);
    TrainingRun choosy =
        new TrainingRun(
            run.network(),
            run.train(),
            run.validation(),
            // So fast that it gets worse.
            run.recipe()
                .withLearningRate(3)
                .withSchedule(Schedule.constant())
                .withSelection(Selection.best(Metric.LOSS)),
            run.engine(),
            run.threads(),
            run.memory(),
            run.output());
    assertThatThrownBy(() -> Trainer.fit(choosy, stopAfter(3))).isInstanceOf(Stopped.class);
    TrainingResult result = Trainer.fit(choosy, TrainingListener.NONE);

    int best = result.best().orElseThrow().epoch();
    assertThat(best).isLessThan(4);
    assertThat(out().resolve("weights.safetensors"))
        .hasSameBinaryContentAs(
            out().resolve("checkpoints/epoch-%04d/weights.safetensors".formatted(best)));
    assertThat(ModelDirectory.read(out()).model().weights())
        .isEqualTo(result.network().model().weights());
    assertThat(Trainer.fit(choosy, TrainingListener.NONE).network().model().weights())
        .isEqualTo(result.network().model().weights());
  }

  @Test
  void aFinishedRunResumedIsLeftAsItIs() throws IOException {
    Trainer.fit(run(RunOutput.Existing.REFUSE), TrainingListener.NONE);
    byte[] weights = Files.readAllBytes(out().resolve("weights.safetensors"));

    TrainingResult result =
        Trainer.fit(
            run(RunOutput.Existing.RESUME),
            new TrainingListener() {
              @Override
              public void onStep(StepReport report, TrainingView view) {
                throw new AssertionError("nothing is left to do");
              }
            });

    assertThat(result.history()).hasSize(4);
    assertThat(Files.readAllBytes(out().resolve("weights.safetensors"))).isEqualTo(weights);
  }

  @Test
  void theLastTwoCheckpointsAndTheBestStay() throws IOException {
    TrainingResult result =
        Trainer.fit(Tiny.run(6).withOutput(RunOutput.of(out())), TrainingListener.NONE);

    assertThat(names(out().resolve("checkpoints")))
        .containsExactlyElementsOf(
            Stream.of(result.best().orElseThrow().epoch(), 5, 6)
                .distinct()
                .sorted()
                .map("epoch-%04d"::formatted)
                .toList());
  }

  @Test
  void aRunIsNeitherOverwrittenNorResumedUnasked() {
    stopAfterTwo();

    assertThatThrownBy(() -> Trainer.fit(run(RunOutput.Existing.REFUSE), TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(out().toString())
        .hasMessageContaining("resume it");
    assertThat(RunDirectory.model(out())).isEqualTo(out().resolve("checkpoints/epoch-0002"));
  }

  @Test
  void overwritingBeginsAnew() throws IOException {
    stopAfterTwo();

    TrainingResult result =
        Trainer.fit(
            Tiny.run(1).withOutput(RunOutput.of(out()).withExisting(RunOutput.Existing.OVERWRITE)),
            TrainingListener.NONE);

    assertThat(result.history()).hasSize(1);
    assertThat(names(out().resolve("checkpoints"))).containsExactly("epoch-0001");
  }

  @Test
  void otherPeoplesFilesAreInTheWay() throws IOException {
    Files.createDirectories(out());
    Files.writeString(out().resolve("thesis.tex"), "x");

    for (RunOutput.Existing existing :
        List.of(RunOutput.Existing.REFUSE, RunOutput.Existing.RESUME)) {
      assertThatThrownBy(() -> Trainer.fit(run(existing), TrainingListener.NONE))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("thesis.tex");
    }
  }

  @Test
  void resumingNothingBegins() {
    assertThat(Trainer.fit(run(RunOutput.Existing.RESUME), TrainingListener.NONE).history())
        .hasSize(4);
  }

  @Test
  void whatDiffersIsNamed() {
    stopAfterTwo();

    requireRefused(recipe -> recipe.withSeed(8), "seed 7, but now it is 8");
    requireRefused(recipe -> recipe.withBatch(8), "batch 16, but now it is 8");
    requireRefused(recipe -> recipe.withLearningRate(0.2), "learning rate 0.1, but now it is 0.2");
    requireRefused(
        recipe -> recipe.withSchedule(Schedule.constant()),
        "schedule Cosine, but now it is Constant");
    requireRefused(recipe -> recipe.withLabelSmoothing(0), "label smoothing");
    requireRefused(recipe -> recipe.withOptimizer(Sgd.of(0.9, Decay.none())), "optimizer");
  }

  private void requireRefused(UnaryOperator<Recipe> change, String reason) {
    TrainingRun run = run(RunOutput.Existing.RESUME);
    TrainingRun other =
        new TrainingRun(
            run.network(),
            run.train(),
            run.validation(),
            change.apply(run.recipe()),
            run.engine(),
            run.threads(),
            run.memory(),
            run.output());
    assertThatThrownBy(() -> Trainer.fit(other, TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void otherPicturesAndOtherWeightsAreNamed() {
    stopAfterTwo();
    TrainingRun run = run(RunOutput.Existing.RESUME);

    assertThatThrownBy(
            () -> Trainer.fit(run.withValidation(new Tiny.Stripes(21)), TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("validation pictures 20, but now it is 21");
    TrainingRun others =
        new TrainingRun(
            Tiny.network(Initialization.initialize(Tiny.graph(), 99)),
            run.train(),
            run.validation(),
            run.recipe(),
            run.engine(),
            run.threads(),
            run.memory(),
            run.output());
    assertThatThrownBy(() -> Trainer.fit(others, TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("initial weights");
  }

  @Test
  void aDamagedCheckpointIsNamed() throws IOException {
    stopAfterTwo();
    Files.writeString(out().resolve("checkpoints/epoch-0002/state.json"), "{\"format\": ");

    assertThatThrownBy(() -> Trainer.fit(run(RunOutput.Existing.RESUME), TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("epoch-0002")
        .hasMessageContaining("state.json");
  }

  @Test
  void twoRunsDoNotShareADirectory() {
    TrainingListener second =
        new TrainingListener() {
          @Override
          public void onEpoch(EpochReport report) {
            Trainer.fit(run(RunOutput.Existing.OVERWRITE), TrainingListener.NONE);
          }
        };

    assertThatThrownBy(() -> Trainer.fit(run(RunOutput.Existing.REFUSE), second))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("another run is writing there");
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
    Files.writeString(out(), "x");

    assertThatThrownBy(() -> Trainer.fit(run(RunOutput.Existing.REFUSE), TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a file is there");
  }
}
