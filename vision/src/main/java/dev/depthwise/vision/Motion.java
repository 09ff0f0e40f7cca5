package dev.depthwise.vision;

import dev.depthwise.network.Randomness;

/**
 * A transform that moves a picture as a whole; interpolated between the four nearest pixels.
 * Neighbours in a list with the same border are carried out as one, so that it is interpolated
 * once.
 */
public sealed interface Motion extends Transform permits Rotation, Shear, Translation, Zoom {
  /** What lies outside of the picture. */
  Border border();

  /** Draws where a picture of this size goes. */
  Affine draw(int width, int height, Randomness randomness);

  @Override
  default Picture apply(Picture picture, Randomness randomness) {
    return draw(picture.width(), picture.height(), randomness).bilinear(picture, border());
  }
}
