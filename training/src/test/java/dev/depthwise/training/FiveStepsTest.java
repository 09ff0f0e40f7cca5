package dev.depthwise.training;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.engine.Engines;
import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.tck.Filler;
import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import dev.depthwise.network.Window;
import dev.depthwise.vision.Targets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Five training steps of a tiny residual network, as PyTorch computes them in double precision: the
 * same pictures at every step, cross entropy, batch statistics. The reference values tell no
 * learning rates and decays; those here are the round numbers that give them.
 */
class FiveStepsTest {
  private static final int[] LABELS = {3, 1, 4, 1};
  private static final int CLASSES = 10;
  private static final Shape PICTURE = Shape.of(3, 33, 47);

  /** How far from double precision five steps may lead, relatively. */
  private double tolerance;

  /**
   * What is trained how.
   *
   * @param name of the reference values
   * @param frozenBackbone whether only the classifier learns; batch norms still take the batch's
   *     statistics
   */
  record Run(String name, double learningRate, Optimizer optimizer, boolean frozenBackbone) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Arguments> runs() {
    List<Run> runs =
        List.of(
            new Run("sgd", 0.05, Sgd.plain(), false),
            new Run("sgd_momentum_wd", 0.05, Sgd.of(0.9, Decay.ofAll(1e-3)), false),
            new Run("sgd_nesterov", 0.05, Sgd.nesterov(0.9, Decay.none()), false),
            new Run("adam", 1e-3, Adam.of(Decay.none()), false),
            new Run("adamw", 1e-3, AdamW.of(Decay.ofAll(1e-2)), false),
            new Run("rmsprop", 1e-3, RmsProp.of(0, Decay.none()), false),
            new Run("frozen_backbone_bn_still_train_mode", 0.05, Sgd.plain(), true));
    return Stream.of("reference", "onednn")
        .flatMap(engine -> runs.stream().map(run -> Arguments.of(engine, run)));
  }

  @ParameterizedTest(name = "{1} on {0}")
  @MethodSource("runs")
  void fiveStepsEqualPyTorch(String engine, Run run) throws IOException {
    tolerance = engine.equals("reference") ? 1e-6 : 1e-4;
    JsonNode reference = reference();
    JsonNode expected = reference.get("runs").get(run.name());
    Graph graph = Graph.of(PICTURE, ".", network());
    Model model = new Model(graph, Filler.weights(graph, Math.sqrt(2)));
    TrainingOptions options =
        TrainingOptions.batch(LABELS.length)
            .withThreads(1)
            .withTrained(key -> !run.frozenBackbone() || key.node().equals("fc"));
    FloatBuffer pictures = FloatBuffer.wrap(Filler.pictures(LABELS.length, PICTURE));
    FloatBuffer gradient = FloatBuffer.allocate(LABELS.length * CLASSES);
    try (TrainingExecutable training = Engines.named(engine).compileTraining(model, options)) {
      for (int step = 0; step < 5; step++) {
        training.forward(pictures, LABELS.length, step);
        FloatBuffer logits = training.output("output");
        double loss =
            new CrossEntropy(0).score(logits, Targets.of(LABELS), CLASSES, 1, gradient).loss();
        near("loss of step " + step, loss, expected.get("losses").get(step));
        if (step == 0) {
          for (int i = 0; i < LABELS.length * CLASSES; i++) {
            JsonNode known = reference.at("/step0/logits").get(i / CLASSES).get(i % CLASSES);
            near("logit " + i, logits.get(i), known);
          }
        }
        training.backward(Map.of("output", gradient));
        if (step == 0) {
          JsonNode gradients = reference.at("/step0/grads");
          for (Weights.Key key : graph.parameters().keySet()) {
            if (key.role().isLearned() && options.derivatives().trained().test(key)) {
              summary(
                  "gradient of " + key,
                  training.gradient(key).toArray(),
                  gradients.get(Filler.torchName(key)));
            }
          }
        }
        training.update(run.optimizer().at(run.learningRate(), step + 1));
      }
      Weights weights = training.weights();
      for (Weights.Key key : graph.parameters().keySet()) {
        summary(
            key + " after five steps",
            weights.get(key).toArray(),
            expected.get("after").get(Filler.torchName(key)));
      }
    }
  }

  /** Length, sum and first elements; a sum of small differences is held against the length. */
  private void summary(String what, float[] values, JsonNode expected) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    double length = expected.get("l2").asDouble();
    near("length of " + what, Math.sqrt(squares), expected.get("l2"));
    near("sum of " + what, sum, expected.get("sum"), length * Math.sqrt(values.length));
    for (int i = 0; i < expected.get("first3").size(); i++) {
      near("element %d of %s".formatted(i, what), values[i], expected.get("first3").get(i), length);
    }
  }

  private void near(String what, double actual, JsonNode expected) {
    near(what, actual, expected, Math.abs(expected.asDouble()));
  }

  private void near(String what, double actual, JsonNode expected, double scale) {
    assertThat(Math.abs(actual - expected.asDouble()))
        .as("%s: %s, expected %s", what, actual, expected)
        .isLessThanOrEqualTo(tolerance * Math.max(scale, 1e-2));
  }

  private static JsonNode reference() throws IOException {
    try (InputStream file = FiveStepsTest.class.getResourceAsStream("five_steps.json")) {
      return new ObjectMapper().readTree(file);
    }
  }

  private static Block network() {
    return chain(
        convBn("conv1", "bn1", 8, k(7).stride(2)),
        relu(),
        maxPool("maxpool", k(3).stride(2)),
        named("layer1", named("0", block(8, 1, identity()))),
        named(
            "layer2",
            named("0", block(16, 2, named("downsample", convBn("0", "1", 16, k(1).stride(2)))))),
        globalAveragePool("avgpool"),
        dense("fc", CLASSES));
  }

  private static Block block(int width, int stride, Block shortcut) {
    return chain(
        residual(
            chain(
                convBn("conv1", "bn1", width, k(3).stride(stride)),
                relu(),
                convBn("conv2", "bn2", width, k(3))),
            shortcut),
        relu());
  }

  private static Block convBn(String conv, String norm, int filters, Window window) {
    return chain(conv(conv, filters, window), batchNorm(norm, 1e-5, 0.1));
  }
}
