package dev.depthwise.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No layer of the zoo may fall to oneDNN's reference kernels: they are hundreds of times slower.
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
    Graph graph = Zoo.find(id).graph(Options.defaults());
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (key, shape) ->
                tensors.put(key, Tensor.filled(shape, key.role() == Role.VARIANCE ? 1 : 0.01f)));
    return new Model(graph, new Weights(tensors));
  }
}
