package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
  private static final Dataset HUNDRED = MemoryDataset.noise(100, 4, 2, 1);

  private static int[] originals(Subset subset) {
    return IntStream.range(0, subset.size()).map(subset::original).toArray();
  }

  @Test
  void holdsOutEachClassInProportionAndLosesNothing() {
    Split split = Split.stratified(HUNDRED, 0.2, 5);

    int[] counts = new int[4];
    for (int index = 0; index < split.validation().size(); index++) {
      counts[split.validation().label(index)]++;
    }
    assertThat(counts).containsExactly(5, 5, 5, 5);
    int[] all =
        IntStream.concat(
                Arrays.stream(originals(split.train())),
                Arrays.stream(originals(split.validation())))
            .sorted()
            .toArray();
    assertThat(all).isEqualTo(IntStream.range(0, 100).toArray());
    assertThat(originals(split.validation())).isSorted();
    assertThat(split.train().picture(3)).isEqualTo(HUNDRED.picture(split.train().original(3)));
    assertThat(split.train().label(3)).isEqualTo(split.train().original(3) % 4);
  }

  @Test
  void theSeedAloneDecides() {
    int[] held = originals(Split.stratified(HUNDRED, 0.2, 5).validation());

    assertThat(originals(Split.stratified(HUNDRED, 0.2, 5).validation())).isEqualTo(held);
    assertThat(originals(Split.stratified(HUNDRED, 0.2, 6).validation())).isNotEqualTo(held);
  }

  @Test
  void aSmallClassIsOnBothSides() {
    Split little = Split.stratified(MemoryDataset.noise(4, 2, 2, 1), 0.01, 1);
    Split much = Split.stratified(MemoryDataset.noise(4, 2, 2, 1), 0.99, 1);

    assertThat(little.validation().size()).isEqualTo(2);
    assertThat(much.train().size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
  void refusesAFractionOutOfRange(double fraction) {
    assertThatThrownBy(() -> Split.stratified(HUNDRED, fraction, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("between 0 and 1, was " + fraction);
  }

  @Test
  void refusesWhatCannotBeSplit() {
    assertThatThrownBy(() -> Split.stratified(MemoryDataset.noise(3, 3, 2, 1), 0.5, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no class has two pictures");
  }
}
