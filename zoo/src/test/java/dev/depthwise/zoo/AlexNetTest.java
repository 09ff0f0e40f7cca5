package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.Node;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import dev.depthwise.network.Window;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The network of 2012 against its paper. torchvision's is held against its table elsewhere. */
class AlexNetTest {
  private static final Options DEFAULTS = Options.defaults();

  /** Caffe's port of it has 60,965,224 as well. Section 1 says five convolutions, three dense. */
  @Test
  void parametersOfThePaper() {
    assertThat(Cost.of(paper()).learned()).isEqualTo(60_965_224);
    assertThat(Cost.of(paper()).depth()).isEqualTo(8);
  }

  /** Section 3.5, but for its first layer: 253,440 neurons are no 96 square pictures. */
  @Test
  void neuronsOfThePaper() {
    assertThat(size("conv1")).isEqualTo(96 * 55 * 55);
    assertThat(size("conv2")).isEqualTo(186_624);
    assertThat(size("conv3")).isEqualTo(64_896);
    assertThat(size("conv4")).isEqualTo(64_896);
    assertThat(size("conv5")).isEqualTo(43_264);
    assertThat(size("fc6")).isEqualTo(4096);
    assertThat(size("fc7")).isEqualTo(4096);
    assertThat(paper().input().shape().size()).isEqualTo(150_528);
  }

  /** Section 3.5: kernels of 5x5x48, 3x3x256, 3x3x192 and 3x3x192. */
  @Test
  void kernelsSeeTheMapsOfTheirOwnProcessor() {
    assertThat(kernel("conv2")).isEqualTo(Shape.of(256, 48, 5, 5));
    assertThat(kernel("conv3")).isEqualTo(Shape.of(384, 256, 3, 3));
    assertThat(kernel("conv4")).isEqualTo(Shape.of(384, 192, 3, 3));
    assertThat(kernel("conv5")).isEqualTo(Shape.of(256, 192, 3, 3));
    assertThat(((Conv2d) node(paper(), "conv2").op()).groups()).isEqualTo(2);
  }

  @Test
  void onlyACropOf227MeetsTheFirstWindows() {
    Graph caffe = Zoo.find("alexnet_2012").graph(DEFAULTS.withInput(Shape.of(3, 227, 227)));

    assertThat(padding(paper())).isEqualTo(new Padding.Explicit(0, 0, 3, 3));
    assertThat(padding(caffe)).isEqualTo(new Padding.Explicit(0, 0, 0, 0));
    assertThat(caffe.value("pool5")).isEqualTo(paper().value("pool5"));
    assertThat(caffe.parameters()).isEqualTo(paper().parameters());
  }

  @Test
  void twoLayersAreNormalisedBeforeTheirPool() {
    Graph graph = paper();

    assertThat(ZooTest.count(graph, LocalResponseNorm.class, "")).isEqualTo(2);
    assertThat(node(graph, "norm1").inputs()).containsExactly(graph.value("relu1"));
    assertThat(node(graph, "pool1").inputs()).containsExactly(graph.value("norm1"));
    assertThat(node(graph, "norm2").op()).isEqualTo(new LocalResponseNorm(5, 1e-4, 0.75, 2));
  }

  @Test
  void torchvisionsFitsAnyPicture() {
    Architecture alexnet = Zoo.find("alexnet");

    assertThat(alexnet.graph(DEFAULTS.withInput(Shape.of(3, 63, 400))).parameters())
        .isEqualTo(alexnet.graph(DEFAULTS).parameters());
  }

  private static Graph paper() {
    return Zoo.find("alexnet_2012").graph(DEFAULTS);
  }

  private static Padding padding(Graph graph) {
    return node(graph, "conv1").op().view().map(Window::padding).orElseThrow();
  }

  private static int size(String layer) {
    return paper().value(layer).shape().size();
  }

  private static Shape kernel(String layer) {
    return Objects.requireNonNull(
        paper().parameters().get(new Weights.Key(layer, Role.KERNEL)), layer);
  }

  private static Node node(Graph graph, String name) {
    return graph.producer(graph.value(name));
  }
}
