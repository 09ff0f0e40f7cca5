package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MobileNetTest {
  private static final Options DEFAULTS = Options.defaults();

  /** Keras' totals; Howard et al. 2017, Table 6, has the millions of multiply-adds. */
  @ParameterizedTest
  @CsvSource({"1.0, 4253864, 569", "0.75, 2601976, 325", "0.5, 1342536, 149", "0.25, 475544, 41"})
  void totalsAreKerasForEachAlpha(double alpha, long parameters, double millions) {
    Cost cost = Cost.of(graph("mobilenet", DEFAULTS.withAlpha(alpha)));

    assertThat(cost.learned() + cost.statistics()).isEqualTo(parameters);
    assertThat(cost.multiplyAdds() / 1e6).isCloseTo(millions, within(1.0));
  }

  /** Howard et al. 2017, Section 3.2: counting depthwise and pointwise layers apart, 28. */
  @Test
  void depthIsThePapers() {
    assertThat(Cost.of(graph("mobilenet", DEFAULTS)).depth()).isEqualTo(28);
  }

  @Test
  void oddExtentsTellTheVersionsApart() {
    Options odd = DEFAULTS.withInput(Shape.of(3, 161, 193)).withoutTop(Pooling.NONE);

    assertThat(graph("mobilenet", odd).value("conv1").shape()).isEqualTo(Shape.of(32, 81, 97));
    assertThat(graph("mobilenet_padded", odd).value("conv1").shape())
        .isEqualTo(Shape.of(32, 80, 96));
  }

  @Test
  void atEvenExtentsTheVersionsAreTheSame() {
    Options even = DEFAULTS.withInput(Shape.of(3, 160, 192));

    assertThat(graph("mobilenet", even)).isEqualTo(graph("mobilenet_padded", even));
  }

  @Test
  void batchNormsAreKeras() {
    assertThat(graph("mobilenet", DEFAULTS).nodes())
        .filteredOn(node -> node.op() instanceof BatchNorm)
        .hasSize(27)
        .allMatch(node -> node.op().equals(new BatchNorm(1e-3, 0.01, true)));
  }

  @Test
  void theSmallOneIsForSmallPictures() {
    Graph small = graph("mobilenet_small", DEFAULTS);
    Cost cost = Cost.of(small);

    assertThat(cost.learned()).isLessThan(1_000_000);
    assertThat(small.value("conv_pw_3_relu").shape()).isEqualTo(Shape.of(64, 32, 32));
    assertThat(small.value("conv_pw_13_relu").shape()).isEqualTo(Shape.of(512, 4, 4));
  }

  private static Graph graph(String id, Options options) {
    return Zoo.find(id).graph(options);
  }
}
