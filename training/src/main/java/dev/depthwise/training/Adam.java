package dev.depthwise.training;

import dev.depthwise.engine.UpdateRule;

/**
 * Kingma and Ba 2015, "Adam", algorithm 1, step by step as PyTorch's {@code torch.optim.Adam}; the
 * weight decay is part of the gradient ({@link AdamW} keeps it apart):
 *
 * <pre>
 * g = gradient + decay * w
 * m = beta1 * m + (1 - beta1) * g                        (m and s begin at 0)
 * s = beta2 * s + (1 - beta2) * g * g
 * w = w - learningRate * (m / (1 - beta1^step)) / (sqrt(s / (1 - beta2^step)) + epsilon)
 * </pre>
 *
 * @param beta1 how long gradients are remembered, in [0, 1)
 * @param beta2 how long their squares are, in [0, 1)
 * @param epsilon keeps quotients small; positive
 * @param decay how strongly weights are drawn towards 0
 */
public record Adam(double beta1, double beta2, double epsilon, Decay decay) implements Optimizer {
  public Adam {
    Require.belowOne("beta1", beta1);
    Require.belowOne("beta2", beta2);
    Require.positive("epsilon", epsilon);
  }

  /** With the paper's numbers: 0.9, 0.999, 1e-8. */
  public static Adam of(Decay decay) {
    return new Adam(0.9, 0.999, 1e-8, decay);
  }

  @Override
  public UpdateRule at(double learningRate, long step) {
    return new AdamRule(learningRate, step, beta1, beta2, epsilon, decay, Decay.none());
  }
}
