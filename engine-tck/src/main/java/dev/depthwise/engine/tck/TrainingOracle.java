package dev.depthwise.engine.tck;

import static dev.depthwise.engine.tck.Closeness.assertClose;
import static dev.depthwise.engine.tck.Closeness.doubles;
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

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import dev.depthwise.network.Window;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * Five training steps of a tiny residual network, as PyTorch computes them in double precision: the
 * same pictures at every step, cross entropy, batch statistics.
 *
 * @param name the entry in the file
 * @param rule the update
 * @param frozenBackbone whether only the classifier learns; batch norms still take the batch's
 *     statistics
 */
record TrainingOracle(String name, Sgd rule, boolean frozenBackbone) {
  private static final int[] LABELS = {3, 1, 4, 1};
  private static final int CLASSES = 10;
  private static final Shape PICTURE = Shape.of(3, 33, 47);

  static List<TrainingOracle> all() {
    return List.of(
        new TrainingOracle("sgd", new Sgd(0.05, 0, 0, false), false),
        new TrainingOracle("sgd_momentum_wd", new Sgd(0.05, 0.9, 1e-3, false), false),
        new TrainingOracle("sgd_nesterov", new Sgd(0.05, 0.9, 0, true), false),
        new TrainingOracle(
            "frozen_backbone_bn_still_train_mode", new Sgd(0.05, 0, 0, false), true));
  }

  /** Runs the steps and compares losses, logits, gradients and what becomes of the weights. */
  void verify(Engine engine, double tolerance) {
    JsonNode expected = Resources.json("training_oracle.json").get(name);
    Graph graph = Graph.of(PICTURE, ".", network());
    Model model = new Model(graph, Filler.weights(graph, Math.sqrt(2)));
    TrainingOptions options =
        TrainingOptions.batch(LABELS.length)
            .withThreads(2)
            .withTrained(key -> !frozenBackbone || key.node().equals("fc"));
    FloatBuffer pictures = FloatBuffer.wrap(Filler.pictures(LABELS.length, PICTURE));
    try (TrainingExecutable training = engine.compileTraining(model, options)) {
      for (int step = 0; step < 5; step++) {
        training.forward(pictures, LABELS.length, step);
        float[] logits = Closeness.floats(training.output("output"));
        float[] gradient = new float[logits.length];
        double loss = crossEntropy(logits, gradient);
        number("loss of step " + step, loss, expected.get("losses").get(step), tolerance);
        training.backward(Map.of("output", FloatBuffer.wrap(gradient)));
        if (step == 0) {
          verifyLogits(logits, expected.get("step0").get("logits"), tolerance);
          JsonNode gradients = expected.get("step0").get("grads");
          for (Weights.Key key : graph.parameters().keySet()) {
            JsonNode known = gradients.get(Filler.torchName(key));
            if (known != null) {
              verifySummary(
                  "gradient of " + key, doubles(training.gradient(key).values()), known, tolerance);
            }
          }
        }
        training.update(rule);
      }
      Weights weights = training.weights();
      for (Weights.Key key : graph.parameters().keySet()) {
        verifySummary(
            key + " after five steps",
            doubles(weights.get(key).values()),
            expected.get("after").get(Filler.torchName(key)),
            tolerance);
      }
    }
  }

  private static double crossEntropy(float[] logits, float[] gradient) {
    double loss = 0;
    for (int picture = 0; picture < LABELS.length; picture++) {
      double sum = 0;
      for (int each = 0; each < CLASSES; each++) {
        sum += Math.exp(logits[picture * CLASSES + each]);
      }
      loss += Math.log(sum) - logits[picture * CLASSES + LABELS[picture]];
      for (int each = 0; each < CLASSES; each++) {
        double probability = Math.exp(logits[picture * CLASSES + each]) / sum;
        gradient[picture * CLASSES + each] =
            (float) ((probability - (each == LABELS[picture] ? 1 : 0)) / LABELS.length);
      }
    }
    return loss / LABELS.length;
  }

  private static void verifyLogits(float[] logits, JsonNode expected, double tolerance) {
    double[] values = new double[logits.length];
    for (int index = 0; index < values.length; index++) {
      values[index] = expected.get(index / CLASSES).get(index % CLASSES).asDouble();
    }
    assertClose("logits", doubles(logits), values, tolerance);
  }

  /** Length, sum and first elements; a sum of small differences is held against the length. */
  private static void verifySummary(
      String what, double[] values, JsonNode expected, double tolerance) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    double length = expected.get("l2").asDouble();
    number("length of " + what, Math.sqrt(squares), expected.get("l2"), tolerance);
    double scale = Math.max(length * Math.sqrt(values.length), 1e-2);
    if (!(Math.abs(sum - expected.get("sum").asDouble()) <= tolerance * scale)) {
      throw new AssertionError(
          "sum of %s: %s, expected %s".formatted(what, sum, expected.get("sum")));
    }
    JsonNode first = expected.get("first3");
    for (int index = 0; index < first.size(); index++) {
      if (!(Math.abs(values[index] - first.get(index).asDouble())
          <= tolerance * Math.max(length, 1e-2))) {
        throw new AssertionError(
            "element %d of %s: %s, expected %s"
                .formatted(index, what, values[index], first.get(index)));
      }
    }
  }

  private static void number(String what, double actual, JsonNode expected, double tolerance) {
    double value = expected.asDouble();
    if (!(Math.abs(actual - value) <= tolerance * Math.max(Math.abs(value), 1e-2))) {
      throw new AssertionError("%s: %s, expected %s".formatted(what, actual, value));
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

  @Override
  public String toString() {
    return name;
  }
}
