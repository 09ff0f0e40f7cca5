package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Resizing;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * Turns pictures into a network's input as its {@link Preprocessing} asks. Stateless, shared by
 * threads.
 *
 * <p>Sizes are made as by Pillow, Keras and torchvision, to the byte; samples are normalised in
 * their order of float32 operations, to the bit.
 */
public final class Preprocessor {
  private final Preprocessing preprocessing;

  /** The normalised value of each sample, by channel of the input. */
  private final float[][] normalized;

  /** Creates one for a network. */
  public Preprocessor(Preprocessing preprocessing) {
    this.preprocessing = Objects.requireNonNull(preprocessing);
    normalized = new float[preprocessing.channels()][256];
    float divisor = (float) preprocessing.divisor();
    for (int channel = 0; channel < normalized.length; channel++) {
      float mean = preprocessing.mean().get(channel).floatValue();
      float deviation = preprocessing.deviation().get(channel).floatValue();
      for (int sample = 0; sample < 256; sample++) {
        // Each step is rounded; neither a product with a reciprocal nor double precision would be
        // equal.
        float divided = sample / divisor;
        float centered = divided - mean;
        normalized[channel][sample] = centered / deviation;
      }
    }
  }

  /** What it was created with. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** Floats per picture: channels x height x width. */
  public int length() {
    return Math.multiplyExact(
        preprocessing.channels(),
        Math.multiplyExact(preprocessing.height(), preprocessing.width()));
  }

  /** The picture in the network's channels and size; colours are still red, green, blue. */
  public Picture fit(Picture picture) {
    Resizing resizing = preprocessing.resizing();
    if (resizing instanceof Resizing.ShorterSideThenCrop rule) {
      return shorterSideThenCrop(picture.to(preprocessing.channels()), rule.side());
    }
    if (resizing instanceof Resizing.CropThenStretch) {
      return stretch(picture, Box.centered(picture, preprocessing.height(), preprocessing.width()));
    }
    return stretch(picture);
  }

  /**
   * The picture in the network's channels, all of it brought to the network's size, whatever rule
   * the network has for whole pictures: for windows that were chosen otherwise.
   */
  public Picture stretch(Picture picture) {
    return stretch(picture, Box.of(picture));
  }

  private Picture stretch(Picture picture, Box box) {
    return Resize.resize(
        picture.to(preprocessing.channels()),
        preprocessing.width(),
        preprocessing.height(),
        preprocessing.interpolation(),
        box);
  }

  /**
   * Only what the window shows is made: of a long thin picture, the whole would be huge. Source:
   * torchvision, {@code functional.py}: resize, center_crop.
   */
  private Picture shorterSideThenCrop(Picture picture, int side) {
    int width = scaled(picture.width(), picture, side);
    int height = scaled(picture.height(), picture, side);
    int left = cropBegin(width, preprocessing.width());
    int top = cropBegin(height, preprocessing.height());
    Picture cut =
        Resize.window(
            picture,
            width,
            height,
            preprocessing.interpolation(),
            Math.max(left, 0),
            Math.max(top, 0),
            Math.min(width, preprocessing.width()),
            Math.min(height, preprocessing.height()));
    return cut.width() == preprocessing.width() && cut.height() == preprocessing.height()
        ? cut
        : cut.window(
            Math.min(left, 0), Math.min(top, 0), preprocessing.width(), preprocessing.height(), 0);
  }

  private static int scaled(int length, Picture picture, int side) {
    long scaled = (long) side * length / Math.min(picture.width(), picture.height());
    if (scaled > Integer.MAX_VALUE) {
      throw new InputException(
          "a picture of %dx%d pixels is too long and thin to bring its shorter side to %d"
              .formatted(picture.width(), picture.height(), side));
    }
    return (int) scaled;
  }

  /** Half to even where the rest is cut off, as Python rounds; downwards where it is padded. */
  private static int cropBegin(int length, int crop) {
    return crop > length ? -((crop - length) / 2) : (int) Math.rint((length - crop) / 2.0);
  }

  /** A picture of any size as CHW floats. */
  public float[] apply(Picture picture) {
    float[] target = new float[length()];
    normalize(fit(picture), target, 0);
    return target;
  }

  /**
   * Writes a fitting picture as CHW floats.
   *
   * @param picture in the network's channels and size
   * @param target takes {@link #length()} floats from {@code offset} on
   */
  public void normalize(Picture picture, float[] target, int offset) {
    if (picture.channels() != preprocessing.channels()
        || picture.width() != preprocessing.width()
        || picture.height() != preprocessing.height()) {
      throw new IllegalArgumentException("%s does not fit %s".formatted(picture, preprocessing));
    }
    byte[] samples = picture.samples();
    int channels = picture.channels();
    int out = offset;
    for (int channel = 0; channel < channels; channel++) {
      float[] values = normalized[channel];
      for (int at = color(channel); at < samples.length; at += channels) {
        target[out++] = values[samples[at] & 0xff];
      }
    }
  }

  /**
   * The picture that an input was made of: normalisation and order of channels undone, rounded to
   * samples.
   *
   * @param pixels CHW floats from {@code from} on; not moved
   */
  public Picture picture(FloatBuffer pixels, int from) {
    int channels = preprocessing.channels();
    int size = preprocessing.height() * preprocessing.width();
    byte[] samples = new byte[channels * size];
    int in = from;
    for (int channel = 0; channel < channels; channel++) {
      double mean = preprocessing.mean().get(channel);
      double deviation = preprocessing.deviation().get(channel);
      for (int at = color(channel); at < samples.length; at += channels) {
        long sample = Math.round(preprocessing.divisor() * (pixels.get(in++) * deviation + mean));
        samples[at] = (byte) Math.min(Math.max(sample, 0), 255);
      }
    }
    return Picture.owning(preprocessing.width(), preprocessing.height(), channels, samples);
  }

  /** Which of a picture's channels a channel of the input is. */
  private int color(int channel) {
    return switch (preprocessing.order()) {
      case RGB -> channel;
      case BGR -> preprocessing.channels() - 1 - channel;
    };
  }
}
