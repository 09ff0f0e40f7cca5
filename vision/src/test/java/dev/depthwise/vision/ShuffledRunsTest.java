package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Randomness;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShuffledRunsTest {
  private static final int WINDOW = ShuffledRuns.RUN * ShuffledRuns.RUNS_IN_WINDOW;

  private static int[] order(int size, long seed) {
    return ShuffledRuns.order(size, Randomness.keyed("test", seed));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 127, 128, 129, 8192, 8193, 30_000})
  void hasEveryPictureOnce(int size) {
    assertThat(order(size, 1)).hasSize(size).doesNotHaveDuplicates();
    assertThat(Arrays.stream(order(size, 1)).max()).hasValue(size - 1);
  }

  @Test
  void itsKeyDecides() {
    assertThat(order(20_000, 1)).isEqualTo(order(20_000, 1)).isNotEqualTo(order(20_000, 2));
  }

  @Test
  void aWindowTakesWholeRunsFromAllOver() {
    int[] order = order(100_000, 3);
    int[] runs =
        Arrays.stream(order, 0, WINDOW).map(index -> index / ShuffledRuns.RUN).distinct().toArray();
    assertThat(runs).hasSizeLessThanOrEqualTo(ShuffledRuns.RUNS_IN_WINDOW + 1);
    assertThat(Arrays.stream(runs).min().orElseThrow()).isLessThan(200);
    assertThat(Arrays.stream(runs).max().orElseThrow()).isGreaterThan(580);
  }

  @Test
  void neighboursDoNotStayTogether() {
    int[] order = order(100_000, 4);
    long together =
        IntStream.range(1, order.length).filter(i -> order[i] == order[i - 1] + 1).count();
    assertThat(together).isLessThan(100);
  }
}
