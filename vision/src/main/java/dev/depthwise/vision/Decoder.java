package dev.depthwise.vision;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadataNode;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/** From a file's content to a picture that stands upright. Whatever is wrong is an IIOException. */
final class Decoder {
  private static final byte UNUSED_SEGMENT = (byte) 0xeb;

  private Decoder() {}

  static Picture decode(byte[] content) throws IOException {
    if (content.length == 0) {
      throw new IIOException("the file is empty");
    }
    PictureFormat format =
        PictureFormat.of(content)
            .orElseThrow(() -> new IIOException("its content is no picture of a known format"));
    return switch (format) {
      case PNG -> png(content);
      case JPEG -> jpeg(content);
      case GIF -> gif(content);
      case WEBP -> WebP.decode(content);
      case TIFF -> Tiff.decode(content);
      case BMP -> bmp(content);
    };
  }

  private static Picture png(byte[] content) throws IOException {
    PictureHeader header = PictureHeader.png(content);
    // Two bytes for each of four samples at most; the picture takes them over or halves them.
    requirePixels(header.width(), header.height(), 1);
    return upright(plain(PictureFormat.PNG, content), content, header.exif());
  }

  private static Picture jpeg(byte[] content) throws IOException {
    PictureHeader header = PictureHeader.jpeg(content);
    boolean inks = header.components() == 4;
    requirePixels(header.width(), header.height(), inks ? 4 + 3 : header.components());
    byte[] plain = withoutProfiles(content, header);
    Picture picture =
        inks
            ? Readers.read(
                PictureFormat.JPEG,
                plain,
                reader -> Samples.inks(reader.readRaster(0, null), true, header.luminance()))
            : plain(PictureFormat.JPEG, plain);
    return upright(picture, content, header.exif());
  }

  /** The JDK's decoder would convert to sRGB. */
  private static byte[] withoutProfiles(byte[] content, PictureHeader header) {
    if (header.profiles().isEmpty()) {
      return content;
    }
    byte[] plain = content.clone();
    for (int marker : header.profiles()) {
      plain[marker] = UNUSED_SEGMENT;
    }
    return plain;
  }

  private static Picture upright(Picture stored, byte[] content, int exif) {
    return exif < 0 ? stored : Orientation.of(content, exif).apply(stored);
  }

  /** Other files may be embedded, of whose size the outer header says nothing. */
  private static Picture bmp(byte[] content) throws IOException {
    int embeddedJpeg = 4;
    int embeddedPng = 5;
    if (content.length < 34) {
      throw PictureHeader.truncated();
    }
    ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int compression = file.getInt(14) < 40 ? 0 : file.getInt(30);
    if (compression == embeddedJpeg || compression == embeddedPng) {
      throw new IIOException("it is a BMP around another file, which is not supported");
    }
    return plain(PictureFormat.BMP, content);
  }

  /** The first frame, on a screen of the colour that stands for nothing. */
  private static Picture gif(byte[] content) throws IOException {
    if (content.length < 13) {
      throw PictureHeader.truncated();
    }
    ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int screenWidth = file.getShort(6) & 0xffff;
    int screenHeight = file.getShort(8) & 0xffff;
    return Readers.read(
        PictureFormat.GIF,
        content,
        reader -> {
          requireSize(reader);
          int left = 0;
          int top = 0;
          Node tree = reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
          if (((IIOMetadataNode) tree).getElementsByTagName("ImageDescriptor").item(0)
              instanceof IIOMetadataNode descriptor) {
            NamedNodeMap attributes = descriptor.getAttributes();
            left = number(attributes, "imageLeftPosition");
            top = number(attributes, "imageTopPosition");
          }
          int width = Math.max(screenWidth, left + reader.getWidth(0));
          int height = Math.max(screenHeight, top + reader.getHeight(0));
          requirePixels(width, height, 3);
          BufferedImage image = reader.read(0);
          Picture frame = Samples.of(image);
          if (frame.width() == width && frame.height() == height) {
            return frame;
          }
          int transparent =
              image.getColorModel() instanceof IndexColorModel palette
                  ? palette.getRGB(Math.max(palette.getTransparentPixel(), 0))
                  : 0;
          return frame.to(3).on(width, height, left, top, transparent);
        });
  }

  private static int number(NamedNodeMap attributes, String name) {
    return Integer.parseInt(attributes.getNamedItem(name).getNodeValue());
  }

  /** A format whose reader says the size before it takes memory, and which needs nothing else. */
  static Picture plain(PictureFormat format, byte[] content) throws IOException {
    return Readers.read(
        format,
        content,
        reader -> {
          requireSize(reader);
          return Samples.of(reader.read(0));
        });
  }

  static void requireSize(ImageReader reader) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    requirePixels(width, height, 1);
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    if (!types.hasNext()) {
      throw new IIOException("it stores its colours in a way that is not supported");
    }
    ImageTypeSpecifier type = types.next();
    int bits = 0;
    for (int size : type.getSampleModel().getSampleSize()) {
      bits += size;
    }
    int read = (bits + 7) / 8;
    // Bytes of grey or colour side by side are taken over, others are converted.
    boolean taken = bits == 8 || bits == 24;
    requirePixels(width, height, taken ? read : read + 3);
  }

  /** Looks at a size before memory is taken for it. */
  static void requirePixels(long width, long height, int bytesPerPixel) throws IIOException {
    if (width < 1 || height < 1) {
      throw new IIOException("its header says %dx%d pixels".formatted(width, height));
    }
    if (width > PictureReader.MAXIMUM_PIXELS / height) {
      throw new IIOException(
          "its header says %dx%d pixels, at most %d million are read"
              .formatted(width, height, PictureReader.MAXIMUM_PIXELS / 1_000_000));
    }
    long needed = width * height * bytesPerPixel;
    long heap = Runtime.getRuntime().maxMemory();
    if (needed > heap / 2) {
      throw new IIOException(
          "its header says %dx%d pixels, which take %d MB to decode: too much for a heap of %d MB"
              .formatted(width, height, needed >> 20, heap >> 20));
    }
  }
}
