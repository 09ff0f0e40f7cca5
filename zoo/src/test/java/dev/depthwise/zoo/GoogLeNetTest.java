package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.Node;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first Inception network against its paper and Caffe's port; torchvision's has a table. */
class GoogLeNetTest {
  private static final Options DEFAULTS = Options.defaults();
  private static final Options CAFFE = DEFAULTS.withStyle(Style.TORCH);

  @ParameterizedTest
  @ValueSource(strings = {"torch", "torchvision"})
  void itIs22LayersDeep(String style) {
    assertThat(Cost.of(graph(DEFAULTS.withStyle(Style.parse(style)))).depth()).isEqualTo(22);
  }

  /** Those of the published bvlc_googlenet, with its heads and without. */
  @Test
  void parametersAreCaffes() {
    assertThat(Cost.of(graph(CAFFE)).learned()).isEqualTo(6_998_552);
    assertThat(Cost.of(graph(CAFFE.withAuxiliary())).learned()).isEqualTo(13_378_280);
  }

  /** Table 1, in units of 1024 parameters and of a million multiply-adds. */
  @ParameterizedTest
  @CsvSource({"inception_3a, 159, 128", "inception_3b, 380, 304"})
  void modulesCostWhatThePaperSays(String module, double parameters, double multiplyAdds) {
    Cost cost =
        new Cost(
            Cost.of(graph(CAFFE)).layers().stream()
                .filter(layer -> layer.node().name().startsWith(module))
                .toList());

    assertThat(cost.learned() / 1024.0).isCloseTo(parameters, within(1.0));
    assertThat(cost.multiplyAdds() / 1e6).isCloseTo(multiplyAdds, within(0.5));
  }

  @Test
  void modulesHaveTheOutputsOfTable1() {
    List<Integer> channels = List.of(256, 480, 512, 512, 512, 528, 832, 832, 1024);
    List<String> names = List.of("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b");
    for (int index = 0; index < names.size(); index++) {
      assertThat(graph(CAFFE).value("inception_" + names.get(index)).shape().channels())
          .isEqualTo(channels.get(index));
      assertThat(graph(DEFAULTS).value("inception" + names.get(index)).shape())
          .isEqualTo(graph(CAFFE).value("inception_" + names.get(index)).shape());
    }
  }

  @Test
  void onlyThePaperHasA5x5AndResponseNorm() {
    assertThat(kernel(graph(CAFFE), "inception_3a_5x5")).isEqualTo(Shape.of(32, 16, 5, 5));
    assertThat(kernel(graph(DEFAULTS), "inception3a.branch3.1.conv"))
        .isEqualTo(Shape.of(32, 16, 3, 3));
    assertThat(ZooTest.count(graph(CAFFE), LocalResponseNorm.class, "")).isEqualTo(2);
    assertThat(ZooTest.count(graph(CAFFE), BatchNorm.class, "")).isZero();
    assertThat(ZooTest.count(graph(DEFAULTS), LocalResponseNorm.class, "")).isZero();
    assertThat(ZooTest.count(graph(DEFAULTS), BatchNorm.class, "")).isEqualTo(57);
  }

  /** Section 5: 4x4 places of 4a and of 4d. */
  @Test
  void headsReadThePoolsOfThePaper() {
    Graph caffe = graph(CAFFE.withAuxiliary());

    assertThat(caffe.value("loss1_ave_pool").shape()).isEqualTo(Shape.of(512, 4, 4));
    assertThat(caffe.value("loss2_ave_pool").shape()).isEqualTo(Shape.of(528, 4, 4));
    assertThat(node(caffe, "loss1_ave_pool").inputs()).containsExactly(caffe.value("inception_4a"));
    assertThat(node(caffe, "loss2_ave_pool").inputs()).containsExactly(caffe.value("inception_4d"));
    assertThat(graph(DEFAULTS.withAuxiliary()).value("aux2.avgpool").shape())
        .isEqualTo(Shape.of(528, 4, 4));
  }

  /** Section 4: "an inevitable increase in the number of outputs from stage to stage". */
  @Test
  void naiveModulesGrowFromStageToStage() {
    Graph naive = Zoo.find("googlenet_naive").graph(DEFAULTS);

    // 64 + 128 + 32 and what was pooled.
    assertThat(naive.value("inception_3a").shape()).isEqualTo(Shape.of(224 + 192, 28, 28));
    assertThat(naive.value("inception_5b").shape()).isEqualTo(Shape.of(4944, 7, 7));
    assertThat(Cost.of(naive).multiplyAdds())
        .isGreaterThan(7 * Cost.of(graph(CAFFE)).multiplyAdds());
    assertThat(naive.nodes())
        .noneMatch(
            node -> node.name().matches(".*(reduce|proj)") && node.name().startsWith("inception"));
  }

  @Test
  void theSmallOneIsSmall() {
    Architecture small = Zoo.find("inception_small");
    Cost cost = Cost.of(small.graph(DEFAULTS));

    assertThat(cost.learned()).isLessThan(1_000_000);
    assertThat(cost.multiplyAdds()).isLessThan(41_000_000);
    assertThat(small.graph(DEFAULTS.withInput(Shape.of(1, 28, 28))).parameters().keySet())
        .isEqualTo(small.graph(DEFAULTS).parameters().keySet());
  }

  private static Graph graph(Options options) {
    return Zoo.find("googlenet").graph(options);
  }

  private static Shape kernel(Graph graph, String layer) {
    return Objects.requireNonNull(
        graph.parameters().get(new Weights.Key(layer, Role.KERNEL)), layer);
  }

  private static Node node(Graph graph, String name) {
    return graph.producer(graph.value(name));
  }
}
