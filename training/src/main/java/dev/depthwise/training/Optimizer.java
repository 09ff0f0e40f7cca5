package dev.depthwise.training;

import dev.depthwise.engine.UpdateRule;

/** How parameters follow their gradients. */
public sealed interface Optimizer permits Adam, AdamW, RmsProp, Sgd {
  /**
   * The rule of one step.
   *
   * @param learningRate 0 or larger
   * @param step counted from 1: averages that begin at 0 are too small at first by what it says
   */
  UpdateRule at(double learningRate, long step);
}
