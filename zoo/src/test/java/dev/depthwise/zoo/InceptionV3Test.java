package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.AveragePool;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Where the ports of Inception v3 differ, and its auxiliary head. */
class InceptionV3Test {
  private static final Options DEFAULTS = Options.defaults();

  @Test
  void kerasLearnsNoScale() {
    assertThat(norms(graph(Style.KERAS, DEFAULTS))).containsOnly(new BatchNorm(1e-3, 0.01, false));
    assertThat(norms(graph(Style.TORCHVISION, DEFAULTS)))
        .containsOnly(new BatchNorm(1e-3, 0.1, true));
  }

  @Test
  void torchvisionCountsPaddingInItsMeans() {
    Window window = Window.k(3).pad(1);

    assertThat(averages(Style.KERAS)).hasSize(9).containsOnly(new AveragePool(window, false));
    assertThat(averages(Style.TORCHVISION)).hasSize(9).containsOnly(new AveragePool(window, true));
  }

  @Test
  void torchvisionDropsHalf() {
    assertThat(ops(graph(Style.TORCHVISION, DEFAULTS), Dropout.class))
        .containsExactly(new Dropout(0.5));
    assertThat(ops(graph(Style.KERAS, DEFAULTS), Dropout.class)).isEmpty();
  }

  @Test
  void theAuxiliaryHeadReadsTheLastOf17x17() {
    Graph graph = graph(Style.TORCHVISION, DEFAULTS.withAuxiliary());
    Node pool = graph.producer(graph.value("AuxLogits.pool"));

    assertThat(pool.inputs()).containsExactly(graph.value("Mixed_6e"));
    assertThat(pool.output().shape()).isEqualTo(Shape.of(768, 5, 5));
    assertThat(graph.value("AuxLogits.conv1").shape()).isEqualTo(Shape.of(768, 1, 1));
  }

  @Test
  void theAuxiliaryHeadTakesNoneOfKerasNumbers() {
    assertThat(graph(Style.KERAS, DEFAULTS.withAuxiliary()).parameters().keySet())
        .containsAll(graph(Style.KERAS, DEFAULTS).parameters().keySet());
  }

  @Test
  void aPictureThatIsTooSmallForTheAuxiliaryHead() {
    Options small = DEFAULTS.withInput(Shape.of(3, 75, 75));
    Architecture architecture = Zoo.find("inception_v3");

    assertThat(architecture.graph(small).output().shape()).isEqualTo(Shape.of(1000));
    assertThat(architecture.whole(small).outputs()).containsKey("aux");
    assertThatThrownBy(() -> architecture.graph(small.withAuxiliary()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "inception_v3 cannot be built for an input of 3x75x75: AuxLogits.pool: a window of"
                + " 5x5 does not fit into a picture of 768x3x3; its usual input is 3x299x299");
  }

  @Test
  void modulesAreTapped() {
    Shape last = Shape.of(2048, 8, 8);

    assertThat(graph(Style.TORCHVISION, DEFAULTS).value("Mixed_7c").shape()).isEqualTo(last);
    assertThat(graph(Style.KERAS, DEFAULTS).value("mixed10").shape()).isEqualTo(last);
  }

  private static Graph graph(Style style, Options options) {
    return Zoo.find("inception_v3").graph(options.withStyle(style));
  }

  private static List<Op> norms(Graph graph) {
    return ops(graph, BatchNorm.class);
  }

  private static List<Op> averages(Style style) {
    return ops(graph(style, DEFAULTS), AveragePool.class);
  }

  private static List<Op> ops(Graph graph, Class<? extends Op> kind) {
    return graph.nodes().stream()
        .map(Node::op)
        .filter(kind::isInstance)
        .collect(Collectors.toList());
  }
}
