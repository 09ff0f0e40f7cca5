package dev.depthwise.training;

import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.Weights;

/**
 * Adam at one step; what sets its two forms apart is what they do with the weight decay.
 *
 * @param inGradient the decay, by parameter, that is added to the gradient
 * @param ofWeights the decay, by parameter, that weights lose on their own
 */
record AdamRule(
    double learningRate,
    long step,
    double beta1,
    double beta2,
    double epsilon,
    Decay inGradient,
    Decay ofWeights)
    implements UpdateRule {

  @Override
  public int moments() {
    return 2;
  }

  @Override
  public void update(
      Weights.Key key, double[] weights, double[] gradients, double[][] moments, int count) {
    double shrink = 1 - learningRate * ofWeights.of(key);
    double decay = inGradient.of(key);
    double size = learningRate / (1 - StrictMath.pow(beta1, (double) step));
    double root = Math.sqrt(1 - StrictMath.pow(beta2, (double) step));
    double[] means = moments[0];
    double[] squares = moments[1];
    for (int i = 0; i < count; i++) {
      double gradient = gradients[i] + decay * weights[i];
      double mean = beta1 * means[i] + (1 - beta1) * gradient;
      double square = beta2 * squares[i] + (1 - beta2) * gradient * gradient;
      means[i] = mean;
      squares[i] = square;
      weights[i] = weights[i] * shrink - size * mean / (Math.sqrt(square) / root + epsilon);
    }
  }
}
