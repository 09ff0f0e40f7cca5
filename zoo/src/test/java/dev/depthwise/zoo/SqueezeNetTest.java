package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Shape;
import org.junit.jupiter.api.Test;

/** SqueezeNet against its paper; torchvision's tables are walked elsewhere. */
class SqueezeNetTest {
  private static final Options DEFAULTS = Options.defaults();

  /** Iandola et al. 2016, Table 1: 1,248,424 parameters; Table 2: 50 times fewer than AlexNet's. */
  @Test
  void parametersAreThePapers() {
    long parameters = Cost.of(graph("squeezenet1_0")).learned();

    assertThat(parameters).isEqualTo(1_248_424);
    assertThat(Cost.of(Zoo.find("alexnet_2012").graph(DEFAULTS)).learned() / (double) parameters)
        .isCloseTo(50, within(2.0));
  }

  /** The authors' note on version 1.1. */
  @Test
  void theLaterFormDoesTheSameWithLess() {
    double times =
        (double) Cost.of(graph("squeezenet1_0")).multiplyAdds()
            / Cost.of(graph("squeezenet1_1")).multiplyAdds();

    assertThat(times).isCloseTo(2.4, within(0.1));
  }

  @Test
  void modulesCanBeTapped() {
    assertThat(graph("squeezenet1_0").value("features.5").shape()).isEqualTo(Shape.of(256, 54, 54));
    assertThat(graph("squeezenet1_1").value("features").shape()).isEqualTo(Shape.of(512, 13, 13));
  }

  @Test
  void theClassifierIsRectifiedBeforeItsMean() {
    Graph graph = graph("squeezenet1_0");

    assertThat(graph.producer(graph.value("classifier.2")).op()).isEqualTo(new Relu());
    assertThat(graph.producer(graph.output()).inputs())
        .containsExactly(graph.value("classifier.2"));
  }

  private static Graph graph(String id) {
    return Zoo.find(id).graph(DEFAULTS);
  }
}
