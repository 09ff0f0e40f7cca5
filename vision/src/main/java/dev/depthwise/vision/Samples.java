package dev.depthwise.vision;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Arrays;
import javax.imageio.IIOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what decoders make into pictures, as Pillow's {@code convert("RGB")} does: palettes looked
 * up, alpha dropped without compositing, embedded colour profiles and gamma ignored, inks
 * multiplied. Of 16-bit samples the high byte is kept.
 *
 * <p>It takes the raster's own samples. {@link BufferedImage#getRGB} converts embedded profiles and
 * linear grey to sRGB, which the pipelines behind published accuracies do not.
 */
final class Samples {
  private static final int[] GREY = {0};
  private static final int[] RGB = {0, 1, 2};
  private static final int[] BGR = {2, 1, 0};

  private Samples() {}

  /** A decoded image, which is not used any more: its samples may be taken over. */
  static Picture of(BufferedImage image) throws IIOException {
    return of(image, image.getColorModel().isAlphaPremultiplied());
  }

  /**
   * A decoded image, which is not used any more: its samples may be taken over.
   *
   * @param premultiplied whether colours were multiplied with alpha, if there is any
   */
  static Picture of(BufferedImage image, boolean premultiplied) throws IIOException {
    Raster raster = image.getRaster();
    ColorModel colors = image.getColorModel();
    if (colors instanceof IndexColorModel palette) {
      return palette(raster, palette);
    }
    int bands = raster.getNumBands();
    int space = colors.getColorSpace().getType();
    if (space == ColorSpace.TYPE_CMYK && bands >= 4) {
      return inks(raster, false, false);
    }
    if (space != ColorSpace.TYPE_RGB && space != ColorSpace.TYPE_GRAY) {
      throw new IIOException("its colours are neither grey, RGB nor CMYK, which is not supported");
    }
    Picture interleaved = interleaved(raster);
    if (interleaved != null) {
      return interleaved;
    }
    return converted(raster, colors.hasAlpha() && premultiplied);
  }

  /** Bytes side by side, as they usually come: taken over without a copy. */
  private static @Nullable Picture interleaved(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    if ((bands != 1 && bands != 3)
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
        || !(raster.getSampleModel() instanceof PixelInterleavedSampleModel model)
        || model.getPixelStride() != bands
        || model.getScanlineStride() != bands * width
        || buffer.getNumBanks() != 1
        || buffer.getOffset() != 0
        || raster.getSampleModelTranslateX() != 0
        || raster.getSampleModelTranslateY() != 0
        || buffer.getData().length != (long) bands * width * height) {
      return null;
    }
    byte[] samples = buffer.getData();
    int[] offsets = model.getBandOffsets();
    if (Arrays.equals(offsets, BGR)) {
      for (int at = 0; at < samples.length; at += 3) {
        byte blue = samples[at];
        samples[at] = samples[at + 2];
        samples[at + 2] = blue;
      }
    } else if (!Arrays.equals(offsets, bands == 1 ? GREY : RGB)) {
      return null;
    }
    return Picture.owning(width, height, bands, samples);
  }

  private static Picture converted(Raster raster, boolean premultiplied) throws IIOException {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int[] sizes = raster.getSampleModel().getSampleSize();
    for (int size : sizes) {
      if (size > 16) {
        throw new IIOException(
            "its samples have %d bits; supported are at most 16".formatted(size));
      }
    }
    int channels = bands < 3 ? 1 : 3;
    byte[] samples = new byte[size(raster, channels)];
    int[] row = new int[width * bands];
    int out = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int at = 0; at < row.length; at += bands) {
        for (int channel = 0; channel < channels; channel++) {
          int sample = toByte(row[at + channel], sizes[channel]);
          if (premultiplied) {
            int alpha = toByte(row[at + bands - 1], sizes[bands - 1]);
            sample = alpha == 0 ? sample : Math.min(255 * sample / alpha, 255);
          }
          samples[out++] = (byte) sample;
        }
      }
    }
    return Picture.owning(width, raster.getHeight(), channels, samples);
  }

  private static int toByte(int sample, int bits) {
    return bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }

  /** Grey of 1, 2 or 4 bits arrives as a palette of greys. */
  private static Picture palette(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int channels = isGrey(palette) ? 1 : 3;
    byte[] samples = new byte[size(raster, channels)];
    int[] row = new int[width];
    int out = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int index : row) {
        samples[out++] = (byte) palette.getRed(index);
        if (channels == 3) {
          samples[out++] = (byte) palette.getGreen(index);
          samples[out++] = (byte) palette.getBlue(index);
        }
      }
    }
    return Picture.owning(width, raster.getHeight(), channels, samples);
  }

  private static boolean isGrey(IndexColorModel palette) {
    for (int index = 0; index < palette.getMapSize(); index++) {
      if (palette.getRed(index) != palette.getGreen(index)
          || palette.getRed(index) != palette.getBlue(index)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Cyan, magenta, yellow and black, as Pillow makes colours of them.
   *
   * @param inverted whether 255 stands for no ink, as in JPEG files
   * @param luminance whether the first three are luminance and chrominance, as in YCCK
   */
  static Picture inks(Raster raster, boolean inverted, boolean luminance) throws IIOException {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int bits = raster.getSampleModel().getSampleSize(0);
    if (bits != 8 && bits != 16) {
      throw new IIOException("its inks have %d bits; supported are 8 and 16".formatted(bits));
    }
    byte[] samples = new byte[size(raster, 3)];
    int[] row = new int[width * bands];
    int out = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int at = 0; at < row.length; at += bands) {
        int black = row[at + 3] >> (bits - 8);
        int white = inverted ? black : 255 - black;
        int luma = row[at];
        int blueness = row[at + 1] - 128;
        int redness = row[at + 2] - 128;
        for (int channel = 0; channel < 3; channel++) {
          int ink;
          if (luminance) {
            ink = clamp(luma + chroma(channel, blueness, redness));
          } else {
            int stored = row[at + channel] >> (bits - 8);
            ink = inverted ? 255 - stored : stored;
          }
          int product = ink * white + 128;
          samples[out++] = (byte) clamp(white - (((product >> 8) + product) >> 8));
        }
      }
    }
    return Picture.owning(width, raster.getHeight(), 3, samples);
  }

  /** What chrominance adds to luminance, in libjpeg's fixed point. */
  private static int chroma(int channel, int blueness, int redness) {
    int half = 1 << 15;
    return switch (channel) {
      case 0 -> (91881 * redness + half) >> 16;
      case 1 -> (-22554 * blueness - 46802 * redness + half) >> 16;
      default -> (116130 * blueness + half) >> 16;
    };
  }

  private static int clamp(int sample) {
    return Math.min(Math.max(sample, 0), 255);
  }

  private static int size(Raster raster, int channels) {
    return Math.multiplyExact(Math.multiplyExact(raster.getWidth(), raster.getHeight()), channels);
  }
}
