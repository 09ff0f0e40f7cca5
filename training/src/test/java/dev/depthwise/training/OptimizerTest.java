package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Role;
import dev.depthwise.network.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By hand, what five steps of PyTorch do not reach; {@link FiveStepsTest} has those. */
class OptimizerTest {
  @Test
  void adamsFirstStepIsTheLearningRateWhateverTheGradient() {
    assertThat(oneStep(Adam.of(Decay.none()), Role.KERNEL, 3)).isCloseTo(0.9, within(1e-8));
    assertThat(oneStep(Adam.of(Decay.none()), Role.KERNEL, 3e-3)).isCloseTo(0.9, within(1e-6));
  }

  @Test
  void adamWShrinksKernelsBesideItsStep() {
    assertThat(oneStep(AdamW.of(Decay.ofKernels(0.5)), Role.KERNEL, 3))
        .isCloseTo(1 - 0.1 * 0.5 - 0.1, within(1e-8));
    assertThat(oneStep(AdamW.of(Decay.ofKernels(0.5)), Role.SCALE, 3)).isCloseTo(0.9, within(1e-8));
    assertThat(oneStep(AdamW.of(Decay.ofAll(0.5)), Role.SCALE, 3)).isCloseTo(0.85, within(1e-8));
  }

  @Test
  void adamsDecayIsPartOfTheGradient() {
    // The gradient is 0: the decay alone moves the weight, by the whole learning rate.
    assertThat(oneStep(Adam.of(Decay.ofKernels(0.5)), Role.KERNEL, 0)).isCloseTo(0.9, within(1e-8));
    assertThat(oneStep(Adam.of(Decay.ofKernels(0.5)), Role.BIAS, 0)).isEqualTo(1);
  }

  @Test
  void rmsPropsMomentumAddsUpWhatItWouldHaveTaken() {
    RmsProp optimizer = RmsProp.of(0.5, Decay.none());
    double[] weights = {1};
    double[][] moments = new double[2][1];
    Weights.Key key = new Weights.Key("layer", Role.KERNEL);
    optimizer.at(0.1, 1).update(key, weights, new double[] {2}, moments, 1);
    // s = 0.01 * 4, v = 2 / 0.2 = 10.
    assertThat(weights[0]).isCloseTo(0, within(1e-6));
    optimizer.at(0.1, 2).update(key, weights, new double[] {0}, moments, 1);
    assertThat(weights[0]).isCloseTo(-0.5, within(1e-6));
  }

  @Test
  void longGradientsAreShortenedAndShortOnesLeft() {
    UpdateRule rule = Sgd.plain().at(1, 1);
    Weights.Key key = new Weights.Key("layer", Role.KERNEL);
    double[] weights = {0, 0};
    Clipped.of(rule, 5, 2.5).update(key, weights, new double[] {3, 4}, new double[0][], 2);
    assertThat(weights).containsExactly(-1.5, -2);
    assertThat(Clipped.of(rule, 2.5, 2.5)).isSameAs(rule);
  }

  @Test
  void theAverageBeginsWithTheFirstWeights() {
    double[] weights = {1};
    double[][] moments = new double[1][1];
    Weights.Key key = new Weights.Key("layer", Role.KERNEL);
    double sum = 0;
    double total = 0;
    for (int step = 1; step <= 3; step++) {
      new Averaged(Sgd.plain().at(0.1, step), 0.9, step)
          .update(key, weights, new double[] {step}, moments, 1);
      sum = 0.9 * sum + weights[0];
      total = 0.9 * total + 1;
      assertThat(moments[0][0]).isCloseTo(sum / total, within(1e-15));
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> new Adam(1, 0.999, 1e-8, Decay.none()),
            () -> new AdamW(0.9, -0.1, 1e-8, Decay.none()),
            () -> new Adam(0.9, 0.999, 0, Decay.none()),
            () -> new RmsProp(1, 1e-8, 0, Decay.none()),
            () -> new RmsProp(0.9, 1e-8, 1, Decay.none()),
            () -> Decay.ofAll(Double.NaN),
            () -> Descent.of(0.1, Schedule.constant(), Sgd.plain()).withClipping(0),
            () -> Descent.of(0.1, Schedule.constant(), Sgd.plain()).withAveraging(1),
            () -> Descent.of(0.1, Schedule.constant(), Sgd.plain()).withAccumulation(0))
        .forEach(made -> assertThatThrownBy(made).isInstanceOf(InputException.class));
  }

  /** From 1 at a learning rate of 0.1. */
  private static double oneStep(Optimizer optimizer, Role role, double gradient) {
    UpdateRule rule = optimizer.at(0.1, 1);
    double[] weights = {1};
    rule.update(
        new Weights.Key("layer", role),
        weights,
        new double[] {gradient},
        new double[rule.moments()][1],
        1);
    return weights[0];
  }
}
