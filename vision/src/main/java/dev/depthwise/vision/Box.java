package dev.depthwise.vision;

/**
 * The part of a picture that becomes the whole of another: Pillow's {@code box}, of float32 as
 * there. Edges may lie within pixels.
 *
 * @param left edge, from 0
 * @param top edge, from 0
 * @param right edge, behind the left one
 * @param bottom edge, below the top one
 */
public record Box(float left, float top, float right, float bottom) {
  public Box {
    if (!(left >= 0 && left < right && top >= 0 && top < bottom)) {
      throw new IllegalArgumentException(
          "a box must have a positive size and begin inside the picture, was %s, %s to %s, %s"
              .formatted(left, top, right, bottom));
    }
  }

  /** All of a picture. */
  static Box of(Picture picture) {
    return new Box(0, 0, picture.width(), picture.height());
  }

  /**
   * The largest box in the centre with so many rows for so many columns, its edges between pixels;
   * Keras' {@code keep_aspect_ratio}.
   */
  static Box centered(Picture picture, int height, int width) {
    long wide = (long) picture.height() * width / height;
    long high = (long) picture.width() * height / width;
    // A picture of extreme proportions would get an empty one, at which Keras fails.
    int boxWidth = (int) Math.max(Math.min(picture.width(), wide), 1);
    int boxHeight = (int) Math.max(Math.min(picture.height(), high), 1);
    int left = (picture.width() - boxWidth) / 2;
    int top = (picture.height() - boxHeight) / 2;
    return new Box(left, top, left + boxWidth, top + boxHeight);
  }
}
