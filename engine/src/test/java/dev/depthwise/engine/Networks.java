package dev.depthwise.engine;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small networks with numbers, and how to look at their plans. */
final class Networks {
  private Networks() {}

  /** A network over pictures of 3x6x6. */
  static Model model(Block block) {
    return model(Graph.of(Shape.of(3, 6, 6), ".", block));
  }

  /** A graph with numbers of its own in every tensor; variances are positive. */
  static Model model(Graph graph) {
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach((key, shape) -> tensors.put(key, Tensor.of(shape, numbers(key, shape.size()))));
    return new Model(graph, new Weights(tensors));
  }

  private static float[] numbers(Weights.Key key, int size) {
    float[] numbers = new float[size];
    for (int index = 0; index < size; index++) {
      double uniform = Randomness.uniform(key.toString().hashCode(), index);
      numbers[index] = (float) (key.role() == Role.VARIANCE ? 0.5 + uniform : uniform - 0.5);
    }
    return numbers;
  }

  /** Pictures with values in [-1, 1). */
  static FloatBuffer pictures(Shape shape, int count) {
    FloatBuffer pictures = FloatBuffer.allocate(count * shape.size());
    for (int index = 0; index < pictures.capacity(); index++) {
      pictures.put(index, (float) (2 * Randomness.uniform(7, index) - 1));
    }
    return pictures;
  }

  /** The plan of a network for inference. */
  static Plan inference(Block block) {
    return Compiler.forInference(model(block), CompileOptions.batch(2)).plan();
  }

  /** The plan of a network that is trained whole. */
  static Plan training(Block block) {
    return training(block, TrainingOptions.batch(2));
  }

  static Plan training(Block block, TrainingOptions options) {
    return Compiler.forTraining(model(block), options, step -> 0).plan();
  }

  /** The names of steps, in order. */
  static List<String> names(List<? extends Step> steps) {
    return steps.stream().map(Step::name).toList();
  }

  /** The only forward step of that name. */
  static Forward forward(Plan plan, String name) {
    List<Forward> found = plan.forward().stream().filter(step -> step.name().equals(name)).toList();
    if (found.size() != 1) {
      throw new AssertionError("not one step " + name + " in\n" + plan);
    }
    return found.get(0);
  }

  /** The only derivative of a node of that name. */
  static Backward backward(Plan plan, String name) {
    List<Backward> found =
        plan.backward().stream()
            .filter(Backward.class::isInstance)
            .map(Backward.class::cast)
            .filter(step -> step.name().equals(name))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError("not one derivative of " + name + " in\n" + plan);
    }
    return found.get(0);
  }
}
