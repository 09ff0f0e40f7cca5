package dev.depthwise.training;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.engine.Engines;
import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreezingTest {
  private static Graph graph() {
    return Graph.of(
        Shape.of(1, 8, 8),
        ".",
        chain(
            named("layer1", unit()),
            named("layer10", unit()),
            globalAveragePool("pool"),
            dense("fc", 3)));
  }

  private static Block unit() {
    return chain(conv("conv", 2, k(3)), batchNorm("bn", 1e-5, 0.1));
  }

  @Test
  void aPartEndsWhereANameDoes() {
    assertThat(Freezing.of("layer1").layers(graph())).containsExactly("layer1.conv", "layer1.bn");
    assertThat(Freezing.of("layer10.bn").layers(graph())).containsExactly("layer10.bn");
    assertThat(Freezing.nothing().layers(graph())).isEmpty();
  }

  @Test
  void theHeadIsTheLastLayerThatLearns() {
    assertThat(Freezing.allButTheHead().layers(graph()))
        .containsExactly("layer1.conv", "layer1.bn", "layer10.conv", "layer10.bn");
  }

  @Test
  void aPartThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> Freezing.of("layer2").layers(graph()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'layer2'");
    assertThatThrownBy(() -> Freezing.of("layer1", "layer10", "fc").layers(graph()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nothing is left to train");
  }

  @ParameterizedTest
  @CsvSource({
    "reference, layer1",
    "reference, layer10",
    "onednn, layer1",
    "onednn, layer10",
    "onednn, layer10.bn"
  })
  void whatIsFrozenStaysToTheBitStatisticsIncluded(String engine, String part) {
    TrainingRun run = Tiny.run(2);
    TrainingRun frozen =
        TrainingRun.of(
                Network.of(Initialization.initialize(graph(), 1), run.network().preprocessing()),
                run.train(),
                run.recipe().withFreezing(Freezing.of(part)),
                Engines.named(engine))
            .withThreads(1);
    Weights before = frozen.network().model().weights();

    Weights after = Trainer.fit(frozen, TrainingListener.NONE).network().model().weights();

    for (Weights.Key key : before.keys()) {
      if (frozen.recipe().freezing().layers(graph()).contains(key.node())) {
        assertThat(after.get(key).toArray())
            .as(key.toString())
            .isEqualTo(before.get(key).toArray());
      } else {
        assertThat(after.get(key).toArray())
            .as(key.toString())
            .isNotEqualTo(before.get(key).toArray());
      }
    }
  }
}
