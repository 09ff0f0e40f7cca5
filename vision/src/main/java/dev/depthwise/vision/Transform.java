package dev.depthwise.vision;

import dev.depthwise.network.Randomness;

/**
 * One way to vary a picture. It works on samples of 8 bits, as Pillow does: what is published about
 * these transforms was measured there.
 *
 * <p>{@code toString} writes it as {@link Augmentation#parse} reads it.
 */
public sealed interface Transform
    permits Blur, ColorJitter, Flip, Grayscale, Motion, PaddedCrop, RandAugment, VerticalFlip {
  /**
   * The picture, varied; of the same size and channels.
   *
   * @param randomness the picture's own; how much of it is used may depend on what it holds
   */
  Picture apply(Picture picture, Randomness randomness);
}
