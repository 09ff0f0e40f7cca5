package dev.depthwise.training;

import dev.depthwise.engine.UpdateRule;

/** How parameters follow their gradients. */
public sealed interface Optimizer permits Sgd {
  /**
   * The rule of one step.
   *
   * @param learningRate 0 or larger
   */
  UpdateRule at(double learningRate);
}
