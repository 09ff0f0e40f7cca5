package dev.depthwise.interchange;

import java.util.OptionalInt;

/**
 * What a file of a model does not say, or may leave open.
 *
 * @param height of a picture, for networks that take any; in pixels
 * @param width of a picture, for networks that take any; in pixels
 * @param samples how a picture's samples become the input's numbers
 */
public record Reading(OptionalInt height, OptionalInt width, Samples samples) {
  public Reading {
    if (height.orElse(1) < 1 || width.orElse(1) < 1) {
      throw new IllegalArgumentException("a picture must have a positive size");
    }
  }

  /** Networks that say their size, samples as they are. */
  public static Reading usual() {
    return new Reading(OptionalInt.empty(), OptionalInt.empty(), Samples.RAW);
  }

  /** The same for pictures of that size. */
  public Reading withSize(int rows, int columns) {
    return new Reading(OptionalInt.of(rows), OptionalInt.of(columns), samples);
  }

  /** The same with other samples. */
  public Reading withSamples(Samples other) {
    return new Reading(height, width, other);
  }
}
