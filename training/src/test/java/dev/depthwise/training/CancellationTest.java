package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.engine.Engines;
import dev.depthwise.network.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CancellationTest {
  @TempDir Path folder;

  /** All that a checkpoint in the middle of an epoch has to carry over. */
  private TrainingRun run(Path out) {
    TrainingRun run = Tiny.run(3);
    Recipe recipe = run.recipe();
    return TrainingRun.of(
            run.network(),
            run.train(),
            recipe
                .withBatch(4)
                .withDescent(
                    recipe
                        .descent()
                        .withOptimizer(AdamW.of(Decay.ofKernels(1e-2)))
                        .withLearningRate(0.01)
                        .withAccumulation(3)
                        .withClipping(1)
                        .withAveraging(0.9)),
            Engines.named("onednn"))
        .withValidation(new Tiny.Stripes(20))
        .withThreads(1)
        .withOutput(RunOutput.of(out).withExisting(RunOutput.Existing.RESUME));
  }

  @ParameterizedTest
  @CsvSource({
    "1, epoch-0000-step-000001",
    "3, epoch-0000-step-000003",
    "4, epoch-0000-step-000004",
    "6, epoch-0001-step-000002",
    "11, epoch-0002-step-000003",
  })
  void cancelledAtAStepAndResumedItEndsToTheBitAsIfUndisturbed(int steps, String checkpoint)
      throws IOException {
    TrainingResult undisturbed =
        Trainer.fit(run(folder.resolve("undisturbed")), TrainingListener.NONE);
    Path out = folder.resolve("out");
    Cancellation cancellation = new Cancellation();
    TrainingResult cancelled =
        Trainer.fit(
            run(out),
            new TrainingListener() {
              @Override
              public void onStep(StepReport report, TrainingView view) {
                if (report.totalSteps() == steps) {
                  cancellation.request();
                }
              }
            },
            cancellation);

    assertThat(cancelled.ending()).isEqualTo(TrainingResult.Ending.CANCELLED);
    assertThat(Files.exists(out.resolve("model.json"))).isFalse();
    assertThat(RunDirectory.model(out)).isEqualTo(out.resolve("checkpoints").resolve(checkpoint));
    List<Long> left = new ArrayList<>();
    TrainingResult resumed =
        Trainer.fit(
            run(out),
            new TrainingListener() {
              @Override
              public void onStep(StepReport report, TrainingView view) {
                left.add(report.totalSteps());
              }
            });

    assertThat(left).hasSize(12 - steps);
    assertThat(out.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("undisturbed/weights.safetensors"));
    assertThat(resumed.history())
        .usingRecursiveComparison()
        .ignoringFields("seconds", "imagesPerSecond", "waiting")
        .isEqualTo(undisturbed.history());
    assertThat(names(out.resolve("checkpoints"))).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void cancelledWhileItValidatesItLosesNoStep() {
    TrainingResult undisturbed =
        Trainer.fit(run(folder.resolve("undisturbed")), TrainingListener.NONE);
    Path out = folder.resolve("out");
    Cancellation cancellation = new Cancellation();
    TrainingResult cancelled =
        Trainer.fit(
            run(out),
            new TrainingListener() {
              @Override
              public void onValidation(int done, int total) {
                cancellation.request();
              }
            },
            cancellation);

    assertThat(cancelled.ending()).isEqualTo(TrainingResult.Ending.CANCELLED);
    assertThat(cancelled.history()).isEmpty();
    assertThat(RunDirectory.model(out)).hasFileName("epoch-0000-step-000004");
    Weights weights = Trainer.fit(run(out), TrainingListener.NONE).network().model().weights();
    for (Weights.Key key : weights.keys()) {
      assertThat(weights.get(key).toArray())
          .isEqualTo(undisturbed.network().model().weights().get(key).toArray());
    }
  }

  @Test
  void checkpointsComeEverySoManySteps() throws IOException {
    Path out = folder.resolve("out");
    List<String> written = new ArrayList<>();
    TrainingRun run = run(out);
    Trainer.fit(
        run.withOutput(run.output().orElseThrow().withCheckpointEvery(3)),
        new TrainingListener() {
          @Override
          public void onCheckpoint(Path directory) {
            written.add(directory.getFileName().toString());
          }
        });

    assertThat(written)
        .containsExactly(
            "epoch-0000-step-000003",
            "epoch-0001",
            "epoch-0001-step-000002",
            "epoch-0002",
            "epoch-0002-step-000001",
            "epoch-0003");
    assertThat(names(out.resolve("checkpoints"))).contains("epoch-0002-step-000001", "epoch-0003");
    assertThat(names(out.resolve("checkpoints")).size()).isBetween(2, 3);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
