package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void measuresEachChannelOverAllPictures() {
    Dataset dataset =
        new MemoryDataset(
            2,
            2,
            index ->
                Picture.of(1, 1, 3, new byte[] {(byte) (index * 255), 51, (byte) (index * 2)}));

    Statistics statistics = Statistics.of(dataset, 3);

    assertThat(statistics.mean().get(0)).isCloseTo(0.5, within(1e-12));
    assertThat(statistics.mean().get(1)).isCloseTo(0.2, within(1e-12));
    assertThat(statistics.mean().get(2)).isCloseTo(1 / 255.0, within(1e-12));
    assertThat(statistics.deviation().get(0)).isCloseTo(0.5, within(1e-12));
    assertThat(statistics.deviation().get(1)).isEqualTo(1);
    assertThat(statistics.deviation().get(2)).isCloseTo(1 / 255.0, within(1e-12));
  }

  @Test
  void picturesOfDifferentSizeAndChannelsCountByTheirPixels() {
    Dataset dataset =
        new MemoryDataset(
            2,
            2,
            index ->
                index == 0
                    ? TestResources.row(10, 10, 10)
                    : Picture.of(1, 1, 3, new byte[] {50, 50, 50}));

    assertThat(Statistics.of(dataset, 1).mean().get(0)).isCloseTo(20 / 255.0, within(1e-12));
    assertThat(Statistics.of(dataset, 3).mean()).hasSize(3);
  }
}
