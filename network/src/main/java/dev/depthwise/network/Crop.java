package dev.depthwise.network;

import java.util.List;

/**
 * A picture without some of its outer rows and columns: Keras' {@code Cropping2D}.
 *
 * @param top rows that go above
 * @param left columns that go before
 * @param bottom rows that go below
 * @param right columns that go behind
 */
public record Crop(int top, int left, int bottom, int right) implements Op {
  public Crop {
    if (top < 0 || left < 0 || bottom < 0 || right < 0) {
      throw new IllegalArgumentException(
          "what is cropped must not be negative, was %d, %d, %d, %d"
              .formatted(top, left, bottom, right));
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape input = Op.onlyPicture(inputs);
    long height = (long) input.height() - top - bottom;
    long width = (long) input.width() - left - right;
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "cropping %d, %d, %d, %d leaves nothing of %s"
              .formatted(top, left, bottom, right, input));
    }
    return Shape.of(input.channels(), (int) height, (int) width);
  }

  @Override
  public String description() {
    return "Crop %d,%d,%d,%d".formatted(top, left, bottom, right);
  }
}
