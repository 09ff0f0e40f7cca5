package dev.depthwise.training;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.layerScale;
import static dev.depthwise.network.Blocks.prelu;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import org.junit.jupiter.api.Test;

class InitializationTest {
  private static final Graph GRAPH =
      Graph.of(
          Shape.of(8, 4, 4),
          ".",
          chain(conv("conv", 64, k(3), 2, true), globalAveragePool("pool"), dense("fc", 100)));

  @Test
  void convolutionsHaveTheVarianceOfHe() {
    float[] kernel =
        Initialization.initialize(GRAPH, 1).weights().get("conv", Role.KERNEL).toArray();

    double mean = 0;
    double square = 0;
    for (float value : kernel) {
      mean += value / kernel.length;
      square += (double) value * value / kernel.length;
    }
    double expected = 2.0 / (64 * 9 / 2);
    assertThat(mean).isCloseTo(0, within(0.006));
    assertThat(square).isCloseTo(expected, within(0.1 * expected));
  }

  @Test
  void denseLayersFillTheirRange() {
    Model model = Initialization.initialize(GRAPH, 1);
    float largest = 0;
    for (float value : model.weights().get("fc", Role.KERNEL).toArray()) {
      largest = Math.max(largest, Math.abs(value));
    }

    assertThat(largest).isBetween(0.12f, 0.125f);
    assertThat(model.weights().get("fc", Role.BIAS).toArray()).doesNotContain(0f);
    assertThat(model.weights().get("conv", Role.BIAS).toArray()).containsOnly(0f);
  }

  @Test
  void batchNormBeginsAsIdentity() {
    Model model = Initialization.initialize(Tiny.graph(), 1);

    assertThat(model.weights().get("bn1", Role.SCALE).toArray()).containsOnly(1f);
    assertThat(model.weights().get("bn1", Role.SHIFT).toArray()).containsOnly(0f);
    assertThat(model.weights().get("bn1", Role.MEAN).toArray()).containsOnly(0f);
    assertThat(model.weights().get("bn1", Role.VARIANCE).toArray()).containsOnly(1f);
  }

  @Test
  void slopesBeginAtAQuarterAndLayerScalesWhereTheySay() {
    Graph graph =
        Graph.of(Shape.of(8, 4, 4), ".", chain(prelu("prelu"), layerScale("scale", 1e-6)));

    Weights weights = Initialization.initialize(graph, 1).weights();

    assertThat(weights.get("prelu", Role.SLOPE).toArray()).hasSize(8).containsOnly(0.25f);
    assertThat(weights.get("scale", Role.LAYER_SCALE).toArray()).hasSize(8).containsOnly(1e-6f);
  }

  @Test
  void seedAndNameDecide() {
    Graph graph = Tiny.graph();
    float[] first = kernel(Initialization.initialize(graph, 1), "conv2");

    assertThat(kernel(Initialization.initialize(graph, 1), "conv2")).isEqualTo(first);
    assertThat(kernel(Initialization.initialize(graph, 2), "conv2")).isNotEqualTo(first);
    Graph sole = Graph.of(Shape.of(4, 8, 8), ".", conv("conv2", 4, k(3)));
    assertThat(kernel(Initialization.initialize(sole, 1), "conv2")).isEqualTo(first);
  }

  private static float[] kernel(Model model, String node) {
    return model.weights().get(node, Role.KERNEL).toArray();
  }
}
