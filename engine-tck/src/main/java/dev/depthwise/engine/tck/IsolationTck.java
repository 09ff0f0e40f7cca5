package dev.depthwise.engine.tck;

import static dev.depthwise.engine.tck.Closeness.assertClose;
import static dev.depthwise.engine.tck.Closeness.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.reference.ReferenceEngine;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What may not reach across: from one run to the next, from one picture to its neighbour, from what
 * is asked for to what is not.
 */
abstract class IsolationTck extends DerivativesTck {
  private static final int BATCH = 3;
  private static final double FORWARD = 1e-5;
  private static final double BACKWARD = 2e-5;

  private static final Engine REFERENCE = new ReferenceEngine();

  static List<TckCase> patterns() {
    return PatternCases.all();
  }

  /** A step may leave its mark on parameters alone; loading those takes it back. */
  @ParameterizedTest
  @MethodSource("dev.depthwise.engine.tck.EngineTck#cases")
  void aStepOfNoNumbersIsForgotten(TckCase given) {
    TrainingOptions options = EngineTck.trainingOptions(given);
    try (TrainingExecutable actual = engine().compileTraining(given.model(), options);
        TrainingExecutable expected = REFERENCE.compileTraining(given.model(), options)) {
      float[] broken = new float[BATCH * actual.input().size()];
      Arrays.fill(broken, Float.NaN);
      actual.forward(FloatBuffer.wrap(broken), BATCH, 6);
      actual.backward(seeds(actual, Float.NaN));
      actual.load(given.model().weights());
      for (TrainingExecutable each : List.of(actual, expected)) {
        each.forward(FloatBuffer.wrap(given.pictures(BATCH, 1)), BATCH, 7);
        each.backward(seeds(each, 1));
      }
      EngineTck.compare(given, actual, expected);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.depthwise.engine.tck.EngineTck#cases")
  void aRunOfNoNumbersIsForgotten(TckCase given) {
    CompileOptions options =
        CompileOptions.batch(BATCH).withThreads(2).withOutputs(given.outputs());
    try (Executable actual = engine().compile(given.model(), options);
        Executable expected = REFERENCE.compile(given.model(), options)) {
      float[] broken = new float[BATCH * actual.input().size()];
      Arrays.fill(broken, Float.NaN);
      actual.run(FloatBuffer.wrap(broken), BATCH);
      for (Executable each : List.of(actual, expected)) {
        each.run(FloatBuffer.wrap(given.pictures(BATCH, 1)), BATCH);
      }
      for (String output : expected.outputs().keySet()) {
        assertClose(
            output, doubles(actual.output(output)), doubles(expected.output(output)), FORWARD);
      }
    }
  }

  /** What a picture gives does not depend on those beside it. */
  @ParameterizedTest
  @MethodSource("patterns")
  void everyCountOfPicturesEqualsSingleRuns(TckCase given) {
    CompileOptions options = CompileOptions.batch(5).withThreads(2).withOutputs(given.outputs());
    try (Executable together = engine().compile(given.model(), options);
        Executable alone =
            engine()
                .compile(
                    given.model(),
                    CompileOptions.batch(1).withThreads(2).withOutputs(given.outputs()))) {
      for (int count = 1; count <= 5; count++) {
        FloatBuffer pictures = FloatBuffer.wrap(given.pictures(count, count));
        together.run(pictures, count);
        for (int picture = 0; picture < count; picture++) {
          alone.run(pictures.duplicate().position(picture * alone.input().size()), 1);
          for (Map.Entry<String, Shape> output : alone.outputs().entrySet()) {
            int size = output.getValue().size();
            assertClose(
                "%s of picture %d of %d".formatted(output.getKey(), picture, count),
                doubles(together.output(output.getKey()).slice(picture * size, size)),
                doubles(alone.output(output.getKey())),
                FORWARD);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void derivativesByInnerValuesEqualTheReference(TckCase given) {
    Graph graph =
        given.outputs().isEmpty() ? given.graph() : given.graph().withOutputs(given.outputs());
    List<String> values = graph.nodes().stream().map(Node::name).toList();
    TrainingOptions options = EngineTck.trainingOptions(given).withGradients(values);
    try (TrainingExecutable actual = engine().compileTraining(given.model(), options);
        TrainingExecutable expected = REFERENCE.compileTraining(given.model(), options)) {
      for (TrainingExecutable each : List.of(actual, expected)) {
        each.forward(FloatBuffer.wrap(given.pictures(BATCH, 1)), BATCH, 7);
        each.backward(seeds(each, 1));
      }
      for (String value : values) {
        assertClose(
            "the derivative by " + value,
            doubles(actual.gradient(value)),
            doubles(expected.gradient(value)),
            BACKWARD);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aPartThatIsTrainedLeavesTheOthersAsTheyWere(int half) {
    Predicate<Weights.Key> trained =
        key -> Math.floorMod(key.toString().hashCode(), 2) == half && key.role().isLearned();
    for (TckCase given : patterns()) {
      TrainingOptions options = EngineTck.trainingOptions(given).withTrained(trained);
      try (TrainingExecutable actual = engine().compileTraining(given.model(), options);
          TrainingExecutable expected = REFERENCE.compileTraining(given.model(), options)) {
        for (TrainingExecutable each : List.of(actual, expected)) {
          each.forward(FloatBuffer.wrap(given.pictures(BATCH, 1)), BATCH, 7);
          each.backward(seeds(each, 1));
          each.update(new Sgd(0.01, 0.9, 1e-4, false));
        }
        for (Weights.Key key : actual.weights().keys()) {
          compare(given, key, trained.test(key), actual, expected);
        }
      }
    }
  }

  private static void compare(
      TckCase given,
      Weights.Key key,
      boolean trained,
      TrainingExecutable actual,
      TrainingExecutable expected) {
    String what = given + ", " + key;
    double[] after = doubles(actual.weights().get(key).values());
    if (trained) {
      assertClose(
          "the derivative by " + what,
          doubles(actual.gradient(key).values()),
          doubles(expected.gradient(key).values()),
          BACKWARD);
      assertClose(what, after, doubles(expected.weights().get(key).values()), FORWARD);
      return;
    }
    assertThatThrownBy(() -> actual.gradient(key))
        .as(what)
        .isInstanceOf(IllegalArgumentException.class);
    if (key.role().isLearned()) {
      assertThat(after).as(what).isEqualTo(doubles(given.model().weights().get(key).values()));
    }
  }

  /** The derivatives that a backward pass begins with, each times a factor. */
  private static Map<String, FloatBuffer> seeds(TrainingExecutable training, float factor) {
    Map<String, FloatBuffer> seeds = new LinkedHashMap<>();
    training
        .outputs()
        .forEach(
            (name, shape) -> {
              float[] seed = TckCase.outputGradient(BATCH * shape.size(), name);
              for (int index = 0; index < seed.length; index++) {
                seed[index] *= factor;
              }
              seeds.put(name, FloatBuffer.wrap(seed));
            });
    return seeds;
  }
}
