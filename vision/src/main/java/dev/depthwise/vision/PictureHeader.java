package dev.depthwise.vision;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOException;

/**
 * What a picture file says of itself, found by walking the file's own structure to its end: before
 * any raster is allocated, and so that a file cut short is known as such (the decoders of the JDK
 * may hand out a half-empty picture instead).
 */
record PictureHeader(Format format, int width, int height) {
  enum Format {
    PNG,
    JPEG
  }

  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int CHUNK_OVERHEAD = 12;

  /** Ordinary progressive files have about ten scans; each costs a pass over the whole picture. */
  private static final int MAXIMUM_SCANS = 100;

  private static final int START_OF_IMAGE = 0xd8;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;

  static PictureHeader of(byte[] file) throws IIOException {
    if (file.length == 0) {
      throw new IIOException("the file is empty");
    }
    if (file.length >= PNG_SIGNATURE.length
        && Arrays.equals(file, 0, PNG_SIGNATURE.length, PNG_SIGNATURE, 0, PNG_SIGNATURE.length)) {
      return png(file);
    }
    if (file.length >= 3 && file[0] == -1 && (file[1] & 0xff) == START_OF_IMAGE && file[2] == -1) {
      return jpeg(file);
    }
    throw new IIOException("its content is neither PNG nor JPEG");
  }

  /** PNG, section 5: signature, then chunks of length, type, data, CRC. */
  private static PictureHeader png(byte[] content) throws IIOException {
    ByteBuffer file = ByteBuffer.wrap(content);
    int at = PNG_SIGNATURE.length;
    PictureHeader header = null;
    while (true) {
      if (content.length - at < CHUNK_OVERHEAD) {
        throw truncated();
      }
      int length = file.getInt(at);
      if (length < 0 || length > content.length - at - CHUNK_OVERHEAD) {
        throw truncated();
      }
      CRC32 crc = new CRC32();
      crc.update(content, at + 4, length + 4);
      String type = new String(content, at + 4, 4, StandardCharsets.ISO_8859_1);
      if ((int) crc.getValue() != file.getInt(at + 8 + length)) {
        throw new IIOException("the checksum of its %s chunk is wrong".formatted(printable(type)));
      }
      if (header == null) {
        if (!type.equals("IHDR") || length != 13) {
          throw new IIOException("it does not begin with a PNG header");
        }
        header = new PictureHeader(Format.PNG, file.getInt(at + 8), file.getInt(at + 12));
      }
      if (type.equals("IEND")) {
        return header;
      }
      at += CHUNK_OVERHEAD + length;
    }
  }

  /** ITU-T T.81, annex B: markers, most with a segment; entropy-coded data after each scan's. */
  private static PictureHeader jpeg(byte[] file) throws IIOException {
    int at = 2;
    int scans = 0;
    PictureHeader header = null;
    while (true) {
      at = nextMarker(file, at);
      int marker = file[at++] & 0xff;
      if (marker == END_OF_IMAGE) {
        if (header == null || scans == 0) {
          throw new IIOException("it holds no JPEG picture");
        }
        return header;
      }
      if (marker == 0x01 || marker == START_OF_IMAGE) {
        continue;
      }
      if (at + 2 > file.length) {
        throw truncated();
      }
      int length = unsignedShort(file, at);
      if (length < 2 || length > file.length - at) {
        throw truncated();
      }
      if (isStartOfFrame(marker)) {
        if (header != null) {
          throw new IIOException("it holds more than one JPEG frame");
        }
        header = frame(file, at, length, marker);
      }
      if (marker == START_OF_SCAN && ++scans > MAXIMUM_SCANS) {
        throw new IIOException("it has more than %d scans".formatted(MAXIMUM_SCANS));
      }
      at += length;
    }
  }

  /** The index of the code of the next marker: 0xff, then neither a stuffed 0 nor a restart. */
  private static int nextMarker(byte[] file, int from) throws IIOException {
    for (int at = from; at + 1 < file.length; at++) {
      int code = file[at + 1] & 0xff;
      if (file[at] == -1 && code != 0 && code != 0xff && (code < 0xd0 || code > 0xd7)) {
        return at + 1;
      }
    }
    throw truncated();
  }

  private static boolean isStartOfFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static PictureHeader frame(byte[] file, int at, int length, int marker)
      throws IIOException {
    if (length < 8) {
      throw truncated();
    }
    int precision = file[at + 2] & 0xff;
    int components = file[at + 7] & 0xff;
    if (marker > 0xc2 || precision != 8) {
      throw new IIOException(
          "it is a JPEG of a rare kind (lossless, arithmetic or not 8 bit), which is not supported");
    }
    if (components != 1 && components != 3) {
      throw new IIOException(
          "it is a JPEG of %d components (CMYK?); supported are grey and colour (1 and 3)"
              .formatted(components));
    }
    return new PictureHeader(Format.JPEG, unsignedShort(file, at + 5), unsignedShort(file, at + 3));
  }

  private static int unsignedShort(byte[] file, int at) {
    return ((file[at] & 0xff) << 8) | (file[at + 1] & 0xff);
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c > ' ' && c < 0x7f) ? type : "unnamed";
  }

  private static IIOException truncated() {
    return new IIOException("the file is cut short");
  }
}
