package dev.depthwise.training;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.engine.Engines;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Network;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescentTest {
  private static final Weights.Key KERNEL = new Weights.Key("fc", Role.KERNEL);

  /** Without batch norm, which would look at each batch on its own. */
  private static TrainingRun run(String engine, UnaryOperator<Recipe> change) {
    Graph graph =
        Graph.of(
            Shape.of(1, 8, 8),
            ".",
            chain(conv("conv", 4, k(3)), relu(), globalAveragePool("pool"), dense("fc", 3)));
    return TrainingRun.of(
            Network.of(Initialization.initialize(graph, 1), Tiny.PREPROCESSING),
            new Tiny.Stripes(42),
            change.apply(Tiny.recipe(2)),
            Engines.named(engine))
        .withThreads(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "onednn"})
  void smallBatchesTogetherAreOneLargeBatch(String engine) {
    List<StepReport> large = new ArrayList<>();
    List<StepReport> small = new ArrayList<>();
    // 42 pictures: steps of 16, 16 and 10, the last of them batches of 4, 4 and 2.
    Weights expected = fit(run(engine, recipe -> recipe.withBatch(16)), large);
    Weights actual =
        fit(
            run(
                engine,
                recipe -> recipe.withBatch(4).withDescent(recipe.descent().withAccumulation(4))),
            small);

    assertThat(small).hasSameSizeAs(large);
    for (int i = 0; i < large.size(); i++) {
      assertThat(small.get(i).loss()).isCloseTo(large.get(i).loss(), within(1e-5));
      assertThat(small.get(i).gradientNorm()).isCloseTo(large.get(i).gradientNorm(), within(1e-5));
      assertThat(small.get(i).steps()).isEqualTo(3);
    }
    for (Weights.Key key : expected.keys()) {
      assertThat(actual.get(key).toArray())
          .containsExactly(expected.get(key).toArray(), within(1e-5f));
    }
  }

  @Test
  void aStepIsAsLongAsClippingAllows() {
    TrainingRun clipped =
        run(
            "reference",
            recipe ->
                recipe.withDescent(
                    Descent.of(1, Schedule.constant(), Sgd.plain()).withClipping(1e-3)));
    List<Double> lengths = new ArrayList<>();
    Weights[] before = {clipped.network().model().weights()};
    Trainer.fit(
        clipped,
        new TrainingListener() {
          @Override
          public void onStep(StepReport report, TrainingView view) {
            Weights now = view.weights();
            double squares = 0;
            for (Weights.Key key : now.keys()) {
              float[] left = now.get(key).toArray();
              float[] right = before[0].get(key).toArray();
              for (int i = 0; i < left.length; i++) {
                squares += Math.pow((double) left[i] - right[i], 2);
              }
            }
            lengths.add(Math.sqrt(squares));
            assertThat(report.gradientNorm()).isGreaterThan(1e-2);
            before[0] = now;
          }
        });

    assertThat(lengths)
        .hasSize(6)
        .allSatisfy(length -> assertThat(length).isCloseTo(1e-3, within(1e-6)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "onednn"})
  void theResultIsTheAverageAndTrainingGoesOnFromTheWeights(String engine) {
    double decay = 0.8;
    double[][] average = new double[1][];
    double[] total = {0};
    List<Weights> raw = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report, TrainingView view) {
            raw.add(view.weights());
            float[] values = view.weights().get(KERNEL).toArray();
            average[0] = average[0] == null ? new double[values.length] : average[0];
            total[0] = decay * total[0] + 1;
            for (int i = 0; i < values.length; i++) {
              average[0][i] = decay * average[0][i] + values[i];
            }
          }
        };
    TrainingRun averaged =
        run(engine, recipe -> recipe.withDescent(recipe.descent().withAveraging(decay)));

    Weights result = Trainer.fit(averaged, listener).network().model().weights();

    float[] values = result.get(KERNEL).toArray();
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i]).isCloseTo(average[0][i] / total[0], within(1e-6));
    }
    // Averaging looks on: the weights that are trained are the same with and without.
    assertThat(fit(run(engine, recipe -> recipe), new ArrayList<>()))
        .isEqualTo(raw.get(raw.size() - 1));
    assertThat(values).isNotEqualTo(raw.get(raw.size() - 1).get(KERNEL).toArray());
  }

  @Test
  void theViewClosesAfterTheStep() {
    TrainingView[] kept = new TrainingView[1];
    Trainer.fit(
        run("reference", recipe -> recipe),
        new TrainingListener() {
          @Override
          public void onStep(StepReport report, TrainingView view) {
            assertThat(view.trained()).contains(KERNEL);
            assertThat(view.gradient(KERNEL).shape()).isEqualTo(Shape.of(3, 4));
            kept[0] = view;
          }
        });
    assertThatThrownBy(() -> kept[0].weights()).isInstanceOf(IllegalStateException.class);
  }

  private static Weights fit(TrainingRun run, List<StepReport> steps) {
    return Trainer.fit(
            run,
            new TrainingListener() {
              @Override
              public void onStep(StepReport report, TrainingView view) {
                steps.add(report);
              }
            })
        .network()
        .model()
        .weights();
  }
}
