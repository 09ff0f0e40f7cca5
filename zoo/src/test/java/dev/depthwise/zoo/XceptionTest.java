package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import org.junit.jupiter.api.Test;

/** Where the ports of Xception differ, and the family's small twin. */
class XceptionTest {
  private static final Options DEFAULTS = Options.defaults();

  @Test
  void kerasPadsItsPoolsBehindAndPytorchAround() {
    // Block 3 halves 74 rows.
    assertThat(window(graph(Style.KERAS), "block3_pool"))
        .isEqualTo(Window.k(3).stride(2).pad(new Padding.Explicit(0, 0, 1, 1)));
    assertThat(window(graph(Style.TORCH), "block2.rep.6")).isEqualTo(Window.k(3).stride(2).pad(1));
  }

  /** Chollet 2017, Fig. 5. */
  @Test
  void theThreeFlowsCanBeTapped() {
    for (Style style : Style.values()) {
      if (Zoo.find("xception").styles().contains(style)) {
        Graph graph = graph(style);
        assertThat(graph.value("entry_flow").shape()).isEqualTo(Shape.of(728, 19, 19));
        assertThat(graph.value("middle_flow").shape()).isEqualTo(Shape.of(728, 19, 19));
        assertThat(graph.value("exit_flow").shape()).isEqualTo(Shape.of(2048, 10, 10));
      }
    }
  }

  @Test
  void batchNormHasThePortsConstants() {
    assertThat(op(graph(Style.KERAS), "batch_normalization_4"))
        .isEqualTo(new BatchNorm(1e-3, 0.01, true));
    assertThat(op(graph(Style.TORCH), "block12.skipbn")).isEqualTo(new BatchNorm(1e-5, 0.1, true));
  }

  @Test
  void onlyTheFirstBlockBeginsWithoutARelu() {
    assertThat(graph(Style.TORCH).nodes())
        .extracting(Node::name)
        .contains("block2.rep.0", "block12.rep.0", "block1.rep.0.conv1")
        .doesNotContain("block1.rep.0", "block2.rep.0.conv1");
  }

  @Test
  void blocksAreTapped() {
    assertThat(graph(Style.KERAS).value("add_12").shape()).isEqualTo(Shape.of(1024, 10, 10));
    assertThat(graph(Style.TORCH).value("block12").shape()).isEqualTo(Shape.of(1024, 10, 10));
  }

  @Test
  void theClassifierWasOnceCalledFc() {
    assertThat(Zoo.find("xception").today(Style.TORCH).apply("fc.weight"))
        .isEqualTo("last_linear.weight");
  }

  @Test
  void theSmallTwinIsSmall() {
    for (int extent : new int[] {28, 32}) {
      Cost cost =
          Cost.of(
              Zoo.find("xception_small").graph(DEFAULTS.withInput(Shape.of(1, extent, extent))));
      assertThat(cost.learned()).isLessThan(1_000_000);
      assertThat(cost.multiplyAdds()).isLessThan(45_000_000);
    }
  }

  private static Graph graph(Style style) {
    return Zoo.find("xception").graph(DEFAULTS.withStyle(style));
  }

  private static Op op(Graph graph, String name) {
    return graph.producer(graph.value(name)).op();
  }

  private static Window window(Graph graph, String name) {
    return op(graph, name).view().orElseThrow();
  }
}
