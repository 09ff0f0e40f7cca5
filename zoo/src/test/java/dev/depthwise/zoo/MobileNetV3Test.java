package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Activation;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MobileNetV3Test {
  private static final Options DEFAULTS = Options.defaults();
  private static final Activation HARD_SIGMOID =
      new Activation(Activation.Function.HARD_SIGMOID, 1.0 / 6);

  /** The table of Keras' documentation: millions of multiply-adds and of parameters. */
  @ParameterizedTest
  @CsvSource({"1.0, 217, 5.4", "0.75, 155, 4.0"})
  void totalsOfTheLargeOne(double alpha, double multiplyAdds, double parameters) {
    Cost cost = Cost.of(graph("large", Style.KERAS, DEFAULTS.withAlpha(alpha)));

    assertThat(cost.multiplyAdds() / 1e6).isCloseTo(multiplyAdds, within(1.0));
    assertThat(cost.learned() / 1e6).isCloseTo(parameters, within(0.1));
  }

  /** Keras leaves the first and the last layers as wide as they are, torchvision does not. */
  @Test
  void alphaIsThePorts() {
    Graph keras = graph("small", Style.KERAS, DEFAULTS.withAlpha(0.5));
    Graph torchvision = graph("small", Style.TORCHVISION, DEFAULTS.withAlpha(0.5));

    assertThat(keras.value("conv").shape().channels()).isEqualTo(16);
    assertThat(keras.value("conv_2").shape().channels()).isEqualTo(1024);
    assertThat(torchvision.value("features.0.0").shape().channels()).isEqualTo(8);
    assertThat(torchvision.value("classifier.0").shape().channels()).isEqualTo(512);
    // 88 / 24 times 16 channels are 58.7; half of 88 is 44.
    assertThat(keras.value("expanded_conv_2_expand").shape().channels()).isEqualTo(56);
    assertThat(torchvision.value("features.3.block.0.0").shape().channels()).isEqualTo(48);
  }

  @Test
  void constantsAreThePorts() {
    assertThat(ops(graph("large", Style.KERAS, DEFAULTS), BatchNorm.class))
        .containsOnly(new BatchNorm(1e-3, 0.001, true));
    assertThat(ops(graph("large", Style.TORCHVISION, DEFAULTS), BatchNorm.class))
        .containsOnly(new BatchNorm(1e-3, 0.01, true));
  }

  /** Howard et al. 2019, Table 1: eight units weigh their channels, the last nine swish. */
  @Test
  void activationsAreThePapers() {
    for (Style style : List.of(Style.KERAS, Style.TORCHVISION)) {
      List<Op> activations = ops(graph("large", style, DEFAULTS), Activation.class);

      assertThat(activations).filteredOn(HARD_SIGMOID::equals).hasSize(8);
      assertThat(activations)
          .filteredOn(Activation.of(Activation.Function.HARD_SWISH)::equals)
          .hasSize(2 * 9 + 3);
    }
  }

  @Test
  void unitsAreTapped() {
    assertThat(graph("small", Style.KERAS, DEFAULTS).value("expanded_conv_10").shape())
        .isEqualTo(Shape.of(96, 7, 7));
    assertThat(graph("small", Style.TORCHVISION, DEFAULTS).value("features.4").shape())
        .isEqualTo(Shape.of(40, 14, 14));
  }

  @ParameterizedTest
  @CsvSource({
    "Conv/kernel, conv/kernel",
    "Conv_1/BatchNorm/gamma, conv_1_bn/gamma",
    "Conv_2/bias, conv_2/bias",
    "expanded_conv/depthwise/depthwise_kernel, expanded_conv_depthwise/depthwise_kernel",
    "expanded_conv_3/expand/BatchNorm/beta, expanded_conv_3_expand_bn/beta",
    "expanded_conv_10/squeeze_excite/Conv/kernel, expanded_conv_10_squeeze_excite_conv/kernel",
    "expanded_conv/squeeze_excite/Conv_1/bias, expanded_conv_squeeze_excite_conv_1/bias",
    "expanded_conv_4/project/kernel, expanded_conv_4_project/kernel",
    "Logits/kernel, logits/kernel",
    "conv_1_bn/gamma, conv_1_bn/gamma",
    "expanded_conv_1_depthwise_bn/gamma, expanded_conv_1_depthwise_bn/gamma"
  })
  void olderKerasNames(String former, String today) {
    assertThat(Zoo.find("mobilenet_v3_small").today(Style.KERAS).apply(former)).isEqualTo(today);
  }

  private static List<Op> ops(Graph graph, Class<? extends Op> kind) {
    return graph.nodes().stream().map(Node::op).filter(kind::isInstance).toList();
  }

  private static Graph graph(String size, Style style, Options options) {
    return Zoo.find("mobilenet_v3_" + size).graph(options.withStyle(style));
  }
}
