package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads PNG and JPEG files, told apart by their content, into {@link Picture}s as Pillow's {@code
 * convert("RGB")} (or {@code "L"} for grey files) does: palettes looked up, alpha dropped without
 * compositing, embedded colour profiles and gamma ignored. Of 16-bit samples the high byte is kept.
 *
 * <p>Whatever is wrong with a file ends in an {@link InputException} that names the file and the
 * fault, before memory for its pixels is taken.
 */
public final class PictureReader {
  /** The largest picture that is read, in pixels. */
  public static final long MAXIMUM_PIXELS = 64_000_000;

  /** The largest file that is read, in bytes. */
  public static final long MAXIMUM_BYTES = 64L << 20;

  private PictureReader() {}

  /**
   * Reads a picture: grey files with one channel, all others with three.
   *
   * @throws InputException if the file cannot be read or is no whole PNG or JPEG picture
   */
  public static Picture read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new IIOException("it is a folder");
      }
      long length = Files.size(file);
      if (length > MAXIMUM_BYTES) {
        throw new IIOException(
            "the file has %d bytes, at most %d are read".formatted(length, MAXIMUM_BYTES));
      }
      return decode(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw fault(file.toString(), "no such file", e);
    } catch (IOException e) {
      throw fault(file.toString(), reason(e), e);
    }
  }

  /**
   * Decodes the content of a PNG or JPEG file.
   *
   * @param name what an error calls it
   * @throws InputException if it is no whole PNG or JPEG picture
   */
  public static Picture decode(byte[] content, String name) {
    try {
      return decode(content);
    } catch (IOException e) {
      throw fault(name, reason(e), e);
    }
  }

  private static Picture decode(byte[] content) throws IOException {
    PictureHeader header = PictureHeader.of(content);
    if (header.width() < 1 || header.height() < 1) {
      throw new IIOException(
          "its header says %dx%d pixels".formatted(header.width(), header.height()));
    }
    if ((long) header.width() * header.height() > MAXIMUM_PIXELS) {
      throw new IIOException(
          "its header says %dx%d pixels, at most %d million are read"
              .formatted(header.width(), header.height(), MAXIMUM_PIXELS / 1_000_000));
    }
    String format = header.format().name().toLowerCase(Locale.ROOT);
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
      reader.setInput(stream, true, true);
      return picture(reader.read(0));
    } catch (RuntimeException e) {
      // The JDK's decoders answer some broken files with whatever exception they stumble into.
      throw new IIOException("its %s data is broken".formatted(header.format()), e);
    } finally {
      reader.dispose();
    }
  }

  /**
   * Takes the raster's own samples. Not {@link BufferedImage#getRGB}: that converts embedded
   * profiles and linear grey to sRGB, which the pipelines behind published accuracies do not.
   */
  private static Picture picture(BufferedImage image) {
    Raster raster = image.getRaster();
    ColorModel colors = image.getColorModel();
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    boolean grey = bands < 3 && !(colors instanceof IndexColorModel palette && !isGrey(palette));
    int channels = grey ? 1 : 3;
    byte[] samples = new byte[Math.multiplyExact(width * height, channels)];
    int[] row = new int[width * bands];
    int out = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        if (colors instanceof IndexColorModel palette) {
          samples[out++] = (byte) palette.getRed(row[x]);
          if (!grey) {
            samples[out++] = (byte) palette.getGreen(row[x]);
            samples[out++] = (byte) palette.getBlue(row[x]);
          }
        } else {
          for (int channel = 0; channel < channels; channel++) {
            int shift = raster.getSampleModel().getSampleSize(channel) - 8;
            samples[out++] = (byte) (row[x * bands + channel] >> shift);
          }
        }
      }
    }
    return Picture.owning(width, height, channels, samples);
  }

  /** Grey of 1, 2 or 4 bits arrives as a palette of greys. */
  private static boolean isGrey(IndexColorModel palette) {
    for (int index = 0; index < palette.getMapSize(); index++) {
      if (palette.getRed(index) != palette.getGreen(index)
          || palette.getRed(index) != palette.getBlue(index)) {
        return false;
      }
    }
    return true;
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return e instanceof IIOException && message != null
        ? message
        : "it cannot be read (%s)".formatted(e.getClass().getSimpleName());
  }

  private static InputException fault(String name, String reason, IOException cause) {
    return new InputException(
        "%s: %s; expected a whole PNG or JPEG picture".formatted(name, reason), cause);
  }
}
