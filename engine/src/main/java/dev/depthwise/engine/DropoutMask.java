package dev.depthwise.engine;

import dev.depthwise.network.Randomness;

/**
 * What dropout and stochastic depth keep: the same on every engine, keyed by (seed, step, layer).
 */
public final class DropoutMask {
  private DropoutMask() {}

  /**
   * The key of one layer's mask in one step.
   *
   * @param layer the node's name
   */
  public static long key(long seed, long step, String layer) {
    return Randomness.key(Randomness.key(seed, step), layer.hashCode());
  }

  /**
   * What an element, or a picture, is multiplied with: 0, or {@code 1 / (1 - rate)}.
   *
   * @param element its position in the batch, in NCHW order; or the picture's number
   */
  public static float factor(long key, long element, double rate) {
    return Randomness.uniform(key, element) < rate ? 0 : (float) (1 / (1 - rate));
  }
}
