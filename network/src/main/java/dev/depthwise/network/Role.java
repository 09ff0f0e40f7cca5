package dev.depthwise.network;

/** What a parameter does in its node. */
public enum Role {
  /** A convolution's [out, in / groups, height, width] or a dense layer's [out, in]. */
  KERNEL,
  /** Added after the kernel, one per output channel. */
  BIAS,
  /** A norm's gamma. */
  SCALE,
  /** A norm's beta. */
  SHIFT,
  /** What layer scale multiplies with: [channels, 1, 1], as files have it. */
  LAYER_SCALE,
  /** A rectifier's slope below 0: one per channel, or one for all. */
  SLOPE,
  /** Batch norm's running mean: measured, not learned. */
  MEAN,
  /** Batch norm's running variance: measured, not learned. */
  VARIANCE;

  /** Whether a gradient moves it; the others are statistics that the forward pass measures. */
  public boolean isLearned() {
    return this != MEAN && this != VARIANCE;
  }
}
