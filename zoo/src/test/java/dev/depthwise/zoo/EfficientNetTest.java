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
import dev.depthwise.network.Standardization;
import dev.depthwise.network.StochasticDepth;
import dev.depthwise.network.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EfficientNetTest {
  private static final Options DEFAULTS = Options.defaults();

  /** torchvision's documentation; Tan and Le 2019, Table 2, has billions of multiply-adds. */
  @ParameterizedTest
  @CsvSource({
    "b0, 5288548, 0.39, 0.01",
    "b1, 7794184, 0.70, 0.02",
    "b2, 9109994, 1.0, 0.02",
    "b3, 12233232, 1.8, 0.06",
    "b4, 19341616, 4.2, 0.25",
    "b5, 30389784, 9.9, 0.4",
    "b6, 43040704, 19, 0.2",
    "b7, 66347960, 37, 1.6"
  })
  void totalsAreTorchvisions(String id, long parameters, double billions, double rounding) {
    Cost cost = Cost.of(graph(id, Style.TORCHVISION, DEFAULTS));

    assertThat(cost.learned()).isEqualTo(parameters);
    assertThat(cost.multiplyAdds() / 1e9).isCloseTo(billions, within(rounding));
  }

  /** Keras counts one more: how many pictures the mean of its first layer was taken of. */
  @ParameterizedTest
  @CsvSource({
    "b0, 5330571, 4049571",
    "b1, 7856239, 6575239",
    "b2, 9177569, 7768569",
    "b3, 12320535, 10783535",
    "b4, 19466823, 17673823",
    "b5, 30562527, 28513527",
    "b6, 43265143, 40960143",
    "b7, 66658687, 64097687"
  })
  void totalsAreKeras(String id, long withTop, long withoutTop) {
    assertThat(all(graph(id, Style.KERAS, DEFAULTS)) + 1).isEqualTo(withTop);
    assertThat(all(graph(id, Style.KERAS, DEFAULTS.withoutTop(Pooling.NONE))) + 1)
        .isEqualTo(withoutTop);
  }

  private static long all(Graph graph) {
    Cost cost = Cost.of(graph);
    return cost.learned() + cost.statistics();
  }

  @Test
  void layersHaveTorchvisionsNames() {
    assertThat(layers(graph("b0", Style.TORCHVISION, DEFAULTS)))
        .startsWith(
            "features.0.0",
            "features.0.1",
            "features.1.0.block.0.0",
            "features.1.0.block.0.1",
            "features.1.0.block.1.fc1",
            "features.1.0.block.1.fc2",
            "features.1.0.block.2.0",
            "features.1.0.block.2.1",
            "features.2.0.block.0.0",
            "features.2.0.block.0.1",
            "features.2.0.block.1.0",
            "features.2.0.block.1.1",
            "features.2.0.block.2.fc1",
            "features.2.0.block.2.fc2",
            "features.2.0.block.3.0",
            "features.2.0.block.3.1",
            "features.2.1.block.0.0")
        .endsWith(
            "features.7.0.block.3.0",
            "features.7.0.block.3.1",
            "features.8.0",
            "features.8.1",
            "classifier.1");
  }

  @Test
  void layersHaveKerasNames() {
    assertThat(layers(graph("b0", Style.KERAS, DEFAULTS)))
        .startsWith(
            "normalization",
            "stem_conv",
            "stem_bn",
            "block1a_dwconv",
            "block1a_bn",
            "block1a_se_reduce",
            "block1a_se_expand",
            "block1a_project_conv",
            "block1a_project_bn",
            "block2a_expand_conv",
            "block2a_expand_bn",
            "block2a_dwconv")
        .endsWith("block7a_project_bn", "top_conv", "top_bn", "predictions");
  }

  private static List<String> layers(Graph graph) {
    return graph.parameters().keySet().stream().map(Weights.Key::node).distinct().toList();
  }

  /** torchvision took the weights of B5 to B7 from TensorFlow, the others from PyTorch. */
  @Test
  void constantsAreThePorts() {
    assertThat(ops(graph("b4", Style.TORCHVISION, DEFAULTS), BatchNorm.class))
        .containsOnly(new BatchNorm(1e-5, 0.1, true));
    assertThat(ops(graph("b5", Style.TORCHVISION, DEFAULTS), BatchNorm.class))
        .containsOnly(new BatchNorm(1e-3, 0.01, true));
    assertThat(ops(graph("b0", Style.KERAS, DEFAULTS), BatchNorm.class))
        .containsOnly(new BatchNorm(1e-3, 0.01, true));
    assertThat(ops(graph("b7", Style.KERAS, DEFAULTS), Dropout.class))
        .containsExactly(new Dropout(0.5));
  }

  /** Sixteen units, nine of them with a sum; the n-th drops 0.2 n / 16. */
  @Test
  void stochasticDepthGrows() {
    for (Style style : List.of(Style.KERAS, Style.TORCHVISION)) {
      assertThat(ops(graph("b0", style, DEFAULTS), StochasticDepth.class))
          .extracting(op -> ((StochasticDepth) op).rate() * 16 / 0.2)
          .usingElementComparator((one, other) -> Math.abs(one - other) < 1e-9 ? 0 : 1)
          .containsExactly(2.0, 4.0, 6.0, 7.0, 9.0, 10.0, 12.0, 13.0, 14.0);
    }
  }

  @Test
  void kerasPreparesItsPictures() {
    assertThat(ops(graph("b0", Style.KERAS, DEFAULTS), Standardization.class)).hasSize(1);
    assertThat(ops(graph("b0", Style.TORCHVISION, DEFAULTS), Standardization.class)).isEmpty();
  }

  @Test
  void stagesAndUnitsAreTapped() {
    assertThat(graph("b0", Style.KERAS, DEFAULTS).value("block6").shape())
        .isEqualTo(Shape.of(192, 7, 7));
    assertThat(graph("b0", Style.KERAS, DEFAULTS).value("block6d").shape())
        .isEqualTo(Shape.of(192, 7, 7));
    assertThat(graph("b0", Style.TORCHVISION, DEFAULTS).value("features.3.1").shape())
        .isEqualTo(Shape.of(40, 28, 28));
    assertThat(graph("b0", Style.TORCHVISION, DEFAULTS).value("features.3"))
        .isEqualTo(graph("b0", Style.TORCHVISION, DEFAULTS).value("features.3.1"));
  }

  private static List<Op> ops(Graph graph, Class<? extends Op> kind) {
    return graph.nodes().stream().map(Node::op).filter(kind::isInstance).toList();
  }

  private static Graph graph(String id, Style style, Options options) {
    return Zoo.find("efficientnet_" + id).graph(options.withStyle(style));
  }
}
