package dev.depthwise.network;

import java.util.Collections;
import java.util.List;

/**
 * What a network expects of a picture before it becomes its input: channels, size, and the
 * normalisation {@code (sample / divisor - mean[channel]) / deviation[channel]} of samples from 0
 * to 255.
 *
 * <p>A picture gets its channels first, then its size, then its order of channels, then its
 * normalisation. Every step of the normalisation is rounded to float32, as in NumPy and PyTorch: so
 * inputs equal theirs to the bit.
 *
 * @param channels 1 (grey) or 3 (colours)
 * @param height in pixels
 * @param width in pixels
 * @param resizing how it gets its size
 * @param interpolation how it is resampled for that
 * @param order of the input's channels; for three of them
 * @param divisor positive: 255 brings samples to [0, 1]
 * @param mean per channel of the input, in its order; of divided samples
 * @param deviation standard deviation per channel of the input, in its order; of divided samples;
 *     positive
 */
public record Preprocessing(
    int channels,
    int height,
    int width,
    Resizing resizing,
    Interpolation interpolation,
    ChannelOrder order,
    double divisor,
    List<Double> mean,
    List<Double> deviation) {
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
    if (order == ChannelOrder.BGR && channels != 3) {
      throw new InputException("preprocessing: the order bgr needs 3 channels, not " + channels);
    }
    requirePositive("the divisor", divisor);
    if (mean.size() != channels || deviation.size() != channels) {
      throw new InputException(
          "preprocessing: mean and deviation need one value for each of %d channels, got %d and %d"
              .formatted(channels, mean.size(), deviation.size()));
    }
    for (double value : mean) {
      if (!Double.isFinite(value)) {
        throw new InputException("preprocessing: a mean must be finite, was " + value);
      }
    }
    for (double value : deviation) {
      requirePositive("a deviation", value);
    }
  }

  /**
   * Positive also when rounded to float32, in which it is used: otherwise an input may be infinite.
   */
  private static void requirePositive(String what, double value) {
    if (!(value >= Float.MIN_NORMAL && value <= Float.MAX_VALUE)) {
      throw new InputException(
          "preprocessing: %s must be positive and finite, was %s".formatted(what, value));
    }
  }

  /**
   * What networks trained here take: the whole picture, stretched to size bilinearly, samples in
   * [0, 1] normalised.
   *
   * @param mean per channel, of values in [0, 1]
   * @param deviation standard deviation per channel, of values in [0, 1]; positive
   */
  public static Preprocessing stretched(
      int channels, int height, int width, List<Double> mean, List<Double> deviation) {
    return new Preprocessing(
        channels,
        height,
        width,
        new Resizing.Stretch(),
        Interpolation.BILINEAR,
        ChannelOrder.RGB,
        255,
        mean,
        deviation);
  }

  /**
   * Keras' mode "caffe" after {@code load_img(target_size)}: blue, green, red, less ImageNet's
   * mean; for VGG and ResNet v1.
   */
  public static Preprocessing caffe(int height, int width) {
    return keras(
        height,
        width,
        ChannelOrder.BGR,
        1,
        List.of(103.939, 116.779, 123.68),
        Collections.nCopies(3, 1.0));
  }

  /**
   * Keras' mode "tf" after {@code load_img(target_size)}: samples in [-1, 1]; for ResNet V2,
   * Inception, Inception-ResNet, Xception and MobileNet.
   */
  public static Preprocessing tf(int height, int width) {
    return keras(
        height,
        width,
        ChannelOrder.RGB,
        127.5,
        Collections.nCopies(3, 1.0),
        Collections.nCopies(3, 1.0));
  }

  /**
   * Keras' mode "torch" after {@code load_img(target_size)}: samples in [0, 1] normalised by
   * ImageNet's mean and deviation; for DenseNet.
   */
  public static Preprocessing torch(int height, int width) {
    return keras(
        height,
        width,
        ChannelOrder.RGB,
        255,
        List.of(0.485, 0.456, 0.406),
        List.of(0.229, 0.224, 0.225));
  }

  /**
   * torchvision's presets for classification: {@code Resize(side)}, {@code CenterCrop(crop)}, and
   * the normalisation of {@link #torch}. 256 and 224 is the usual one.
   *
   * @param side what the shorter side becomes, in pixels
   * @param crop what the network takes, in pixels
   */
  public static Preprocessing torchvision(int side, int crop) {
    return torch(crop, crop)
        .withResizing(new Resizing.ShorterSideThenCrop(side))
        .withInterpolation(Interpolation.BILINEAR);
  }

  private static Preprocessing keras(
      int height,
      int width,
      ChannelOrder order,
      double divisor,
      List<Double> mean,
      List<Double> deviation) {
    return new Preprocessing(
        3,
        height,
        width,
        new Resizing.Stretch(),
        Interpolation.NEAREST,
        order,
        divisor,
        mean,
        deviation);
  }

  /** The same with another way to get the size. */
  public Preprocessing withResizing(Resizing other) {
    return new Preprocessing(
        channels, height, width, other, interpolation, order, divisor, mean, deviation);
  }

  /** The same with another interpolation. */
  public Preprocessing withInterpolation(Interpolation other) {
    return new Preprocessing(
        channels, height, width, resizing, other, order, divisor, mean, deviation);
  }

  /** The same with samples divided by another number. */
  public Preprocessing withDivisor(double other) {
    return new Preprocessing(
        channels, height, width, resizing, interpolation, order, other, mean, deviation);
  }

  /** The shape of the input that it makes: channels x height x width. */
  public Shape input() {
    return Shape.of(channels, height, width);
  }
}
