package dev.depthwise.vision;

import java.util.Arrays;
import java.util.Objects;

/**
 * A picture of 8-bit samples: grey (one channel) or red, green, blue (three), interleaved row by
 * row (HWC). Immutable.
 */
public final class Picture {
  private final int width;
  private final int height;
  private final int channels;
  private final byte[] samples;

  private Picture(int width, int height, int channels, byte[] samples) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a picture's size must be positive, was %dx%d".formatted(width, height));
    }
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("a picture has 1 or 3 channels, not " + channels);
    }
    if (samples.length != (long) width * height * channels) {
      throw new IllegalArgumentException(
          "a picture of %dx%d with %d channels has %d samples, not %d"
              .formatted(
                  width, height, channels, (long) width * height * channels, samples.length));
    }
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.samples = samples;
  }

  /**
   * A picture with a copy of these samples.
   *
   * @param channels 1 or 3
   * @param samples {@code height * width * channels} unsigned bytes, interleaved
   */
  public static Picture of(int width, int height, int channels, byte[] samples) {
    return new Picture(width, height, channels, samples.clone());
  }

  /** A picture that owns these samples; the caller must not write to them any more. */
  static Picture owning(int width, int height, int channels, byte[] samples) {
    return new Picture(width, height, channels, samples);
  }

  /** Pixels in a row. */
  public int width() {
    return width;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** 1 (grey) or 3 (red, green, blue). */
  public int channels() {
    return channels;
  }

  /** One sample, 0 to 255. */
  public int sample(int x, int y, int channel) {
    Objects.checkIndex(x, width);
    Objects.checkIndex(y, height);
    Objects.checkIndex(channel, channels);
    return samples[(y * width + x) * channels + channel] & 0xff;
  }

  /** A copy of all samples, interleaved row by row. */
  public byte[] toBytes() {
    return samples.clone();
  }

  /** The samples themselves, for reading only. */
  byte[] samples() {
    return samples;
  }

  /**
   * This picture with so many channels: grey is repeated into three; colour becomes ITU-R 601-2
   * luma in the integer arithmetic of Pillow's {@code convert("L")}.
   *
   * @param wanted 1 or 3
   */
  public Picture to(int wanted) {
    if (wanted != 1 && wanted != 3) {
      throw new IllegalArgumentException("a picture has 1 or 3 channels, not " + wanted);
    }
    if (wanted == channels) {
      return this;
    }
    int pixels = width * height;
    byte[] converted = new byte[Math.multiplyExact(pixels, wanted)];
    for (int pixel = 0; pixel < pixels; pixel++) {
      int at = 3 * pixel;
      if (wanted == 3) {
        Arrays.fill(converted, at, at + 3, samples[pixel]);
      } else {
        int red = samples[at] & 0xff;
        int green = samples[at + 1] & 0xff;
        int blue = samples[at + 2] & 0xff;
        converted[pixel] = (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
      }
    }
    return new Picture(width, height, wanted, converted);
  }

  /**
   * The window of this picture whose top left corner lies at {@code (left, top)}; where it reaches
   * outside, every sample is {@code fill}.
   *
   * @param left may be negative, as may {@code top}
   * @param fill 0 to 255
   */
  public Picture window(int left, int top, int windowWidth, int windowHeight, int fill) {
    byte[] cut =
        new byte[Math.multiplyExact(Math.multiplyExact(windowWidth, windowHeight), channels)];
    if (fill != 0) {
      Arrays.fill(cut, (byte) fill);
    }
    int fromX = Math.max(left, 0);
    int toX = Math.min(left + windowWidth, width);
    int fromY = Math.max(top, 0);
    int toY = Math.min(top + windowHeight, height);
    if (fromX < toX) {
      for (int y = fromY; y < toY; y++) {
        System.arraycopy(
            samples,
            (y * width + fromX) * channels,
            cut,
            ((y - top) * windowWidth + fromX - left) * channels,
            (toX - fromX) * channels);
      }
    }
    return new Picture(windowWidth, windowHeight, channels, cut);
  }

  /**
   * This picture on a larger one of an even colour.
   *
   * @param left where it lies; it lies inside, as with {@code top}
   * @param color as 0xRRGGBB
   */
  Picture on(int largeWidth, int largeHeight, int left, int top, int color) {
    byte[] large =
        new byte[Math.multiplyExact(Math.multiplyExact(largeWidth, largeHeight), channels)];
    for (int at = 0; at < large.length; at += channels) {
      for (int channel = 0; channel < channels; channel++) {
        large[at + channel] = (byte) (color >> (8 * (channels - 1 - channel)));
      }
    }
    for (int y = 0; y < height; y++) {
      System.arraycopy(
          samples,
          y * width * channels,
          large,
          ((top + y) * largeWidth + left) * channels,
          width * channels);
    }
    return new Picture(largeWidth, largeHeight, channels, large);
  }

  /** This picture with left and right exchanged. */
  public Picture mirrored() {
    byte[] mirrored = new byte[samples.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        System.arraycopy(
            samples,
            (y * width + x) * channels,
            mirrored,
            (y * width + width - 1 - x) * channels,
            channels);
      }
    }
    return new Picture(width, height, channels, mirrored);
  }

  /** This picture with top and bottom exchanged. */
  public Picture upsideDown() {
    int stride = width * channels;
    byte[] turned = new byte[samples.length];
    for (int y = 0; y < height; y++) {
      System.arraycopy(samples, y * stride, turned, (height - 1 - y) * stride, stride);
    }
    return new Picture(width, height, channels, turned);
  }

  /** This picture with rows and columns exchanged. */
  public Picture transposed() {
    byte[] transposed = new byte[samples.length];
    int out = 0;
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        int from = (y * width + x) * channels;
        for (int channel = 0; channel < channels; channel++) {
          transposed[out++] = samples[from + channel];
        }
      }
    }
    return new Picture(height, width, channels, transposed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Picture picture
        && width == picture.width
        && height == picture.height
        && channels == picture.channels
        && Arrays.equals(samples, picture.samples);
  }

  @Override
  public int hashCode() {
    return 31 * Objects.hash(width, height, channels) + Arrays.hashCode(samples);
  }

  @Override
  public String toString() {
    return "Picture[%dx%dx%d]".formatted(channels, height, width);
  }
}
