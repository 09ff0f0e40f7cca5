package dev.depthwise.training;

import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Role;
import dev.depthwise.network.Weights;

/**
 * Stochastic gradient descent with momentum and weight decay, step by step as PyTorch's {@code
 * torch.optim.SGD} without dampening:
 *
 * <pre>
 * d = gradient + weightDecay * w
 * v = momentum * v + d                                   (v begins at 0)
 * w = w - learningRate * (nesterov ? d + momentum * v : v)
 * </pre>
 *
 * <p>Nesterov's form: Sutskever et al. 2013, "On the importance of initialization and momentum in
 * deep learning", section 2.
 *
 * @param momentum in [0, 1); without, nothing is remembered
 * @param nesterov whether to look ahead; needs a momentum
 * @param weightDecay how strongly weights are drawn towards 0; 0 or larger
 * @param decayAll whether biases, scales and shifts are drawn too, as in PyTorch; without, only
 *     kernels are (He et al. 2019, "Bag of Tricks", section 3.1)
 */
public record Sgd(double momentum, boolean nesterov, double weightDecay, boolean decayAll)
    implements Optimizer {
  public Sgd {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new InputException("the momentum must be at least 0 and less than 1, was " + momentum);
    }
    if (nesterov && momentum == 0) {
      throw new InputException("Nesterov's form needs a momentum, which was 0; try 0.9");
    }
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      throw new InputException("the weight decay must be 0 or larger, was " + weightDecay);
    }
  }

  /** Momentum and weight decay of kernels, in Polyak's form. */
  public static Sgd of(double momentum, double weightDecay) {
    return new Sgd(momentum, false, weightDecay, false);
  }

  @Override
  public UpdateRule at(double learningRate) {
    return new Rule(learningRate);
  }

  private final class Rule implements UpdateRule {
    private final double learningRate;

    Rule(double learningRate) {
      if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a learning rate of " + learningRate);
      }
      this.learningRate = learningRate;
    }

    @Override
    public int moments() {
      return momentum == 0 ? 0 : 1;
    }

    @Override
    public void update(
        Weights.Key key, double[] weights, double[] gradients, double[][] moments, int count) {
      double decay = decayAll || key.role() == Role.KERNEL ? weightDecay : 0;
      for (int i = 0; i < count; i++) {
        double d = gradients[i] + decay * weights[i];
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
