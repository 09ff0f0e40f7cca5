package dev.depthwise.engine.tck;

import static dev.depthwise.engine.tck.Closeness.assertClose;
import static dev.depthwise.engine.tck.Closeness.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.reference.ReferenceEngine;
import dev.depthwise.network.Input;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine must pass: each operation and each pattern that passes fuse, forward and
 * backward, held against the reference engine; and what an engine owes its callers.
 *
 * <p>An engine's module has one subclass of this.
 */
public abstract class EngineTck extends IsolationTck {
  private static final int BATCH = 3;
  private static final double FORWARD = 1e-5;
  private static final double BACKWARD = 2e-5;

  private static final Engine REFERENCE = new ReferenceEngine();

  static Stream<TckCase> cases() {
    return Stream.concat(OpCases.all().stream(), PatternCases.all().stream());
  }

  @Test
  void everyOperationHasACase() {
    Set<Class<? extends Op>> covered =
        OpCases.all().stream()
            .flatMap(each -> each.graph().nodes().stream())
            .map(Node::op)
            .map(Op::getClass)
            .collect(Collectors.toSet());
    covered.add(Input.class);
    assertThat(covered).containsExactlyInAnyOrder(operations());
  }

  @SuppressWarnings("unchecked")
  private static Class<? extends Op>[] operations() {
    return (Class<? extends Op>[]) Op.class.getPermittedSubclasses();
  }

