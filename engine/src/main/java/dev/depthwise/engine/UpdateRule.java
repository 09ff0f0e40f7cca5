package dev.depthwise.engine;

import dev.depthwise.network.Weights;

/**
 * How an optimiser changes a parameter, element by element.
 *
 * <p>Engines keep parameters in single precision and call this with pieces of them in double
 * precision, so that the rule is written once and rounds once.
 */
public interface UpdateRule {
  /** How many numbers it remembers for each element (momentum: 1); they start at 0. */
  int moments();

  /**
   * Changes a piece of a parameter.
   *
   * @param key the parameter
   * @param weights changed in place
   * @param gradients the derivative of the loss; a copy, which may be written over
   * @param moments {@link #moments()} arrays, changed in place
   * @param count the elements from 0 that are used of each array
   */
  void update(Weights.Key key, double[] weights, double[] gradients, double[][] moments, int count);
}
