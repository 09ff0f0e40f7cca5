package dev.depthwise.training;

import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.Weights;

/**
 * Gradients over the root of their mean square (Hinton 2012, "Neural Networks for Machine
 * Learning", lecture 6e), step by step as PyTorch's {@code torch.optim.RMSprop}, not centred:
 *
 * <pre>
 * g = gradient + decay * w
 * s = alpha * s + (1 - alpha) * g * g                    (s and v begin at 0)
 * v = momentum * v + g / (sqrt(s) + epsilon)
 * w = w - learningRate * v
 * </pre>
 *
 * @param alpha how long squares are remembered, in [0, 1)
 * @param epsilon keeps quotients small; positive. TensorFlow's stands under the root: the square
 *     root of what a TensorFlow recipe says comes near
 * @param momentum in [0, 1)
 * @param decay how strongly weights are drawn towards 0
 */
public record RmsProp(double alpha, double epsilon, double momentum, Decay decay)
    implements Optimizer {
  public RmsProp {
    Require.belowOne("alpha", alpha);
    Require.positive("epsilon", epsilon);
    Require.belowOne("the momentum", momentum);
  }

  /** With PyTorch's numbers: alpha 0.99, epsilon 1e-8. */
  public static RmsProp of(double momentum, Decay decay) {
    return new RmsProp(0.99, 1e-8, momentum, decay);
  }

  @Override
  public UpdateRule at(double learningRate, long step) {
    return new Rule(this, learningRate);
  }

  private record Rule(RmsProp settings, double learningRate) implements UpdateRule {
    @Override
    public int moments() {
      return settings.momentum == 0 ? 1 : 2;
    }

    @Override
    public void update(
        Weights.Key key, double[] weights, double[] gradients, double[][] moments, int count) {
      double decay = settings.decay.of(key);
      double alpha = settings.alpha;
      double[] squares = moments[0];
      for (int i = 0; i < count; i++) {
        double gradient = gradients[i] + decay * weights[i];
        double square = alpha * squares[i] + (1 - alpha) * gradient * gradient;
        squares[i] = square;
        double change = gradient / (Math.sqrt(square) + settings.epsilon);
        if (settings.momentum != 0) {
          change += settings.momentum * moments[1][i];
          moments[1][i] = change;
        }
        weights[i] -= learningRate * change;
      }
    }
  }
}
