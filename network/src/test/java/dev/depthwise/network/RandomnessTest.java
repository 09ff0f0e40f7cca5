package dev.depthwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomnessTest {
  /** Trainings are to be repeatable by later versions, so these numbers must never change. */
  @Test
  void staysTheSameForEver() {
    Randomness randomness = Randomness.keyed("augment", 1, 2, 3);

    assertThat(randomness.nextLong()).isEqualTo(-4810689013744918053L);
    assertThat(randomness.nextLong()).isEqualTo(8070187173062303725L);
    assertThat(Randomness.keyed("shuffle", 1, 0).permutation(8))
        .containsExactly(2, 6, 3, 5, 4, 7, 0, 1);
    assertThat(Randomness.key(1, 2)).isEqualTo(8853410974868434435L);
    assertThat(Randomness.uniform(1, 2)).isEqualTo(0.9710027535867962);
    assertThat(Randomness.below(1, 2, 1000)).isEqualTo(971);
    assertThat(Randomness.normal(1, 2)).isCloseTo(0.08772246831488635, within(1e-12));
  }

  @Test
  void everyWordOfTheKeyCounts() {
    Set<Long> firsts = new HashSet<>();
    for (String purpose : new String[] {"a", "b"}) {
      for (long seed = -3; seed < 3; seed++) {
        for (long epoch = 0; epoch < 10; epoch++) {
          firsts.add(Randomness.keyed(purpose, seed, epoch).nextLong());
          for (long picture = 0; picture < 50; picture++) {
            firsts.add(Randomness.keyed(purpose, seed, epoch, picture).nextLong());
          }
        }
      }
    }
    assertThat(firsts).hasSize(2 * 6 * 10 * 51);
  }

  @Test
  void firstNumbersOfNeighbouringKeysAreUniform() {
    int[] counts = new int[10];
    for (int picture = 0; picture < 100_000; picture++) {
      counts[Randomness.keyed("augment", 0, 0, picture).below(10)]++;
    }
    // The standard deviation of a count is 95.
    assertThat(IntStream.of(counts).boxed()).allMatch(count -> Math.abs(count - 10_000) < 500);
  }

  @Test
  void gaussianHasMeanZeroAndDeviationOne() {
    Randomness randomness = Randomness.keyed("gaussian", 1);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 100_000; i++) {
      double value = randomness.nextGaussian();
      sum += value;
      squares += value * value;
    }
    assertThat(sum / 100_000).isCloseTo(0, within(0.02));
    assertThat(squares / 100_000).isCloseTo(1, within(0.03));
  }

  @Test
  void betaHasItsMeanAndVariance() {
    for (double alpha : new double[] {0.01, 0.2, 1, 8}) {
      Randomness randomness = Randomness.keyed("beta", 1);
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < 20_000; i++) {
        double value = randomness.nextBeta(alpha);
        assertThat(value).isBetween(0.0, 1.0);
        sum += value - 0.5;
        squares += (value - 0.5) * (value - 0.5);
      }
      double variance = 1 / (4 * (2 * alpha + 1));
      assertThat(sum / 20_000).isCloseTo(0, within(0.015));
      assertThat(squares / 20_000).isCloseTo(variance, within(0.03 * variance));
    }
  }

  @Test
  void betaOfOneIsUniform() {
    int[] counts = new int[10];
    Randomness randomness = Randomness.keyed("beta", 2);
    for (int i = 0; i < 20_000; i++) {
      counts[(int) (10 * randomness.nextBeta(1))]++;
    }
    assertThat(IntStream.of(counts).boxed()).allMatch(count -> Math.abs(count - 2000) < 200);
  }

  @Test
  void permutationHoldsEveryNumberOnceAndNoneStaysByHabit() {
    int[] inPlace = new int[10];
    for (int key = 0; key < 10_000; key++) {
      int[] permutation = Randomness.keyed("shuffle", key).permutation(10);
      assertThat(IntStream.of(permutation).sorted().toArray())
          .isEqualTo(IntStream.range(0, 10).toArray());
      for (int i = 0; i < 10; i++) {
        inPlace[i] += permutation[i] == i ? 1 : 0;
      }
    }
    assertThat(IntStream.of(inPlace).boxed()).allMatch(count -> Math.abs(count - 1000) < 200);
    assertThat(Randomness.keyed("shuffle").permutation(0)).isEmpty();
  }

  @Test
  void refusesAnEmptyRange() {
    assertThatThrownBy(() -> Randomness.keyed("x").below(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
