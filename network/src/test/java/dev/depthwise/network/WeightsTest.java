package dev.depthwise.network;

import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private static final Graph GRAPH =
      Graph.of(Shape.of(3, 4, 4), ".", Blocks.conv("conv", 2, k(1), 1, true));
  private static final Weights.Key KERNEL = new Weights.Key("conv", Role.KERNEL);
  private static final Weights.Key BIAS = new Weights.Key("conv", Role.BIAS);

  private static Tensor tensor(int... dimensions) {
    return Tensor.filled(Shape.of(dimensions), 0.5f);
  }

  @Test
  void theWeightsOfAGraph() {
    Weights weights = new Weights(Map.of(KERNEL, tensor(2, 3, 1, 1), BIAS, tensor(2)));

    assertThatCode(() -> new Model(GRAPH, weights)).doesNotThrowAnyException();
    assertThat(weights.has("conv", Role.BIAS)).isTrue();
    assertThat(weights.has("fc", Role.BIAS)).isFalse();
  }

  @Test
  void allThatDoesNotFitIsNamed() {
    Weights weights =
        new Weights(
            Map.of(KERNEL, tensor(2, 1, 1, 1), new Weights.Key("fc", Role.BIAS), tensor(2)));

    assertThatThrownBy(() -> new Model(GRAPH, weights))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "these weights are not of this network: conv/kernel is 2x1x1x1, expected 2x3x1x1;"
                + " missing conv/bias 2; unexpected fc/bias");
  }
}
