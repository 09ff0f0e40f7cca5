package dev.depthwise.training;

import dev.depthwise.network.Role;
import dev.depthwise.network.Weights;

/**
 * How strongly weights are drawn towards 0.
 *
 * @param strength 0 or larger
 * @param all whether biases, scales and shifts are drawn too, as in PyTorch; without, only kernels
 *     are (He et al. 2019, "Bag of Tricks", section 3.1)
 */
public record Decay(double strength, boolean all) {
  public Decay {
    Require.notNegative("the weight decay", strength);
  }

  /** No decay. */
  public static Decay none() {
    return new Decay(0, false);
  }

  /** Of kernels alone. */
  public static Decay ofKernels(double strength) {
    return new Decay(strength, false);
  }

  /** Of all parameters. */
  public static Decay ofAll(double strength) {
    return new Decay(strength, true);
  }

  double of(Weights.Key key) {
    return all || key.role() == Role.KERNEL ? strength : 0;
  }
}
