package dev.depthwise.training;

import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.Weights;

/**
 * A rule that sees gradients shortened.
 *
 * @param scale what every gradient is multiplied by
 */
record Clipped(UpdateRule rule, double scale) implements UpdateRule {
  /** The rule as it is, or with gradients shortened to the largest norm. */
  static UpdateRule of(UpdateRule rule, double norm, double largest) {
    return norm > largest ? new Clipped(rule, largest / norm) : rule;
  }

  @Override
  public int moments() {
    return rule.moments();
  }

  @Override
  public void update(
      Weights.Key key, double[] weights, double[] gradients, double[][] moments, int count) {
    for (int i = 0; i < count; i++) {
      gradients[i] *= scale;
    }
    rule.update(key, weights, gradients, moments, count);
  }
}
