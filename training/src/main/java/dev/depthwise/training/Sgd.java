package dev.depthwise.training;

import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Weights;

/**
 * Stochastic gradient descent with momentum and weight decay, step by step as PyTorch's {@code
 * torch.optim.SGD} without dampening:
 *
 * <pre>
 * d = gradient + decay * w
 * v = momentum * v + d                                   (v begins at 0)
 * w = w - learningRate * (nesterov ? d + momentum * v : v)
 * </pre>
 *
 * <p>Nesterov's form: Sutskever et al. 2013, "On the importance of initialization and momentum in
 * deep learning", section 2.
 *
 * @param momentum in [0, 1); without, nothing is remembered
 * @param nesterov whether to look ahead; needs a momentum
 * @param decay how strongly weights are drawn towards 0
 */
public record Sgd(double momentum, boolean nesterov, Decay decay) implements Optimizer {
  public Sgd {
    Require.belowOne("the momentum", momentum);
    if (nesterov && momentum == 0) {
      throw new InputException("Nesterov's form needs a momentum, which was 0; try 0.9");
    }
  }

  /** Without momentum and decay. */
  public static Sgd plain() {
    return new Sgd(0, false, Decay.none());
  }

  /** Momentum in Polyak's form. */
  public static Sgd of(double momentum, Decay decay) {
    return new Sgd(momentum, false, decay);
  }

  /** Momentum in Nesterov's form. */
  public static Sgd nesterov(double momentum, Decay decay) {
    return new Sgd(momentum, true, decay);
  }

  @Override
  public UpdateRule at(double learningRate, long step) {
    return new Rule(learningRate);
  }

  private final class Rule implements UpdateRule {
    private final double learningRate;

    Rule(double learningRate) {
      this.learningRate = learningRate;
    }

    @Override
    public int moments() {
      return momentum == 0 ? 0 : 1;
    }

    @Override
    public void update(
        Weights.Key key, double[] weights, double[] gradients, double[][] moments, int count) {
      double strength = decay.of(key);
      for (int i = 0; i < count; i++) {
        double d = gradients[i] + strength * weights[i];
        if (momentum != 0) {
          double v = momentum * moments[0][i] + d;
          moments[0][i] = v;
          d = nesterov ? d + momentum * v : v;
        }
        weights[i] -= learningRate * d;
      }
    }
  }
}
