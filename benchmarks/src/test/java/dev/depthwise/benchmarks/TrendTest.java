package dev.depthwise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.benchmarks.Trend.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrendTest {
  @Test
  void aLineHasItsSlopeAndNoError() {
    Trend trend = Trend.of(List.of(new Point(10, 7), new Point(20, 12), new Point(40, 22)));

    assertThat(trend.slope()).isCloseTo(0.5, within(1e-12));
    assertThat(trend.error()).isCloseTo(0, within(1e-12));
  }

  /**
   * By hand: slope (0*-1.5 + 1*-0.5 + 0*0.5 + 3*1.5 - 0) / 5 = 0.8; residuals 0.2, 0.4, -1.4, 0.8.
   */
  @Test
  void scatterGivesAnError() {
    Trend trend =
        Trend.of(List.of(new Point(0, 0), new Point(1, 1), new Point(2, 0), new Point(3, 3)));

    assertThat(trend.slope()).isCloseTo(0.8, within(1e-12));
    assertThat(trend.error()).isCloseTo(Math.sqrt(2.8 / 2 / 5), within(1e-12));
  }

  @Test
  void twoPointsAreNoTrend() {
    assertThatThrownBy(() -> Trend.of(List.of(new Point(0, 0), new Point(1, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a trend needs 3 points, got 2");
  }
}
