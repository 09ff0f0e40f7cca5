package dev.depthwise.training;

import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.Weights;

/**
 * A rule whose last moment is the exponential moving average of the weights (Polyak and Juditsky
 * 1992; Szegedy et al. 2015b, section 8): {@code average = average + (1 - decay) / (1 - decay^step)
 * * (w - average)}. The divisor lets the average begin with the first weights instead of 0, as
 * Adam's averages do.
 */
record Averaged(UpdateRule rule, double decay, long step) implements UpdateRule {
  @Override
  public int moments() {
    return rule.moments() + 1;
  }

  @Override
  public void update(
      Weights.Key key, double[] weights, double[] gradients, double[][] moments, int count) {
    rule.update(key, weights, gradients, moments, count);
    double[] average = moments[rule.moments()];
    double part = (1 - decay) / (1 - StrictMath.pow(decay, (double) step));
    for (int i = 0; i < count; i++) {
      average[i] += part * (weights[i] - average[i]);
    }
  }
}
