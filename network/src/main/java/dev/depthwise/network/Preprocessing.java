package dev.depthwise.network;

import java.util.List;

/**
 * What a network expects of a picture before it becomes its input: channels, size, and the
 * normalisation {@code (value / 255 - mean[channel]) / deviation[channel]}.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param height in pixels
 * @param width in pixels
 * @param mean per channel, of values in [0, 1]
 * @param deviation standard deviation per channel, of values in [0, 1]; positive
 */
public record Preprocessing(
    int channels, int height, int width, List<Double> mean, List<Double> deviation) {
  public Preprocessing {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (channels != 1 && channels != 3) {
      throw new InputException("preprocessing: channels must be 1 or 3, was " + channels);
    }
    if (height < 1 || width < 1) {
      throw new InputException(
          "preprocessing: the size must be positive, was %dx%d".formatted(height, width));
    }
    if (mean.size() != channels || deviation.size() != channels) {
      throw new InputException(
          "preprocessing: mean and deviation need one value for each of %d channels, got %d and %d"
              .formatted(channels, mean.size(), deviation.size()));
    }
    for (double value : deviation) {
      if (!(value > 0)) {
        throw new InputException("preprocessing: a deviation must be positive, was " + value);
      }
    }
  }

  /** The shape of the input that it makes: channels x height x width. */
  public Shape input() {
    return Shape.of(channels, height, width);
  }
}
