package dev.depthwise.training;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Engines;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Shape;
import dev.depthwise.vision.Augmentation;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Picture;
import dev.depthwise.weights.ModelDirectory;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As many classes as JFT has, the set that Xception was trained on (Chollet 2017, section 4.2). */
class ManyClassesTest {
  private static final int CLASSES = 17_000;
  private static final int SIDE = 8;
  private static final List<String> LABELS =
      IntStream.range(0, CLASSES).mapToObj("entity %05d"::formatted).toList();

  @TempDir private Path folder;

  /** A few pictures of classes from all over the list, the first and the last among them. */
  private record Sample(int size) implements Dataset {
    @Override
    public String name() {
      return "sample";
    }

    @Override
    public List<String> labels() {
      return LABELS;
    }

    @Override
    public int label(int index) {
      return (int) ((long) (index % 8) * (CLASSES - 1) / 7);
    }

    @Override
    public Picture picture(int index) {
      Randomness randomness = Randomness.keyed("sample", index);
      byte[] samples = new byte[SIDE * SIDE * 3];
      for (int at = 0; at < samples.length; at++) {
        int bit = index % 8 >> at % 3 & 1;
        samples[at] = (byte) (40 + 140 * bit + randomness.below(30));
      }
      return Picture.of(SIDE, SIDE, 3, samples);
    }
  }

  private static Network network() {
    Graph graph =
        Graph.of(
            Shape.of(3, SIDE, SIDE),
            ".",
            chain(
                conv("conv1", 16, k(3).stride(2)),
                batchNorm("bn1", 1e-5, 0.1),
                relu(),
                globalAveragePool("pool"),
                dense("fc", CLASSES)));
    return Network.of(
            Initialization.initialize(graph, 3),
            Preprocessing.stretched(
                3, SIDE, SIDE, List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)))
        .withLabels(LABELS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"onednn", "reference"})
  void areLearned(String name) {
    Engine engine = Engines.named(name);
    int epochs = name.equals("onednn") ? 6 : 1;
    List<Double> losses = new ArrayList<>();
    TrainingRun run =
        TrainingRun.of(
                network(),
                new Sample(64),
                Recipe.standard(epochs)
                    .withBatch(8)
                    .withOptimizer(Adam.of(Decay.none()))
                    .withLearningRate(0.05)
                    .withSchedule(Schedule.constant())
                    .withAugmentation(Augmentation.none()),
                engine)
            .withValidation(new Sample(16))
            .withOutput(RunOutput.of(folder.resolve("run")))
            .withThreads(1);

    TrainingResult result =
        Trainer.fit(
            run,
            new TrainingListener() {
              @Override
              public void onStep(StepReport report, TrainingView view) {
                losses.add(report.loss());
              }
            });

    // It knows nothing yet: every class is as likely.
    assertThat(losses.get(0)).isCloseTo(Math.log(CLASSES), within(0.35));
    assertThat(losses.get(losses.size() - 1))
        .as("%s", losses)
        .isLessThan(losses.get(0) - (epochs > 1 ? 5 : 0.3));
    if (epochs > 1) {
      EpochReport last = result.history().get(epochs - 1);
      Scores scores = java.util.Objects.requireNonNull(last.validation());
      assertThat(scores.top1()).isGreaterThan(0.4);
      assertThat(scores.top5()).isGreaterThanOrEqualTo(scores.top1());
      // Of eight classes; the others are no part of the mean.
      assertThat(scores.recall()).isGreaterThan(0.2);
    }
    Network read = ModelDirectory.read(folder.resolve("run"));
    assertThat(read.labels()).isEqualTo(LABELS);
    assertThat(read.model().weights()).isEqualTo(result.network().model().weights());
  }

  /** What was taken for what is kept of the pairs that there are: all would be a gigabyte. */
  @Test
  void areEvaluated() {
    Evaluation evaluation =
        Evaluation.of(
            Engines.named("onednn"), network(), new Sample(24), 8, 1, Evaluation.Progress.NONE);

    assertThat(evaluation.loss()).isCloseTo(Math.log(CLASSES), within(0.35));
    assertThat(evaluation.count(0)).isEqualTo(3);
    assertThat(evaluation.count(CLASSES - 1)).isEqualTo(3);
    assertThat(evaluation.count(1)).isZero();
    assertThat(evaluation.takenFor(CLASSES - 1).values().stream().mapToInt(n -> n).sum())
        .isEqualTo(3);
    assertThat(evaluation.top5().orElseThrow()).isLessThan(0.5);
  }

  @Test
  void bothEnginesSayTheSame() {
    Network network = network();
    FloatBuffer pictures = FloatBuffer.allocate(2 * 3 * SIDE * SIDE);
    Randomness randomness = Randomness.keyed("pictures", 1);
    while (pictures.hasRemaining()) {
      pictures.put(randomness.below(1000) / 500f - 1);
    }
    pictures.flip();
    float[] expected = scores("reference", network, pictures);
    float[] found = scores("onednn", network, pictures);
    assertThat(found).hasSize(2 * CLASSES).containsExactly(expected, within(1e-5f));
  }

  private static float[] scores(String engine, Network network, FloatBuffer pictures) {
    try (Executable executable =
        Engines.named(engine)
            .compile(network.model().withSoftmax(), CompileOptions.batch(2).withThreads(1))) {
      executable.run(pictures, 2);
      float[] scores = new float[2 * CLASSES];
      executable.output().get(scores);
      for (int row = 0; row < 2; row++) {
        double sum = 0;
        for (int index = 0; index < CLASSES; index++) {
          sum += scores[row * CLASSES + index];
        }
        assertThat(sum).isCloseTo(1, within(1e-4));
        for (int index = 0; index < CLASSES; index++) {
          // So that a difference is one of the score itself.
          scores[row * CLASSES + index] *= CLASSES;
        }
      }
      return scores;
    }
  }
}
