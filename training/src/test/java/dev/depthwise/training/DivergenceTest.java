package dev.depthwise.training;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.flatten;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.depthwise.engine.Engines;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DivergenceTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"reference, conv1", "reference, conv2", "onednn, conv1", "onednn, bn2", "onednn, fc"})
  void aPoisonedWeightIsFoundWhereItIs(String engine, String layer) {
    TrainingRun run = Tiny.run(2);
    Weights.Key key = new Weights.Key(layer, layer.startsWith("bn") ? Role.SCALE : Role.KERNEL);
    DivergenceException failure =
        diverged(run(engine, poisoned(run.network().model(), key, Float.NaN), run.recipe()));

    assertThat(failure.layer()).contains(layer);
    assertThat(failure)
        .hasMessageStartingWith("epoch 1, step 1 of 3: ")
        .hasMessageContaining(
            "is not finite; it began in layer %s (%s): the run diverged"
                .formatted(layer, key.role().name().toLowerCase(java.util.Locale.ROOT)));
  }

  @Test
  void aGradientThatIsNoNumberIsFoundOnTheWayBack() {
    Graph graph =
        Graph.of(
            Shape.of(1, 8, 8),
            ".",
            chain(flatten(), dense("fc0", 4), dense("fc1", 4), dense("fc2", 3)));
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    graph.parameters().forEach((key, shape) -> tensors.put(key, Tensor.filled(shape, 0)));
    float[] kernel = new float[12];
    for (int i = 0; i < 12; i++) {
      kernel[i] = i < 4 ? Float.MAX_VALUE : -Float.MAX_VALUE;
    }
    tensors.put(new Weights.Key("fc2", Role.KERNEL), Tensor.of(Shape.of(3, 4), kernel));
    // Forward all is 0; the way back overflows on its way to fc1, and fc0 gets what comes of that.
    DivergenceException failure =
        diverged(
            run(
                "onednn",
                new Model(graph, new Weights(tensors)),
                Tiny.recipe(1).withBatch(40).withOutputWeights(Map.of("output", 1e6))));

    assertThat(failure.layer()).contains("fc1");
    assertThat(failure)
        .hasMessageContaining("a gradient is not finite")
        .hasMessageContaining("fc1");
  }

  @ParameterizedTest
  @CsvSource({"reference", "onednn"})
  void aHugeLearningRateLeavesTheLastGoodCheckpoint(String engine) {
    Graph graph =
        Graph.of(Shape.of(1, 8, 8), ".", chain(flatten(), dense("fc1", 8), dense("fc2", 3)));
    Recipe recipe =
        Tiny.recipe(200)
            .withBatch(40)
            .withLearningRate(100)
            .withSchedule(Schedule.constant())
            .withOptimizer(Sgd.plain());
    Path out = folder.resolve("out");
    DivergenceException failure =
        diverged(
            run(engine, Initialization.initialize(graph, 1), recipe).withOutput(RunOutput.of(out)));

    Path stands = RunDirectory.model(out);
    Checkpoint checkpoint = Checkpoint.read(stands);
    assertThat(failure.layer()).isPresent();
    assertThat(failure)
        .hasMessageStartingWith("epoch %d, ".formatted(checkpoint.state().history().size() + 1))
        .hasMessageContaining("its last checkpoint stands: " + stands)
        .hasMessageContaining("try a learning rate lower than 100.0");
    assertThat(checkpoint.state().history()).isNotEmpty();
    assertThat(Divergence.inWeights(checkpoint.network().model().weights())).isEmpty();
  }

  @Test
  void aLossThatExplodesIsNoticedAndOneThatBeginsBadlyIsNot() {
    LossWatch bad = new LossWatch(10, 1);
    for (int step = 0; step < 1000; step++) {
      assertThat(bad.sees(1e6 / (step + 1.0))).isFalse();
    }
    LossWatch good = new LossWatch(10, 1);
    for (int step = 0; step < 99; step++) {
      assertThat(good.sees(step < 50 ? 2.3 : 100)).isFalse();
    }
    assertThat(good.sees(100)).isTrue();
    LossWatch noisy = new LossWatch(10, 1);
    for (int step = 0; step < 1000; step++) {
      assertThat(noisy.sees(step % 50 == 0 ? 1000 : 2.3)).isFalse();
    }
  }

  private static Model poisoned(Model model, Weights.Key key, float value) {
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>(model.weights().tensors());
    float[] values = model.weights().get(key).toArray();
    values[0] = value;
    tensors.put(key, Tensor.of(model.weights().get(key).shape(), values));
    return new Model(model.graph(), new Weights(tensors));
  }

  private static TrainingRun run(String engine, Model model, Recipe recipe) {
    return TrainingRun.of(
            Network.of(model, Tiny.PREPROCESSING),
            new Tiny.Stripes(40),
            recipe,
            Engines.named(engine))
        .withThreads(1);
  }

  private static DivergenceException diverged(TrainingRun run) {
    return catchThrowableOfType(
        DivergenceException.class, () -> Trainer.fit(run, TrainingListener.NONE));
  }
}
