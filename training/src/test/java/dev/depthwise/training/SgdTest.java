package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Role;
import dev.depthwise.network.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SgdTest {
  @Test
  void plainDescentFollowsTheGradient() {
    assertThat(twoSteps(Sgd.plain(), Role.KERNEL)).isCloseTo(0.7, within(1e-15));
  }

  @Test
  void momentumRemembersEarlierGradients() {
    // v = 2, then 0.5 * 2 + 1 = 2: w = 1 - 0.1 * 2 - 0.1 * 2.
    assertThat(twoSteps(Sgd.of(0.5, Decay.none()), Role.KERNEL)).isCloseTo(0.6, within(1e-15));
  }

  @Test
  void nesterovLooksAhead() {
    // d + 0.5 v = 2 + 1, then 1 + 1: w = 1 - 0.3 - 0.2.
    assertThat(twoSteps(Sgd.nesterov(0.5, Decay.none()), Role.KERNEL))
        .isCloseTo(0.5, within(1e-15));
  }

  @Test
  void weightDecayEntersTheMomentum() {
    // d = 2 + 0.1 = 2.1, w = 0.79; d = 1 + 0.079, v = 1.05 + 1.079 = 2.129, w = 0.5771.
    assertThat(twoSteps(Sgd.of(0.5, Decay.ofKernels(0.1)), Role.KERNEL))
        .isCloseTo(0.5771, within(1e-12));
  }

  @ParameterizedTest
  @EnumSource(names = {"BIAS", "SCALE", "SHIFT"})
  void onlyKernelsDecayUnlessAllDo(Role role) {
    assertThat(twoSteps(Sgd.of(0.5, Decay.ofKernels(0.1)), role)).isCloseTo(0.6, within(1e-15));
    assertThat(twoSteps(Sgd.of(0.5, Decay.ofAll(0.1)), role)).isCloseTo(0.5771, within(1e-12));
  }

  @Test
  void elementsBeyondTheCountAreLeftAlone() {
    double[] weights = {1, 1};

    Sgd.of(0.9, Decay.none())
        .at(0.1, 1)
        .update(
            new Weights.Key("conv", Role.KERNEL),
            weights,
            new double[] {1, 1},
            new double[][] {{0, 0}},
            1);

    assertThat(weights).containsExactly(0.9, 1);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Sgd.of(1, Decay.none())).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Sgd.of(0.9, Decay.ofKernels(-1))).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Sgd.nesterov(0, Decay.none()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Nesterov");
  }

  /** From 1 with gradients 2 and 1 at a learning rate of 0.1. */
  private static double twoSteps(Sgd sgd, Role role) {
    UpdateRule rule = sgd.at(0.1, 1);
    double[] weights = {1};
    double[][] moments = new double[rule.moments()][1];
    Weights.Key key = new Weights.Key("layer", role);
    rule.update(key, weights, new double[] {2}, moments, 1);
    rule.update(key, weights, new double[] {1}, moments, 1);
    return weights[0];
  }
}
