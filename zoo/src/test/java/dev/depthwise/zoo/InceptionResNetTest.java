package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.AveragePool;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Scale;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inception v4 and the residual ones: what their layer tables do not say. */
class InceptionResNetTest {
  private static final Options DEFAULTS = Options.defaults();

  @ParameterizedTest
  @CsvSource({"inception_resnet_v1, 5, 10, 5", "inception_resnet_v2, 10, 20, 9"})
  void bodiesAreScaledDownAtEachStageAndTheLastIsNot(String id, int at35, int at17, int at8) {
    assertThat(ops(graph(id, Style.TORCH), Scale.class))
        .isEqualTo(
            Stream.of(
                    Collections.nCopies(at35, new Scale(0.17)),
                    Collections.nCopies(at17, new Scale(0.1)),
                    Collections.nCopies(at8, new Scale(0.2)),
                    List.of(new Scale(1)))
                .flatMap(List::stream)
                .toList());
  }

  @ParameterizedTest
  @CsvSource({"KERAS, block8_9_ac, block8_10", "TORCH, repeat_2.8, block8"})
  void onlyTheLastBlockDoesNotEndInARelu(Style style, String before, String last) {
    Graph graph = graph("inception_resnet_v2", style);

    assertThat(graph.producer(graph.value(before)).op()).isInstanceOf(Relu.class);
    assertThat(graph.producer(graph.value(last)).op()).isNotInstanceOf(Relu.class);
    assertThat(graph.value(last).shape()).isEqualTo(Shape.of(2080, 8, 8));
  }

  @Test
  void kerasLearnsNoScale() {
    assertThat(ops(graph("inception_resnet_v2", Style.KERAS), BatchNorm.class))
        .containsOnly(new BatchNorm(1e-3, 0.01, false));
    assertThat(ops(graph("inception_resnet_v2", Style.TORCH), BatchNorm.class))
        .containsOnly(new BatchNorm(1e-3, 0.1, true));
  }

  @ParameterizedTest
  @CsvSource({"inception_v4, TORCH", "inception_resnet_v2, KERAS", "inception_resnet_v2, TORCH"})
  void paddingIsLeftOutOfMeans(String id, Style style) {
    assertThat(ops(graph(id, style), AveragePool.class))
        .isNotEmpty()
        .containsOnly(new AveragePool(Window.k(3).pad(1), false));
  }

  /** The port's own count: without a classifier, 23,482,624. */
  @Test
  void theFirstHasAnEmbeddingAsTheFaceNetPort() {
    Graph graph = graph("inception_resnet_v1", Style.TORCH);

    assertThat(graph.value("last_bn").shape()).isEqualTo(Shape.of(512, 1, 1));
    assertThat(Cost.of(graph).learned()).isEqualTo(23_482_624 + 512 * 1000 + 1000);
    assertThat(ops(graph, Dropout.class)).containsExactly(new Dropout(0.6));
    assertThat(graph.parameters().keySet().stream().map(key -> key.node()).distinct())
        .containsSubsequence(
            "conv2d_4b.bn",
            "repeat_1.4.branch2.2.bn",
            "repeat_1.4.conv2d",
            "mixed_6a.branch1.2.bn",
            "repeat_2.9.branch1.2.bn",
            "mixed_7a.branch2.2.bn",
            "repeat_3.4.conv2d",
            "block8.conv2d",
            "last_linear",
            "last_bn",
            "logits");
  }

  @ParameterizedTest
  @CsvSource({
    "features.3, 160x73x73",
    "features.5, 384x35x35",
    "features.9, 384x35x35",
    "features.10, 1024x17x17",
    "features.18, 1536x8x8",
    "features.21.branch3.0, 1536x8x8"
  })
  void modulesOfTheFourthAreTapped(String name, String shape) {
    assertThat(graph("inception_v4", Style.TORCH).value(name).shape()).hasToString(shape);
  }

  @ParameterizedTest
  @CsvSource({"inception_v4", "inception_resnet_v2"})
  void theClassifierWasOnceCalledClassif(String id) {
    assertThat(Zoo.find(id).today(Style.TORCH).apply("classif.bias")).isEqualTo("last_linear.bias");
  }

  private static Graph graph(String id, Style style) {
    return Zoo.find(id).graph(DEFAULTS.withStyle(style));
  }

  private static List<Op> ops(Graph graph, Class<? extends Op> kind) {
    return graph.nodes().stream().map(Node::op).filter(kind::isInstance).toList();
  }
}
