package dev.depthwise.vision;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import javax.imageio.IIOException;

/**
 * A TIFF file's first page, with nothing in reach that could lead a decoder astray: directories
 * that are as large as they say, no tile larger than a picture may be, no further pages, no
 * directories inside directories, no colour profiles.
 *
 * <p>Source: TIFF, revision 6.0, section 2.
 */
final class Tiff {
  private static final int ENTRY = 12;

  /** Bytes of one value, by type. */
  private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int DIRECTORY = 13;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_LENGTH = 323;
  private static final int EXTRA_SAMPLES = 338;
  private static final int ASSOCIATED_ALPHA = 1;

  /**
   * Sub-directories, Photoshop's and XMP's remarks, colour profile, Exif, GPS, interoperability.
   */
  private static final Set<Integer> HIDDEN = Set.of(330, 700, 34377, 34675, 34665, 34853, 40965);

  private static final short UNKNOWN_TAG = (short) 65000;

  private Tiff() {}

  static Picture decode(byte[] content) throws IOException {
    byte[] page = content.clone();
    ByteBuffer file =
        ByteBuffer.wrap(page)
            .order(content[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (page.length < 8) {
      throw PictureHeader.truncated();
    }
    int directory = file.getInt(4);
    if (directory < 8 || directory > page.length - 2) {
      throw PictureHeader.truncated();
    }
    int entries = file.getShort(directory) & 0xffff;
    int end = directory + 2 + entries * ENTRY;
    if (end > page.length - 4) {
      throw PictureHeader.truncated();
    }
    long values = 0;
    long tileWidth = 1;
    long tileLength = 1;
    boolean premultiplied = false;
    for (int at = directory + 2; at < end; at += ENTRY) {
      int tag = file.getShort(at) & 0xffff;
      int type = file.getShort(at + 2) & 0xffff;
      long count = Integer.toUnsignedLong(file.getInt(at + 4));
      values += type < SIZES.length ? count * SIZES[type] : 0;
      if (tag == TILE_WIDTH) {
        tileWidth = value(file, type, at + 8);
      } else if (tag == TILE_LENGTH) {
        tileLength = value(file, type, at + 8);
      } else if (tag == EXTRA_SAMPLES) {
        premultiplied = count == 1 && value(file, type, at + 8) == ASSOCIATED_ALPHA;
      }
      if (HIDDEN.contains(tag) || type == DIRECTORY) {
        file.putShort(at, UNKNOWN_TAG).putShort(at + 2, (short) LONG).putInt(at + 4, 1);
      }
    }
    // Values do not overlap in honest files.
    if (values > page.length) {
      throw new IIOException("its directory says of more bytes than the file has");
    }
    Decoder.requirePixels(tileWidth, tileLength, 1);
    file.putInt(end, 0);
    return Orientation.of(content, 0).apply(picture(page, premultiplied));
  }

  /** The decoder knows of alpha, but not always of which kind. */
  private static Picture picture(byte[] page, boolean premultiplied) throws IOException {
    return Readers.read(
        PictureFormat.TIFF,
        page,
        reader -> {
          Decoder.requireSize(reader);
          return Samples.of(reader.read(0), premultiplied);
        });
  }

  private static long value(ByteBuffer file, int type, int at) {
    return type == SHORT ? file.getShort(at) & 0xffff : Integer.toUnsignedLong(file.getInt(at));
  }
}
