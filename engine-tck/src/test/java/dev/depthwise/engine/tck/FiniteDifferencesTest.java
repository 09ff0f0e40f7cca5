package dev.depthwise.engine.tck;

import static dev.depthwise.engine.tck.Closeness.assertClose;
import static dev.depthwise.engine.tck.Closeness.doubles;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.swish;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.reference.ReferenceEngine;
import dev.depthwise.engine.reference.ReferenceTraining;
import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference engine's derivatives are those of what it computes: central differences. */
class FiniteDifferencesTest {
  private static final int BATCH = 2;
  private static final double STEP = 1e-6;
  private static final double TOLERANCE = 1e-6;

  /** Elements of each tensor that are moved, spread evenly. */
  private static final int MOVED = 24;

  static Stream<TckCase> cases() {
    return EngineTck.cases().filter(each -> !each.ties());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void derivativesEqualDifferences(TckCase given) {
    TrainingOptions options =
        TrainingOptions.batch(BATCH)
            .withThreads(1)
            .withSeed(11)
            .withFrozenStatistics(node -> given.frozen())
            .withOutputs(given.outputs())
            .withGradients(List.of("input"));
    try (ReferenceTraining training =
        new ReferenceEngine().compileTraining(given.model(), options)) {
      double[] pictures = doubles(given.pictures(BATCH, 1));
      Map<String, double[]> seeds = new LinkedHashMap<>();
      training
          .outputs()
          .forEach(
              (name, shape) ->
                  seeds.put(name, doubles(TckCase.outputGradient(BATCH * shape.size(), name))));
      DoubleSupplier loss =
          () -> {
            training.forward(pictures, BATCH, 7);
            double sum = 0;
            for (Map.Entry<String, double[]> seed : seeds.entrySet()) {
              double[] output = training.outputExactly(seed.getKey());
              for (int index = 0; index < output.length; index++) {
                sum += seed.getValue()[index] * output[index];
              }
            }
            return sum;
          };
      training.forward(pictures, BATCH, 7);
      training.backwardExactly(seeds);
      double[] byInput = training.gradientExactly("input").clone();
      Map<Weights.Key, double[]> byParameter = new LinkedHashMap<>();
      for (Weights.Key key : given.graph().parameters().keySet()) {
        if (key.role().isLearned()) {
          byParameter.put(key, training.gradientExactly(key).clone());
        }
      }
      compare("input", pictures, byInput, loss);
      byParameter.forEach(
          (key, gradient) -> compare(key.toString(), training.parameter(key), gradient, loss));
    }
  }

  /** The derivative by a value in the middle is that by the input of all that comes behind. */
  @Test
  void theDerivativeByAnInnerValueIsThatOfTheRest() {
    Block rest = chain(conv("next", 4, k(3)), swish("act"), globalAveragePool("pool"));
    Graph whole =
        Graph.of(Shape.of(3, 5, 7), ".", chain(named("first", conv("conv", 5, k(3))), rest));
    Graph half = Graph.of(Shape.of(5, 5, 7), ".", rest);
    Model model = new Model(whole, TckCase.weights(whole, 1));
    Map<Weights.Key, Tensor> kept = new LinkedHashMap<>(model.weights().tensors());
    kept.keySet().retainAll(half.parameters().keySet());
    TrainingOptions options = TrainingOptions.batch(BATCH);
    try (ReferenceTraining first =
            new ReferenceEngine()
                .compileTraining(
                    model,
                    options
                        .withGradients(List.of("first"))
                        .withOutputs(List.of("output", "first")));
        ReferenceTraining second =
            new ReferenceEngine()
                .compileTraining(
                    new Model(half, new Weights(kept)), options.withGradients(List.of("input")))) {
      double[] pictures = new double[BATCH * whole.input().shape().size()];
      Arrays.setAll(pictures, index -> Math.sin(index));
      first.forward(pictures, BATCH, 0);
      second.forward(first.outputExactly("first"), BATCH, 0);
      double[] seed = {1, -2, 3, 0.5, -1, 2, -3, 4};
      first.backwardExactly(
          Map.of("output", seed, "first", new double[first.outputExactly("first").length]));
      second.backwardExactly(Map.of("output", seed));

      assertThat(first.outputExactly("output")).isEqualTo(second.outputExactly("output"));
      assertClose(
          "the derivative by a tap",
          first.gradientExactly("first"),
          second.gradientExactly("input"),
          1e-12);
    }
  }

  private static void compare(
      String what, double[] values, double[] gradient, DoubleSupplier loss) {
    int moved = Math.min(MOVED, values.length);
    double[] expected = new double[moved];
    double[] actual = new double[moved];
    for (int index = 0; index < moved; index++) {
      int at = (int) ((long) index * values.length / moved);
      double before = values[at];
      values[at] = before + STEP;
      double above = loss.getAsDouble();
      values[at] = before - STEP;
      double below = loss.getAsDouble();
      values[at] = before;
      expected[index] = (above - below) / (2 * STEP);
      actual[index] = gradient[at];
    }
    assertClose("the derivative by " + what, actual, expected, TOLERANCE);
  }
}
