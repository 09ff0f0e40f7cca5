package dev.depthwise.training;

import dev.depthwise.engine.UpdateRule;

/**
 * Adam whose weight decay does not pass through its averages (Loshchilov and Hutter 2019,
 * "Decoupled Weight Decay Regularization", algorithm 2), step by step as PyTorch's {@code
 * torch.optim.AdamW}: {@code w = w - learningRate * decay * w}, then {@link Adam} without decay.
 *
 * @param beta1 how long gradients are remembered, in [0, 1)
 * @param beta2 how long their squares are, in [0, 1)
 * @param epsilon keeps quotients small; positive
 * @param decay how strongly weights are drawn towards 0
 */
public record AdamW(double beta1, double beta2, double epsilon, Decay decay) implements Optimizer {
  public AdamW {
    Require.belowOne("beta1", beta1);
    Require.belowOne("beta2", beta2);
    Require.positive("epsilon", epsilon);
  }

  /** With Adam's usual numbers: 0.9, 0.999, 1e-8. */
  public static AdamW of(Decay decay) {
    return new AdamW(0.9, 0.999, 1e-8, decay);
  }

  @Override
  public UpdateRule at(double learningRate, long step) {
    return new AdamRule(learningRate, step, beta1, beta2, epsilon, Decay.none(), decay);
  }
}
