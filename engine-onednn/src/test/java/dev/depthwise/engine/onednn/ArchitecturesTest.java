package dev.depthwise.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.tck.Filler;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks the registry: every architecture runs, forward and backward, on the smallest pictures. */
class ArchitecturesTest {
  private static final int BATCH = 2;
  private static final int CLASSES = 3;
  private static final int STEPS = 3;

  /** From small to usual; the first that an architecture can be built for is taken. */
  private static final List<Integer> EXTENTS = List.of(32, 48, 64, 75, 96, 128, 160, 224, 299);

  static List<Architecture> architectures() {
    return Zoo.architectures();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("architectures")
  void everyParameterGetsAGradient(Architecture architecture) {
    Graph graph = smallest(architecture);
    Model model = new Model(graph, Filler.weights(graph, Math.sqrt(2)));
    List<Weights.Key> without = new ArrayList<>(graph.parameters().keySet());
    without.removeIf(key -> !key.role().isLearned());
    try (TrainingExecutable training =
        new OnednnEngine()
            .compileTraining(model, TrainingOptions.batch(BATCH).withThreads(1).withSeed(5))) {
      // A step leaves out what stochastic depth drops; another drops something else.
      for (int step = 1; step <= STEPS && !without.isEmpty(); step++) {
        step(training, graph, step);
        // Batch norm lets gradients grow layer by layer where no shortcut goes past it (Yang et al.
        // 2019): over a thousand plain layers they leave float32.
        if (!architecture.id().startsWith("plain")) {
          assertThat(training.gradientNorm()).isFinite();
        }
        // A bias in front of a batch norm has none but the rounding.
        without.removeIf(key -> !isZero(training.gradient(key)));
      }
    }
    assertThat(without).as("parameters without a gradient").isEmpty();
  }

  private static void step(TrainingExecutable training, Graph graph, int number) {
    training.forward(
        FloatBuffer.wrap(Filler.pictures(BATCH, graph.input().shape())), BATCH, number);
    Map<String, FloatBuffer> derivatives = new HashMap<>();
    training
        .outputs()
        .forEach(
            (name, shape) -> {
              assertThat(finite(training.output(name))).as(name).isTrue();
              derivatives.put(name, alternating(BATCH * shape.size()));
            });
    training.backward(derivatives);
  }

  private static Graph smallest(Architecture architecture) {
    int usual = architecture.input().height();
    for (int extent : EXTENTS) {
      Options options =
          Options.defaults().withInput(Shape.of(3, extent, extent)).withClasses(CLASSES);
      if (!architecture.traits().auxiliary().isEmpty()) {
        options = options.withAuxiliary();
      }
      try {
        return architecture.graph(options);
      } catch (InputException e) {
        // Too small: stages come to an end.
        assertThat(extent).as(e.getMessage()).isLessThan(usual);
      }
    }
    throw new AssertionError(architecture.id() + " fits no extent");
  }

  private static FloatBuffer alternating(int size) {
    float[] values = new float[size];
    for (int index = 0; index < size; index++) {
      values[index] = index % 3 - 0.75f;
    }
    return FloatBuffer.wrap(values);
  }

  private static boolean finite(FloatBuffer values) {
    for (int index = values.position(); index < values.limit(); index++) {
      if (!Float.isFinite(values.get(index))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(Tensor tensor) {
    FloatBuffer values = tensor.values();
    while (values.hasRemaining()) {
      if (values.get() != 0) {
        return false;
      }
    }
    return true;
  }
}
