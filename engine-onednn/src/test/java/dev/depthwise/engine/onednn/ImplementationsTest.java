package dev.depthwise.engine.onednn;

import static dev.depthwise.network.Blocks.activation;
import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.crop;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.depthwise;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.gate;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.layerNorm;
import static dev.depthwise.network.Blocks.layerScale;
import static dev.depthwise.network.Blocks.localResponseNorm;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.prelu;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Blocks.scale;
import static dev.depthwise.network.Blocks.squeeze;
import static dev.depthwise.network.Blocks.standardize;
import static dev.depthwise.network.Blocks.stochasticDepth;
import static dev.depthwise.network.Blocks.upsample;
import static dev.depthwise.network.Blocks.zeroPad;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.network.Activation;
import dev.depthwise.network.Block;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Input;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.Model;
import dev.depthwise.network.Op;
import dev.depthwise.network.PRelu;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.Weights;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No operation and no layer of the zoo may fall to oneDNN's reference kernels: they are hundreds of
 * times slower.
 */
class ImplementationsTest {
  @ParameterizedTest
  @ValueSource(strings = {"resnet50", "resnet20"})
  void inferenceUsesFastKernels(String id) {
    try (OnednnExecutable network =
        (OnednnExecutable) new OnednnEngine().compile(model(id), CompileOptions.batch(1))) {
      assertFast(network.profile());
    }
  }

  @Test
  void trainingUsesFastKernels() {
    Model model = model("resnet20");
    try (OnednnTraining training = new OnednnEngine().training(model, TrainingOptions.batch(2))) {
      Shape input = model.graph().input().shape();
      training.forward(FloatBuffer.allocate(2 * input.size()), 2, 0);
      assertFast(training.profile());
    }
  }

  @Test
  void everyOperationHasALowering() {
    Set<Class<?>> operations = new HashSet<>(Set.of(Op.class.getPermittedSubclasses()));
    operations.remove(Input.class);
    assertThat(Program.LOWERINGS.keySet()).isEqualTo(operations);
  }

  @ParameterizedTest
  @EnumSource
  void everyFunctionIsFusedIntoFastKernels(Activation.Function function) {
    Block hosts =
        chain(
            conv("conv", 24, k(3)),
            activation("first", of(function)),
            residual(chain(depthwise("depthwise", k(3)), conv("point", 24, k(1))), identity()),
            activation("second", of(function)),
            globalAveragePool("pool"),
            dense("dense", 10),
            activation("third", of(function)));
    try (OnednnExecutable network =
        (OnednnExecutable)
            new OnednnEngine().compile(model(graph(hosts)), CompileOptions.batch(2))) {
      assertFast(network.profile());
      assertThat(network.profile())
          .extracting(StepTime::node)
          .doesNotContain("first", "second", "third");
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyFunctionIsTrainedOnFastKernels(Activation.Function function) {
    assertTrainsFast(chain(conv("conv", 24, k(3)), activation("act", of(function))));
  }

  @Test
  void productsAndSlopesAreTrainedOnFastKernels() {
    assertTrainsFast(
        chain(
            conv("conv", 24, k(3)),
            prelu("prelu"),
            (scope, input) -> scope.child("slope").emit(new PRelu(true), input),
            gate("picture", chain(squeeze("squeeze"), conv("excite", 24, k(1)))),
            gate("vector", chain(globalAveragePool("pool"), dense("dense", 24))),
            gate("square", identity()),
            scale("scale", 0.17),
            standardize("standardization"),
            layerScale("layer", 1e-6),
            dropout("dropout", 0.1),
            stochasticDepth("depth", 0.1)));
  }

  @Test
  void spatialOperationsAndNormsUseFastKernels() {
    try (OnednnExecutable network =
        (OnednnExecutable)
            new OnednnEngine().compile(model(graph(spatial())), CompileOptions.batch(2))) {
      assertFast(network.profile());
    }
    assertTrainsFast(spatial());
  }

  /** The widths, sizes and exponents that were published. */
  private static Block spatial() {
    return chain(
        conv("stem", 96, k(3)),
        localResponseNorm("lrn", new LocalResponseNorm(5, 1e-4, 0.75, 2)),
        zeroPad("pad", 1, 1, 1, 1),
        maxPool("max", k(3).stride(2).pad(0).ceil()),
        conv("reduce", 36, k(1)),
        layerNorm("norm", 1e-6),
        averagePool("average", k(3).stride(2).ceil(), true),
        upsample("nearest", 2, 2, Upsample.Mode.NEAREST),
        upsample("bilinear", 2, 2, Upsample.Mode.BILINEAR),
        crop("crop", 1, 0, 0, 1),
        flatten(Flatten.Order.HWC),
        layerNorm("vector", 1e-6),
        dense("fc", 10));
  }

  private static Activation of(Activation.Function function) {
    return switch (function) {
      case ELU, HARD_SIGMOID, LEAKY_RELU, SWISH -> new Activation(function, 0.2);
      case GELU, GELU_TANH, HARD_SWISH, RELU6, SIGMOID, TANH -> Activation.of(function);
    };
  }

  private static Graph graph(Block block) {
    return Graph.of(Shape.of(3, 14, 14), ".", block);
  }

  private static void assertTrainsFast(Block block) {
    Graph graph = graph(block);
    TrainingOptions options = TrainingOptions.batch(2).withGradients(List.of("input"));
    try (OnednnTraining training = new OnednnEngine().training(model(graph), options)) {
      training.forward(FloatBuffer.allocate(2 * graph.input().shape().size()), 2, 0);
      assertFast(training.profile());
    }
  }

  private static void assertFast(List<StepTime> steps) {
    assertThat(steps).isNotEmpty();
    assertThat(steps)
        .allSatisfy(
            step ->
                assertThat(step.implementation())
                    .as(step.kind() + " of " + step.node())
                    .doesNotContain("ref"));
  }

  private static Model model(String id) {
    return model(Zoo.find(id).graph(Options.defaults()));
  }

  private static Model model(Graph graph) {
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (key, shape) ->
                tensors.put(key, Tensor.filled(shape, key.role() == Role.VARIANCE ? 1 : 0.01f)));
    return new Model(graph, new Weights(tensors));
  }
}
