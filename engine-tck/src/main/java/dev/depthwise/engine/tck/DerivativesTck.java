package dev.depthwise.engine.tck;

import static dev.depthwise.engine.tck.Closeness.assertClose;
import static dev.depthwise.engine.tck.Closeness.doubles;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Derivatives;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Plan;
import dev.depthwise.engine.ReluRule;
import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.reference.ReferenceEngine;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every engine owes those who ask for derivatives in other ways than plain training does. */
abstract class DerivativesTck {
  private static final int BATCH = 3;

  /** The engine under test. */
  protected abstract Engine engine();

  @ParameterizedTest
  @EnumSource
  void derivativesPassRectifiersByTheirRule(ReluRule rule) {
    TckCase given = TckCase.of("relu", Shape.of(1, 1, 4), relu("op"));
    TrainingOptions options =
        TrainingOptions.batch(1).withDerivatives(Derivatives.by("input").withReluRule(rule));
    try (TrainingExecutable training = engine().compileTraining(given.model(), options)) {
      training.forward(FloatBuffer.wrap(new float[] {1, -1, 2, -2}), 1, 0);
      training.backward(Map.of("output", FloatBuffer.wrap(new float[] {3, 4, -5, -6})));
      double[] expected =
          switch (rule) {
            case PLAIN -> new double[] {3, 0, -5, 0};
            case GUIDED -> new double[] {3, 0, 0, 0};
            case DECONVOLUTION -> new double[] {3, 4, 0, 0};
          };
      // Zeros of either sign are zeros.
      assertThat(doubles(training.gradient("input"))).containsExactly(expected, within(1e-30));
    }
  }

  @ParameterizedTest
  @EnumSource
  void derivativesByRuleEqualTheReference(ReluRule rule) {
    TckCase given = deep();
    TrainingOptions options =
        TrainingOptions.batch(BATCH)
            .asInference()
            .withDerivatives(Derivatives.by("input", "1.relu").withReluRule(rule));
    try (TrainingExecutable actual = engine().compileTraining(given.model(), options);
        TrainingExecutable expected =
            new ReferenceEngine().compileTraining(given.model(), options)) {
      for (TrainingExecutable each : List.of(actual, expected)) {
        forwardAndBackward(given, each, 0);
      }
      for (String value : List.of("input", "1.relu")) {
        assertClose(
            value, doubles(actual.gradient(value)), doubles(expected.gradient(value)), 2e-5);
      }
    }
  }

  @Test
  void inferenceModeComputesAsInferenceDoesAndMovesNothing() {
    TckCase given = TckCase.of("dropout", Shape.of(3, 13, 11), PatternCases.network());
    TrainingOptions options =
        TrainingOptions.batch(BATCH).asInference().withDerivatives(Derivatives.by("input"));
    FloatBuffer pictures = FloatBuffer.wrap(given.pictures(BATCH, 0));
    try (TrainingExecutable training = engine().compileTraining(given.model(), options);
        Executable inference = engine().compile(given.model(), CompileOptions.batch(BATCH))) {
      inference.run(pictures, BATCH);
      training.forward(pictures, BATCH, 0);
      assertClose(
          "output", doubles(training.output("output")), doubles(inference.output("output")), 1e-5);
      assertThat(training.weights()).isEqualTo(given.model().weights());
    }
  }

  @Test
  void boundedMemoryChangesNoBit() {
    TckCase given = deep();
    Map<Long, Integer> repeated = new TreeMap<>();
    Weights free = train(given, 0, repeated);
    long most = 4_000_000;
    long least = 1;
    while (least + 1000 < most) {
      long middle = (least + most) / 2;
      try {
        assertThat(train(given, middle, repeated)).isEqualTo(free);
        most = middle;
      } catch (InputException tooLittle) {
        least = middle;
      }
    }
    List<Integer> counts = new ArrayList<>(repeated.values());
    assertThat(counts.get(0)).as("steps repeated in the least memory").isGreaterThan(10);
    assertThat(counts.get(counts.size() - 1)).as("where there is enough").isZero();
    assertThat(counts).isSortedAccordingTo((left, right) -> right - left);
  }

  /** The weights after three steps. */
  private Weights train(TckCase given, long memory, Map<Long, Integer> repeated) {
    Model model = given.model();
    TrainingOptions options =
        TrainingOptions.batch(BATCH)
            .withMemory(memory)
            .withWatcher(
                (pass, result) -> {
                  if (pass.equals("Recompute") && result instanceof Plan plan) {
                    repeated.put(
                        memory,
                        (int) plan.backward().stream().filter(Forward.class::isInstance).count());
                  }
                });
    try (TrainingExecutable training = engine().compileTraining(model, options)) {
      for (int step = 0; step < 3; step++) {
        forwardAndBackward(given, training, step);
        training.update(new Sgd(0.01, 0.9, 1e-4, true));
      }
      return training.weights();
    }
  }

  @Test
  void tooLittleMemorySaysHowMuchIsMissing() {
    TckCase given = deep();
    assertThatThrownBy(
            () ->
                engine().compileTraining(given.model(), TrainingOptions.batch(64).withMemory(1000)))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("the memory does not suffice: \\d+ MB more are needed .*");
  }

  private static void forwardAndBackward(TckCase given, TrainingExecutable training, int step) {
    training.forward(FloatBuffer.wrap(given.pictures(BATCH, step)), BATCH, step);
    int size = BATCH * Objects.requireNonNull(training.outputs().get("output")).size();
    training.backward(Map.of("output", FloatBuffer.wrap(TckCase.outputGradient(size, "output"))));
  }

  private static TckCase deep() {
    return TckCase.of(
        "a deep network",
        Shape.of(3, 13, 11),
        chain(PatternCases.stem(), repeat(8, PatternCases::block), PatternCases.head()));
  }
}
