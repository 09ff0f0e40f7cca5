package dev.depthwise.vision;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOException;

/**
 * A WebP file's first frame, cut out of its container: what comes beside the pixels (profiles,
 * remarks, transparency, further frames) never reaches a decoder.
 *
 * <p>Source: RFC 9649, section 2.
 */
final class WebP {
  private static final int HEADER = 12;
  private static final int CHUNK_HEADER = 8;

  private final ByteBuffer file;
  private final byte[] content;
  private int canvasWidth = -1;
  private int canvasHeight = -1;
  private int left;
  private int top;
  private int exif = -1;
  private int still = -1;
  private int stillLength;
  private boolean lossless;

  private WebP(byte[] content) throws IIOException {
    this.content = content;
    file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    long end = CHUNK_HEADER + Integer.toUnsignedLong(file.getInt(4));
    if (end > content.length) {
      throw PictureHeader.truncated();
    }
    chunks(HEADER, (int) end, false);
  }

  /** The first frame on its canvas, black where it does not reach, and upright. */
  static Picture decode(byte[] content) throws IOException {
    WebP webP = new WebP(content);
    if (webP.still < 0) {
      throw new IIOException("it holds no picture");
    }
    boolean onCanvas = webP.canvasWidth > 0;
    if (onCanvas) {
      Decoder.requirePixels(webP.canvasWidth, webP.canvasHeight, 3);
    }
    Picture picture = webP.still();
    if (onCanvas
        && (picture.width() != webP.canvasWidth || picture.height() != webP.canvasHeight)) {
      picture = picture.window(-webP.left, -webP.top, webP.canvasWidth, webP.canvasHeight, 0);
    }
    return webP.exif < 0 ? picture : Orientation.of(content, webP.exif).apply(picture);
  }

  private void chunks(int from, int end, boolean inFrame) throws IIOException {
    int at = from;
    while (end - at >= CHUNK_HEADER) {
      String type = new String(content, at, 4, StandardCharsets.ISO_8859_1);
      long length = Integer.toUnsignedLong(file.getInt(at + 4));
      int data = at + CHUNK_HEADER;
      if (length > end - data) {
        throw PictureHeader.truncated();
      }
      chunk(type, data, (int) length, inFrame);
      at = (int) Math.min(data + length + (length & 1), end);
    }
  }

  private void chunk(String type, int data, int length, boolean inFrame) throws IIOException {
    switch (type) {
      case "VP8X" -> {
        if (length < 10) {
          throw PictureHeader.truncated();
        }
        canvasWidth = 1 + unsigned24(data + 4);
        canvasHeight = 1 + unsigned24(data + 7);
      }
      case "VP8 ", "VP8L" -> {
        if (still < 0) {
          still = data;
          stillLength = length;
          lossless = type.equals("VP8L");
        }
      }
      case "ANMF" -> {
        if (length < 16) {
          throw PictureHeader.truncated();
        }
        if (still < 0 && !inFrame) {
          left = 2 * unsigned24(data);
          top = 2 * unsigned24(data + 3);
          chunks(data + 16, data + length, true);
        }
      }
      case "EXIF" -> exif = isMarked(data, length) ? data + 6 : data;
      default -> {
        // Profiles, transparency, remarks.
      }
    }
  }

  /** Some writers leave in front of the block what marks it in a JPEG. */
  private boolean isMarked(int data, int length) {
    return length >= 6
        && new String(content, data, 6, StandardCharsets.ISO_8859_1).equals("Exif\0\0");
  }

  private Picture still() throws IOException {
    return lossless
        ? Decoder.plain(PictureFormat.WEBP, alone())
        : Vp8.decode(content, still, stillLength);
  }

  /** A file that holds the picture's chunk and nothing else. */
  private byte[] alone() {
    int padded = CHUNK_HEADER + stillLength + (stillLength & 1);
    byte[] alone = new byte[HEADER + padded];
    System.arraycopy(content, 0, alone, 0, HEADER);
    ByteBuffer.wrap(alone).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 4 + padded);
    System.arraycopy(content, still - CHUNK_HEADER, alone, HEADER, CHUNK_HEADER + stillLength);
    return alone;
  }

  private int unsigned24(int at) {
    return (file.getShort(at) & 0xffff) | (content[at + 2] & 0xff) << 16;
  }
}