  @ParameterizedTest
  @MethodSource("dev.depthwise.engine.tck.KnownValues#all")
  void knownValues(KnownValues given) {
    given.verify(engine(), FORWARD);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inferenceEqualsTheReference(TckCase given) {
    CompileOptions options =
        CompileOptions.batch(BATCH).withThreads(2).withOutputs(given.outputs()).withGuards();
    try (Executable actual = engine().compile(given.model(), options);
        Executable expected = REFERENCE.compile(given.model(), options)) {
      assertThat(actual.outputs()).isEqualTo(expected.outputs());
      // The whole batch, short ones, and again: nothing may stay from the run before.
      for (int count : List.of(BATCH, 1, 2, BATCH)) {
        Guarded pictures = new Guarded(given.pictures(count, count));
        actual.run(pictures.buffer(), count);
        expected.run(pictures.buffer(), count);
        pictures.verify();
        actual.verifyGuards();
        for (String output : expected.outputs().keySet()) {
          assertClose(
              "%s of %d".formatted(output, count),
              doubles(actual.output(output)),
              doubles(expected.output(output)),
              FORWARD);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trainingEqualsTheReference(TckCase given) {
    TrainingOptions options = trainingOptions(given).withGuards();
    try (TrainingExecutable actual = engine().compileTraining(given.model(), options);
        TrainingExecutable expected = REFERENCE.compileTraining(given.model(), options)) {
      for (int count : List.of(BATCH, 2, BATCH)) {
        Guarded pictures = new Guarded(given.pictures(count, count));
        Map<String, FloatBuffer> seeds = new LinkedHashMap<>();
        List<Guarded> guarded = new ArrayList<>();
        actual
            .outputs()
            .forEach(
                (name, shape) -> {
                  Guarded seed = new Guarded(TckCase.outputGradient(count * shape.size(), name));
                  guarded.add(seed);
                  seeds.put(name, seed.buffer());
                });
        for (TrainingExecutable each : List.of(actual, expected)) {
          each.forward(pictures.buffer(), count, 7);
          each.backward(seeds);
        }
        pictures.verify();
        guarded.forEach(Guarded::verify);
        actual.verifyGuards();
        compare(given, actual, expected);
      }
    }
  }

  static void compare(TckCase given, TrainingExecutable actual, TrainingExecutable expected) {
    for (String output : expected.outputs().keySet()) {
      assertClose(
          output, doubles(actual.output(output)), doubles(expected.output(output)), FORWARD);
    }
    assertClose(
        "the derivative by the input",
        doubles(actual.gradient("input")),
        doubles(expected.gradient("input")),
        BACKWARD);
    Weights actualWeights = actual.weights();
    Weights expectedWeights = expected.weights();
    for (Weights.Key key : given.graph().parameters().keySet()) {
      if (key.role().isLearned()) {
        assertClose(
            "the derivative by " + key,
            doubles(actual.gradient(key).values()),
            doubles(expected.gradient(key).values()),
            BACKWARD);
      }
      assertClose(
          key.toString(),
          doubles(actualWeights.get(key).values()),
          doubles(expectedWeights.get(key).values()),
          FORWARD);
    }
  }

  static TrainingOptions trainingOptions(TckCase given) {
    return TrainingOptions.batch(BATCH)
        .withThreads(2)
        .withSeed(11)
        .withFrozenStatistics(node -> given.frozen())
        .withOutputs(given.outputs())
        .withGradients(List.of("input"));
  }

  private static TckCase network() {
    return TckCase.of("a small network", Shape.of(3, 13, 11), PatternCases.network());
  }

  @Test
  void sameSeedAndThreadsGiveTheSameBits() {
    assertThat(fiveSteps(engine())).isEqualTo(fiveSteps(engine()));
  }

  @Test
  void anotherSeedDropsOthers() {
    TckCase given = network();
    try (TrainingExecutable one =
            engine().compileTraining(given.model(), trainingOptions(given).withSeed(1));
        TrainingExecutable other =
            engine().compileTraining(given.model(), trainingOptions(given).withSeed(2))) {
      FloatBuffer pictures = FloatBuffer.wrap(given.pictures(BATCH, 0));
      one.forward(pictures, BATCH, 0);
      other.forward(pictures, BATCH, 0);
      assertThat(doubles(one.output("output"))).isNotEqualTo(doubles(other.output("output")));
    }
  }

  @Test
  void twoExecutablesInTwoThreadsDoNotDisturbEachOther() {
    Weights alone = fiveSteps(engine());
    CompletableFuture<Weights> left = CompletableFuture.supplyAsync(() -> fiveSteps(engine()));
    CompletableFuture<Weights> right = CompletableFuture.supplyAsync(() -> fiveSteps(engine()));
    assertThat(left.join()).isEqualTo(alone);
    assertThat(right.join()).isEqualTo(alone);
  }

  private static int outputSize(TrainingExecutable training) {
    return Objects.requireNonNull(training.outputs().get("output")).size();
  }

  private static Weights fiveSteps(Engine engine) {
    TckCase given = network();
    try (TrainingExecutable training =
        engine.compileTraining(given.model(), trainingOptions(given))) {
      for (int step = 0; step < 5; step++) {
        training.forward(FloatBuffer.wrap(given.pictures(BATCH, step)), BATCH, step);
        int size = BATCH * outputSize(training);
        training.backward(
            Map.of("output", FloatBuffer.wrap(TckCase.outputGradient(size, "output"))));
        training.update(new Sgd(0.01, 0.9, 1e-4, true));
      }
      return training.weights();
    }
  }

  @Test
  void restoredMomentsGoOnAsIfNothingHadHappened() {
    TckCase given = network();
    Sgd rule = new Sgd(0.01, 0.9, 1e-4, false);
    try (TrainingExecutable undisturbed =
            engine().compileTraining(given.model(), trainingOptions(given));
        TrainingExecutable restored =
            engine().compileTraining(given.model(), trainingOptions(given))) {
      step(given, undisturbed, rule, 0);
      restored.load(undisturbed.weights());
      restored.loadMoments(undisturbed.moments());
      // What is stored is single precision: both go on from there.
      undisturbed.load(undisturbed.weights());
      undisturbed.loadMoments(undisturbed.moments());
      step(given, undisturbed, rule, 1);
      step(given, restored, rule, 1);
      assertThat(restored.weights()).isEqualTo(undisturbed.weights());
      assertThat(restored.moments()).isEqualTo(undisturbed.moments());
    }
  }

  private static void step(TckCase given, TrainingExecutable training, Sgd rule, int step) {
    training.forward(FloatBuffer.wrap(given.pictures(BATCH, step)), BATCH, step);
    int size = BATCH * outputSize(training);
    training.backward(Map.of("output", FloatBuffer.wrap(TckCase.outputGradient(size, "output"))));
    training.update(rule);
  }

  @Test
  void loadedWeightsCountAsIfCompiledIn() {
    TckCase given = network();
    Model other = new Model(given.graph(), TckCase.weights(given.graph(), 2));
    FloatBuffer pictures = FloatBuffer.wrap(given.pictures(BATCH, 0));
    try (Executable loaded = engine().compile(given.model(), CompileOptions.batch(BATCH));
        Executable compiled = engine().compile(other, CompileOptions.batch(BATCH))) {
      loaded.run(pictures, 1);
      loaded.load(other.weights());
      for (int count : List.of(1, BATCH)) {
        loaded.run(pictures, count);
        compiled.run(pictures, count);
        assertThat(doubles(loaded.output("output"))).isEqualTo(doubles(compiled.output("output")));
      }
    }
  }

  @Test
  void aClosedExecutableSaysSo() {
    TckCase given = network();
    FloatBuffer pictures = FloatBuffer.wrap(given.pictures(1, 0));
    Executable inference = engine().compile(given.model(), CompileOptions.batch(1));
    inference.run(pictures, 1);
    FloatBuffer kept = inference.output("output");
    inference.close();
    assertThat(inference.nativeBytes()).isZero();
    assertThatCode(() -> kept.get(0)).doesNotThrowAnyException();
    assertThatThrownBy(() -> inference.run(pictures, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> inference.output("output")).isInstanceOf(IllegalStateException.class);
    assertThatCode(inference::close).doesNotThrowAnyException();

    TrainingExecutable training = engine().compileTraining(given.model(), TrainingOptions.batch(1));
    training.close();
    assertThat(training.nativeBytes()).isZero();
    assertThatThrownBy(() -> training.forward(pictures, 1, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(training::weights).isInstanceOf(IllegalStateException.class);
    assertThatCode(training::close).doesNotThrowAnyException();
  }

  @Test
  void argumentsAreChecked() {
    TckCase given = network();
    FloatBuffer pictures = FloatBuffer.wrap(given.pictures(2, 0));
    try (Executable inference = engine().compile(given.model(), CompileOptions.batch(2))) {
      assertThatThrownBy(() -> inference.output("output"))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> inference.run(pictures, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("3 pictures");
      assertThatThrownBy(() -> inference.run(pictures.duplicate().position(1), 2))
          .isInstanceOf(IllegalArgumentException.class);
      inference.run(pictures, 2);
      assertThatThrownBy(() -> inference.output("outputs"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("did you mean output?");
    }
  }

  @Test
  void stepsOutOfOrderAreRefused() {
    TckCase given = network();
    Sgd rule = new Sgd(0.01, 0.9, 0, false);
    Weights.Key kernel = new Weights.Key("conv1", Role.KERNEL);
    FloatBuffer pictures = FloatBuffer.wrap(given.pictures(BATCH, 0));
    try (TrainingExecutable training =
        engine().compileTraining(given.model(), trainingOptions(given))) {
      Map<String, FloatBuffer> seeds =
          Map.of(
              "output",
              FloatBuffer.wrap(TckCase.outputGradient(BATCH * outputSize(training), "output")));
      Weights before = training.weights();
      assertThatThrownBy(() -> training.backward(seeds)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> training.update(rule)).isInstanceOf(IllegalStateException.class);
      assertThat(training.weights()).isEqualTo(before);

      training.forward(pictures, BATCH, 0);
      training.backward(seeds);
      // The first has run over what a second would need.
      assertThatThrownBy(() -> training.backward(seeds)).isInstanceOf(IllegalStateException.class);
      assertThatCode(() -> training.gradient(kernel)).doesNotThrowAnyException();

      training.forward(pictures, BATCH, 1);
      assertThatThrownBy(() -> training.gradient(kernel)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> training.gradient("input"))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> training.update(rule)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void smallBatchesAddUpToALargeOneWhereNoNormLooksAtThemTogether() {
    TckCase given =
        TckCase.of("a network without dropout", Shape.of(3, 13, 11), PatternCases.steady());
    Sgd rule = new Sgd(0.01, 0.9, 1e-4, true);
    TrainingOptions options = trainingOptions(given).withFrozenStatistics(node -> true);
    try (TrainingExecutable pieces = engine().compileTraining(given.model(), options);
        TrainingExecutable whole = engine().compileTraining(given.model(), options)) {
      int size = outputSize(whole);
      float[] pictures = given.pictures(BATCH, 0);
      float[] seed = TckCase.outputGradient(BATCH * size, "output");
      int picture = whole.input().size();
      for (int step = 0; step < 2; step++) {
        whole.forward(FloatBuffer.wrap(pictures), BATCH, step);
        whole.backward(Map.of("output", FloatBuffer.wrap(seed)));
        for (int piece = 0; piece < BATCH; piece++) {
          if (piece > 0) {
            pieces.accumulate();
          }
          pieces.forward(FloatBuffer.wrap(pictures, piece * picture, picture), 1, step);
          pieces.backward(Map.of("output", FloatBuffer.wrap(seed, piece * size, size)));
        }
        double norm = 0;
        for (Weights.Key key : given.graph().parameters().keySet()) {
          if (key.role().isLearned()) {
            double[] gradient = doubles(whole.gradient(key).values());
            assertClose(key.toString(), doubles(pieces.gradient(key).values()), gradient, BACKWARD);
            norm += DoubleStream.of(gradient).map(value -> value * value).sum();
          }
        }
        assertThat(whole.gradientNorm()).isCloseTo(Math.sqrt(norm), withinPercentage(1e-6));
        assertThat(pieces.gradientNorm()).isCloseTo(Math.sqrt(norm), withinPercentage(1e-3));
        whole.update(rule);
        pieces.update(rule);
      }
      Weights expected = whole.weights();
      pieces
          .weights()
          .tensors()
          .forEach(
              (key, tensor) ->
                  assertClose(
                      key.toString(),
                      doubles(tensor.values()),
                      doubles(expected.get(key).values()),
                      FORWARD));
    }
  }

  /** Without guards slots share their bytes, so that a life cut short would show. */
  @ParameterizedTest
  @MethodSource("cases")
  void sharedMemoryEqualsTheReference(TckCase given) {
    try (TrainingExecutable actual =
            engine().compileTraining(given.model(), trainingOptions(given));
        TrainingExecutable expected =
            REFERENCE.compileTraining(given.model(), trainingOptions(given))) {
      for (int count : List.of(BATCH, 2, BATCH)) {
        Map<String, FloatBuffer> seeds = new LinkedHashMap<>();
        actual
            .outputs()
            .forEach(
                (name, shape) ->
                    seeds.put(
                        name,
                        FloatBuffer.wrap(TckCase.outputGradient(count * shape.size(), name))));
        for (TrainingExecutable each : List.of(actual, expected)) {
          each.forward(FloatBuffer.wrap(given.pictures(count, count)), count, 7);
          each.backward(seeds);
        }
        compare(given, actual, expected);
      }
    }
    CompileOptions options =
        CompileOptions.batch(BATCH).withThreads(2).withOutputs(given.outputs());
    try (Executable actual = engine().compile(given.model(), options);
        Executable expected = REFERENCE.compile(given.model(), options)) {
      for (int count : List.of(BATCH, 1, BATCH)) {
        FloatBuffer pictures = FloatBuffer.wrap(given.pictures(count, count));
        actual.run(pictures, count);
        expected.run(pictures, count);
        for (String output : expected.outputs().keySet()) {
          assertClose(
              "%s of %d".formatted(output, count),
              doubles(actual.output(output)),
              doubles(expected.output(output)),
              FORWARD);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void logitsEqualTorchvision(String model) {
    GoldenLogits.verify(engine(), model, FORWARD);
  }

  static List<String> goldens() {
    return List.of("resnet18", "resnet50");
  }

  @Test
  void everyThreadCountComputesTheSameWithinRounding() {
    TckCase given = network();
    float[][] results = new float[2][];
    for (int threads = 1; threads <= 2; threads++) {
      CompileOptions options = CompileOptions.batch(BATCH).withThreads(threads);
      try (Executable inference = engine().compile(given.model(), options)) {
        inference.run(FloatBuffer.wrap(given.pictures(BATCH, 0)), BATCH);
        results[threads - 1] = Closeness.floats(inference.output("output"));
      }
    }
    assertClose("output", doubles(results[0]), doubles(results[1]), FORWARD);
  }
}
