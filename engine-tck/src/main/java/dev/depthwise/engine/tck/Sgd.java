package dev.depthwise.engine.tck;

import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.Weights;

/** A rule that remembers something: to see what engines make of it. */
record Sgd(double learningRate, double momentum, double decay, boolean nesterov)
    implements UpdateRule {
  @Override
  public int moments() {
    return 1;
  }

  @Override
  public void update(
      Weights.Key key, double[] weights, double[] gradients, double[][] moments, int count) {
    double[] velocity = moments[0];
    for (int index = 0; index < count; index++) {
      double gradient = gradients[index] + decay * weights[index];
      velocity[index] = momentum * velocity[index] + gradient;
      weights[index] -=
          learningRate * (nesterov ? gradient + momentum * velocity[index] : velocity[index]);
    }
  }
}
