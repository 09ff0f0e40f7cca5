package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Concat;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The second Inception against Szegedy et al. 2015b; nobody's weights are known. */
class InceptionV2Test {
  private static final Graph GRAPH = Zoo.find("inception_v2").graph(Options.defaults());

  /** Table 1: what each row reads is what the one above it makes. */
  @ParameterizedTest
  @CsvSource({
    "input, 3, 299",
    "Conv2d_1a_3x3, 32, 149",
    "Conv2d_2a_3x3, 32, 147",
    "Conv2d_2b_3x3, 64, 147",
    "maxpool1, 64, 73",
    "Conv2d_3a_3x3, 80, 71",
    "Conv2d_4a_3x3, 192, 35",
    "Conv2d_4b_3x3, 288, 35",
    "Mixed_5d, 288, 35",
    "Mixed_6a, 768, 17",
    "Mixed_6f, 768, 17",
    "Mixed_7a, 1280, 8",
    "Mixed_7c, 2048, 8"
  })
  void rowsOfTheTable(String name, int channels, int extent) {
    assertThat(GRAPH.value(name).shape()).isEqualTo(Shape.of(channels, extent, extent));
  }

  /** Section 6: three modules at 35x35, five at 17x17, two at 8x8, and a reduction between. */
  @Test
  void modulesOfEachExtent() {
    assertThat(modulesOf(35)).isEqualTo(3);
    assertThat(modulesOf(17)).isEqualTo(1 + 5);
    // A reduction, and two modules whose last windows are stacked by themselves, twice each.
    assertThat(modulesOf(8)).isEqualTo(1 + 2 * 3);
  }

  @Test
  void nothingIsWiderThan3x3ButWhatIsFactorised() {
    assertThat(
            GRAPH.nodes().stream()
                .filter(node -> node.op() instanceof Conv2d)
                .map(node -> node.op().view().orElseThrow())
                .map(window -> List.of(window.kernelHeight(), window.kernelWidth()))
                .distinct())
        .containsExactlyInAnyOrder(
            List.of(3, 3),
            List.of(1, 1),
            List.of(1, 7),
            List.of(7, 1),
            List.of(1, 3),
            List.of(3, 1));
  }

  /** The abstract. */
  @Test
  void lessThan25MillionParameters() {
    assertThat(Cost.of(GRAPH).learned()).isLessThan(25_000_000);
  }

  private static long modulesOf(int extent) {
    return GRAPH.nodes().stream()
        .filter(node -> node.op() instanceof Concat)
        .filter(node -> node.output().shape().height() == extent)
        .count();
  }
}
