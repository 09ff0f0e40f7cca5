package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Cost;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Node;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The networks of 3x3 convolutions against the paper; the ports' tables are walked elsewhere. */
class VGGTest {
  private static final Options DEFAULTS = Options.defaults();

  /** Simonyan and Zisserman 2014, Tables 1 and 2: weight layers, and parameters in millions. */
  @ParameterizedTest
  @CsvSource({"vgg11, 11, 133", "vgg13, 13, 133", "vgg16, 16, 138", "vgg19, 19, 144"})
  void depthAndParametersAreThePapers(String id, int depth, double millions) {
    Cost cost = Cost.of(Zoo.find(id).graph(DEFAULTS));

    assertThat(cost.depth()).isEqualTo(depth);
    assertThat(cost.learned() / 1e6).isCloseTo(millions, within(0.5));
  }

  @Test
  void theFirstDenseLayerReadsInThePortsOrder() {
    assertThat(node(torchvision(), "flatten").op()).isEqualTo(new Flatten(Flatten.Order.CHW));
    assertThat(node(keras(), "flatten").op()).isEqualTo(new Flatten(Flatten.Order.HWC));
  }

  @Test
  void kerasHasNoDropout() {
    assertThat(ZooTest.count(torchvision(), Dropout.class, "classifier")).isEqualTo(2);
    assertThat(ZooTest.count(keras(), Dropout.class, "")).isZero();
  }

  @Test
  void stagesAndTheirActivationsCanBeTapped() {
    assertThat(keras().value("block4_pool").shape()).isEqualTo(Shape.of(512, 14, 14));
    assertThat(node(keras(), "block5_conv3/relu").op()).isEqualTo(new Relu());
    assertThat(torchvision().value("features.30").shape()).isEqualTo(Shape.of(512, 7, 7));
    assertThat(torchvision().value("avgpool")).isEqualTo(torchvision().value("features.30"));
  }

  /** torchvision brings any picture to 7x7; Keras' dense layers are of one size of picture. */
  @Test
  void weightsFitPicturesOfAnotherSize() {
    Options small = DEFAULTS.withInput(Shape.of(3, 100, 75));

    assertThat(Zoo.find("vgg16").graph(small).parameters()).isEqualTo(torchvision().parameters());
    assertThat(Zoo.find("vgg16").graph(small.withStyle(Style.KERAS)).parameters())
        .isNotEqualTo(keras().parameters());
  }

  @Test
  void aPictureThatIsPooledAway() {
    assertThatThrownBy(() -> Zoo.find("vgg11").graph(DEFAULTS.withInput(Shape.of(3, 31, 64))))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "vgg11 cannot be built for an input of 3x31x64: features.20: a window of 2x2 does not"
                + " fit into a picture of 512x1x4; its usual input is 3x224x224");
  }

  @Test
  void theSmallOneIsSmall() {
    Cost cost = Cost.of(Zoo.find("vgg_small").graph(DEFAULTS));

    assertThat(cost.depth()).isEqualTo(9);
    assertThat(cost.learned()).isLessThan(1_000_000);
    assertThat(cost.multiplyAdds()).isLessThan(40_000_000);
    assertThat(Zoo.find("vgg_small").graph(DEFAULTS.withInput(Shape.of(1, 28, 28))).output())
        .satisfies(value -> assertThat(value.shape()).isEqualTo(Shape.of(10)));
  }

  private static Graph torchvision() {
    return Zoo.find("vgg16").graph(DEFAULTS);
  }

  private static Graph keras() {
    return Zoo.find("vgg16").graph(DEFAULTS.withStyle(Style.KERAS));
  }

  private static Node node(Graph graph, String name) {
    return graph.producer(graph.value(name));
  }
}
