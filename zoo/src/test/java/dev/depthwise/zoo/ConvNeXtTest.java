package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Shape;
import dev.depthwise.network.StochasticDepth;
import dev.depthwise.network.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvNeXtTest {
  private static final Options DEFAULTS = Options.defaults();

  /** torchvision's documentation, and Keras'; Liu et al. 2022, Table 1, has the billions. */
  @ParameterizedTest
  @CsvSource({
    "convnext_tiny, 28589128, 4.5",
    "convnext_small, 50223688, 8.7",
    "convnext_base, 88591464, 15.4"
  })
  void totalsAreThePorts(String id, long parameters, double billions) {
    for (Style style : List.of(Style.TORCHVISION, Style.KERAS)) {
      Cost cost = Cost.of(graph(id, style, DEFAULTS));

      assertThat(cost.learned()).isEqualTo(parameters);
      assertThat(cost.statistics()).isZero();
      assertThat(cost.multiplyAdds() / 1e9).isCloseTo(billions, within(0.05));
    }
  }

  @Test
  void layersHaveTorchvisionsNames() {
    assertThat(layers(graph("convnext_tiny", Style.TORCHVISION, DEFAULTS)))
        .startsWith(
            "features.0.0",
            "features.0.1",
            "features.1.0.block.0",
            "features.1.0.block.2",
            "features.1.0.block.3",
            "features.1.0.block.5",
            "features.1.0.layer_scale",
            "features.1.1.block.0")
        .containsSubsequence("features.1.2.layer_scale", "features.2.0", "features.2.1")
        .endsWith(
            "features.7.2.block.5", "features.7.2.layer_scale", "classifier.0", "classifier.2");
  }

  @Test
  void layersHaveKerasNames() {
    assertThat(layers(graph("convnext_base", Style.KERAS, DEFAULTS)))
        .startsWith(
            "convnext_base_stem_conv",
            "convnext_base_stem_layernorm",
            "convnext_base_stage_0_block_0_depthwise_conv",
            "convnext_base_stage_0_block_0_layernorm",
            "convnext_base_stage_0_block_0_pointwise_conv_1",
            "convnext_base_stage_0_block_0_pointwise_conv_2",
            "convnext_base_stage_0_block_0_layer_scale")
        .containsSubsequence(
            "convnext_base_downsampling_layernorm_0",
            "convnext_base_downsampling_conv_0",
            "convnext_base_stage_1_block_0_depthwise_conv")
        .endsWith("convnext_base_head_layernorm", "convnext_base_head_dense");
  }

  /** Keras' network without its top ends in the norm all the same. */
  @Test
  void withoutTheTop() {
    Options bar = DEFAULTS.withoutTop(Pooling.AVG);

    assertThat(layers(graph("convnext_tiny", Style.KERAS, bar)))
        .endsWith("convnext_tiny_stage_3_block_2_layer_scale", "convnext_tiny_head_layernorm");
    assertThat(layers(graph("convnext_tiny", Style.TORCHVISION, bar)))
        .endsWith("features.7.2.layer_scale");
  }

  private static List<String> layers(Graph graph) {
    return graph.parameters().keySet().stream().map(Weights.Key::node).distinct().toList();
  }

  @Test
  void constantsAreThePapers() {
    Graph graph = graph("convnext_small", Style.TORCHVISION, DEFAULTS);

    assertThat(ops(graph, BatchNorm.class)).isEmpty();
    assertThat(ops(graph, LayerNorm.class)).hasSize(36 + 5).containsOnly(new LayerNorm(1e-6));
    assertThat(ops(graph, LayerScale.class)).hasSize(36).containsOnly(new LayerScale(1e-6));
  }

  /** From nothing in the first unit to 0.4 in the last; Keras' networks drop nothing. */
  @Test
  void stochasticDepthGrows() {
    List<Op> depths =
        ops(graph("convnext_small", Style.TORCHVISION, DEFAULTS), StochasticDepth.class);

    assertThat(depths).hasSize(35);
    assertThat(((StochasticDepth) depths.get(0)).rate()).isCloseTo(0.4 / 35, within(1e-12));
    assertThat(((StochasticDepth) depths.get(34)).rate()).isCloseTo(0.4, within(1e-12));
    assertThat(ops(graph("convnext_small", Style.KERAS, DEFAULTS), StochasticDepth.class))
        .isEmpty();
  }

  @Test
  void stagesAndUnitsAreTapped() {
    Graph torchvision = graph("convnext_tiny", Style.TORCHVISION, DEFAULTS);
    Graph keras = graph("convnext_tiny", Style.KERAS, DEFAULTS);

    assertThat(torchvision.value("features.5").shape()).isEqualTo(Shape.of(384, 14, 14));
    assertThat(torchvision.value("features.5.8")).isEqualTo(torchvision.value("features.5"));
    assertThat(keras.value("convnext_tiny_stage_3").shape()).isEqualTo(Shape.of(768, 7, 7));
    assertThat(keras.value("convnext_tiny_stage_0_block_1").shape())
        .isEqualTo(Shape.of(96, 56, 56));
  }

  @ParameterizedTest
  @CsvSource({
    "convnext_tiny_stage_0_block_0_layer_scale/Variable,"
        + " convnext_tiny_stage_0_block_0_layer_scale/gamma",
    "convnext_tiny_stage_0_block_0_layer_scale/variable_12,"
        + " convnext_tiny_stage_0_block_0_layer_scale/gamma",
    "convnext_tiny_stage_2_block_8_layer_scale/0, convnext_tiny_stage_2_block_8_layer_scale/gamma",
    "convnext_tiny_stem/convnext_tiny_stem_conv/kernel, convnext_tiny_stem_conv/kernel",
    "convnext_tiny_downsampling_block_1/convnext_tiny_downsampling_layernorm_1/beta,"
        + " convnext_tiny_downsampling_layernorm_1/beta",
    "layer_normalization/gamma, convnext_tiny_head_layernorm/gamma",
    "layer_normalization_7/beta, convnext_tiny_head_layernorm/beta",
    "convnext_tiny_head_dense/kernel, convnext_tiny_head_dense/kernel"
  })
  void otherNamesInKerasFiles(String former, String today) {
    assertThat(Zoo.find("convnext_tiny").today(Style.KERAS).apply(former)).isEqualTo(today);
  }

  private static List<Op> ops(Graph graph, Class<? extends Op> kind) {
    return graph.nodes().stream().map(Node::op).filter(kind::isInstance).toList();
  }

  private static Graph graph(String id, Style style, Options options) {
    return Zoo.find(id).graph(options.withStyle(style));
  }
}
