package dev.depthwise.vision;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * The decoders of pictures: the JDK's for PNG, JPEG, GIF and BMP, TwelveMonkeys' for TIFF and WebP.
 *
 * <p>Each is asked for by its class and not by a format's name: so it is the same whatever else an
 * application has registered, found whatever class loader this library is in, and nothing is
 * registered by us.
 */
final class Readers {
  private Readers() {}

  /** What is made of a reader while its input is open. */
  interface Use<T> {
    T with(ImageReader reader) throws IOException;
  }

  /**
   * Opens the content of a file of a format.
   *
   * @throws IOException if it is broken
   */
  static <T> T read(PictureFormat format, byte[] content, Use<T> use) throws IOException {
    ImageReader reader = provider(format).createReaderInstance();
    // Nothing is cached, neither on the disk nor in another copy.
    try (ImageInputStream stream =
        format == PictureFormat.WEBP
            ? new EndingInput(content)
            : new ByteArrayImageInputStream(content)) {
      reader.setInput(stream, true, format != PictureFormat.GIF);
      return use.with(reader);
    } catch (RuntimeException e) {
      // Decoders answer some broken files with whatever exception they stumble into.
      throw new IIOException("its %s data is broken".formatted(format), e);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReaderSpi provider(PictureFormat format) {
    return switch (format) {
      case PNG -> ofJdk("png.PNGImageReaderSpi");
      case JPEG -> ofJdk("jpeg.JPEGImageReaderSpi");
      case GIF -> ofJdk("gif.GIFImageReaderSpi");
      case BMP -> ofJdk("bmp.BMPImageReaderSpi");
      case TIFF -> new TIFFImageReaderSpi();
      case WEBP -> new WebPImageReaderSpi();
    };
  }

  private static ImageReaderSpi ofJdk(String name) {
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
    while (providers.hasNext()) {
      ImageReaderSpi provider = providers.next();
      if (provider.getClass().getName().equals("com.sun.imageio.plugins." + name)) {
        return provider;
      }
    }
    throw new IllegalStateException(
        "this process has removed the JDK's own %s from ImageIO".formatted(name));
  }
}
