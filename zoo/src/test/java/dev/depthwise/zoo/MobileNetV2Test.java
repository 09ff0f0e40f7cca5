package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MobileNetV2Test {
  private static final Options DEFAULTS = Options.defaults();

  /** The table of Keras' documentation: millions of multiply-adds and of parameters. */
  @ParameterizedTest
  @CsvSource({
    "1.4, 582, 6.06",
    "1.3, 509, 5.34",
    "1.0, 300, 3.47",
    "0.75, 209, 2.61",
    "0.5, 97, 1.95",
    "0.35, 59, 1.66"
  })
  void totalsForEachAlpha(double alpha, double multiplyAdds, double parameters) {
    for (Style style : new Style[] {Style.KERAS, Style.TORCHVISION}) {
      Cost cost = Cost.of(graph(style, DEFAULTS.withAlpha(alpha)));

      assertThat(cost.multiplyAdds() / 1e6).isCloseTo(multiplyAdds, within(1.0));
      // The table leaves batch norm out.
      assertThat(kernels(style, alpha) / 1e6).isCloseTo(parameters, within(0.01));
    }
  }

  private static long kernels(Style style, double alpha) {
    return Cost.of(graph(style, DEFAULTS.withAlpha(alpha))).layers().stream()
        .filter(layer -> !(layer.node().op() instanceof BatchNorm))
        .mapToLong(Cost.Layer::learned)
        .sum();
  }

  /** Section 6.1: the last layer only becomes wider. */
  @ParameterizedTest
  @EnumSource(
      value = Style.class,
      names = {"KERAS", "TORCHVISION"})
  void widthsAreRoundedToEights(Style style) {
    String stem = style == Style.KERAS ? "Conv1" : "features.0.0";
    String last = style == Style.KERAS ? "Conv_1" : "features.18.0";

    assertThat(channels(style, 1.4, stem)).isEqualTo(48);
    assertThat(channels(style, 0.35, stem)).isEqualTo(16);
    assertThat(channels(style, 1.4, last)).isEqualTo(1792);
    assertThat(channels(style, 0.35, last)).isEqualTo(1280);
  }

  @Test
  void noWidthLosesMoreThanATenth() {
    assertThat(Widths.rounded(3)).isEqualTo(8);
    assertThat(Widths.rounded(17.7)).isEqualTo(16);
    assertThat(Widths.rounded(17.8)).isEqualTo(24);
    assertThat(Widths.rounded(20)).isEqualTo(24);
  }

  /** 1.12 times 16 is 17.92; Keras cuts it to 17 before it rounds. */
  @Test
  void kerasCutsWidthsFirst() {
    assertThat(channels(Style.KERAS, 1.12, "expanded_conv_project")).isEqualTo(16);
    assertThat(channels(Style.TORCHVISION, 1.12, "features.1.conv.1")).isEqualTo(24);
  }

  @Test
  void constantsAreThePorts() {
    assertThat(ops(graph(Style.KERAS, DEFAULTS), BatchNorm.class))
        .containsOnly(new BatchNorm(1e-3, 0.001, true));
    assertThat(ops(graph(Style.TORCHVISION, DEFAULTS), BatchNorm.class))
        .containsOnly(new BatchNorm(1e-5, 0.1, true));
    assertThat(ops(graph(Style.KERAS, DEFAULTS), Dropout.class)).isEmpty();
    assertThat(ops(graph(Style.TORCHVISION, DEFAULTS), Dropout.class))
        .containsExactly(new Dropout(0.2));
  }

  @Test
  void unitsAreTapped() {
    assertThat(graph(Style.KERAS, DEFAULTS).value("block_6").shape())
        .isEqualTo(Shape.of(64, 14, 14));
    assertThat(graph(Style.KERAS, DEFAULTS).value("block_2_add").shape())
        .isEqualTo(Shape.of(24, 56, 56));
    assertThat(graph(Style.TORCHVISION, DEFAULTS).value("features.17").shape())
        .isEqualTo(Shape.of(320, 7, 7));
  }

  @ParameterizedTest
  @CsvSource({
    "Logits/kernel, predictions/kernel",
    "mobl0_conv_0_depthwise/depthwise_kernel, expanded_conv_depthwise/depthwise_kernel",
    "bn0_conv_0_bn_project/gamma, expanded_conv_project_BN/gamma",
    "mobl12_conv_12_expand/kernel, block_12_expand/kernel",
    "bn3_conv_3_bn_depthwise/moving_mean, block_3_depthwise_BN/moving_mean",
    "block_3_depthwise_BN/moving_mean, block_3_depthwise_BN/moving_mean"
  })
  void olderKerasNames(String former, String today) {
    assertThat(Zoo.find("mobilenet_v2").today(Style.KERAS).apply(former)).isEqualTo(today);
  }

  private static int channels(Style style, double alpha, String layer) {
    return graph(style, DEFAULTS.withAlpha(alpha)).value(layer).shape().channels();
  }

  private static List<Op> ops(Graph graph, Class<? extends Op> kind) {
    return graph.nodes().stream().map(Node::op).filter(kind::isInstance).toList();
  }

  private static Graph graph(Style style, Options options) {
    return Zoo.find("mobilenet_v2").graph(options.withStyle(style));
  }
}
