package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void constantStays() {
    assertThat(factors(Schedule.constant(), 2, 2)).containsExactly(1, 1, 1, 1);
  }

  @Test
  void stepFallsAtItsMilestones() {
    assertThat(factors(Schedule.step(0.5, List.of(0.5, 0.75)), 2, 4))
        .containsExactly(1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25);
  }

  @Test
  void cosineFallsFromOneTowardsZero() {
    double[] factors = factors(Schedule.cosine(), 4, 1);

    assertThat(factors[0]).isEqualTo(1);
    assertThat(factors[2]).isCloseTo(0.5, within(1e-15));
    assertThat(factors[3]).isCloseTo((1 - Math.sqrt(0.5)) / 2, within(1e-15));
  }

  @Test
  void warmupRisesInALineToItsFullSize() {
    assertThat(factors(Schedule.constant().withWarmup(1.5), 2, 3))
        .containsExactly(1 / 3.0, 2 / 3.0, 1, 1, 1, 1);
  }

  @Test
  void cosineBeginsAfterTheWarmup() {
    double[] factors = factors(Schedule.cosine().withWarmup(1), 2, 3);

    assertThat(factors[1]).isEqualTo(1);
    assertThat(factors[2]).isEqualTo(1);
    assertThat(factors[4]).isCloseTo(0.5, within(1e-15));
  }

  @Test
  void aWarmupLongerThanTheRunOnlyRises() {
    assertThat(factors(Schedule.cosine().withWarmup(9), 1, 2)).containsExactly(0.5, 1);
  }

  @Test
  void polynomialFallsAsAPowerOfWhatIsLeft() {
    assertThat(factors(Schedule.of(new Curve.Polynomial(2)), 2, 2))
        .containsExactly(1, 0.5625, 0.25, 0.0625);
    assertThat(factors(Schedule.of(new Curve.Polynomial(1)).withWarmup(1), 2, 3))
        .containsExactly(0.5, 1, 1, 0.75, 0.5, 0.25);
  }

  @Test
  void exponentialFallsAfterEachEpoch() {
    assertThat(factors(Schedule.of(new Curve.Exponential(0.5)), 2, 3))
        .containsExactly(1, 1, 0.5, 0.5, 0.25, 0.25);
  }

  @Test
  void oneCycleRisesAndFallsAsInPyTorch() {
    double[] factors = factors(Schedule.oneCycle(), 10, 1);

    assertThat(factors[0]).isCloseTo(0.04, within(1e-15));
    assertThat(factors[1]).isCloseTo(0.52, within(1e-15));
    assertThat(factors[2]).isEqualTo(1);
    // Half of the way from step 2 to step 9 lies between 5 and 6.
    assertThat((factors[5] + factors[6]) / 2).isCloseTo((1 + 4e-6) / 2, within(1e-12));
    assertThat(factors[9]).isCloseTo(4e-6, within(1e-15));
    assertThat(factors(Schedule.oneCycle(), 1, 1)).containsExactly(1);
  }

  @Test
  void plateauFallsWhenPatienceRunsOut() {
    Schedule schedule = Schedule.of(new Curve.Plateau(Metric.LOSS, 1, 0.1, 0.1, 0.001));
    double[] losses = {2, 1.9, 1.85, 1, 1, 0.99, 0.98, 0.97};
    List<EpochReport> history = SelectionTest.history(new double[8], losses);
    List<Double> factors = new ArrayList<>();
    for (int done = 0; done <= 8; done++) {
      factors.add(schedule.factor(done, 1, 9, history.subList(0, done)));
    }
    // 1.9 and 1.85 are less than a tenth below 2; 1 is; then two and two without progress.
    double[] expected = {1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001};
    for (int done = 0; done <= 8; done++) {
      assertThat(factors.get(done)).as("after %d", done).isCloseTo(expected[done], within(1e-15));
    }
    assertThat(schedule.factor(9, 1, 20, SelectionTest.history(new double[20], new double[20])))
        .isEqualTo(0.001);
  }

  @Test
  void milestonesOutOfOrderAreRefused() {
    assertThatThrownBy(() -> Schedule.step(0.1, List.of(0.75, 0.5)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("ascending");
    assertThatThrownBy(() -> Schedule.step(0.1, List.of())).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Schedule.constant().withWarmup(-1)).isInstanceOf(InputException.class);
  }

  private static double[] factors(Schedule schedule, int stepsPerEpoch, int epochs) {
    return LongStream.range(0, (long) stepsPerEpoch * epochs)
        .mapToDouble(step -> schedule.factor(step, stepsPerEpoch, epochs, List.of()))
        .toArray();
  }
}
