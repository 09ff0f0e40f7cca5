package dev.depthwise.vision;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.IIOException;

/**
 * What a PNG or JPEG file says of itself, found by walking the file's own structure to its end:
 * before any raster is allocated, and so that a file that is damaged or cut short is known as such
 * (the decoders of the JDK check no sums and may hand out a half-empty picture).
 *
 * @param width as stored, in pixels
 * @param height as stored, in pixels
 * @param exif where a block of Exif begins; -1 if there is none
 * @param components of a JPEG: 1 (grey), 3 (colour) or 4 (inks); of a PNG, 0
 * @param luminance of a JPEG of four components: whether they are YCCK, else CMYK
 * @param profiles of a JPEG: where the codes of the markers of its colour profiles are
 */
record PictureHeader(
    int width, int height, int exif, int components, boolean luminance, List<Integer> profiles) {
  private static final int PNG_SIGNATURE_LENGTH = 8;
  private static final int CHUNK_OVERHEAD = 12;

  /** Ordinary progressive files have about ten scans; each costs a pass over the whole picture. */
  private static final int MAXIMUM_SCANS = 100;

  private static final int START_OF_IMAGE = 0xd8;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;
  private static final int EXIF_SEGMENT = 0xe1;
  private static final int PROFILE_SEGMENT = 0xe2;
  private static final int ADOBE_SEGMENT = 0xee;
  private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};
  private static final byte[] PROFILE = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ADOBE = {'A', 'd', 'o', 'b', 'e'};

  /** PNG, section 5: signature, then chunks of length, type, data, CRC. */
  static PictureHeader png(byte[] content) throws IIOException {
    ByteBuffer file = ByteBuffer.wrap(content);
    int at = PNG_SIGNATURE_LENGTH;
    int width = -1;
    int height = -1;
    int exif = -1;
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
      if (at == PNG_SIGNATURE_LENGTH) {
        if (!type.equals("IHDR") || length != 13) {
          throw new IIOException("it does not begin with a PNG header");
        }
        width = file.getInt(at + 8);
        height = file.getInt(at + 12);
      } else if (type.equals("eXIf")) {
        exif = at + 8;
      } else if (type.equals("IEND")) {
        return new PictureHeader(width, height, exif, 0, false, List.of());
      }
      at += CHUNK_OVERHEAD + length;
    }
  }

  /** ITU-T T.81, annex B: markers, most with a segment; entropy-coded data after each scan's. */
  static PictureHeader jpeg(byte[] file) throws IIOException {
    int at = 2;
    int scans = 0;
    int exif = -1;
    int adobeTransform = 0;
    List<Integer> profiles = new ArrayList<>();
    PictureHeader header = null;
    while (true) {
      at = nextMarker(file, at);
      int marker = file[at++] & 0xff;
      if (marker == END_OF_IMAGE) {
        if (header == null || scans == 0) {
          throw new IIOException("it holds no JPEG picture");
        }
        return new PictureHeader(
            header.width, header.height, exif, header.components, adobeTransform != 0, profiles);
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
      if (marker == EXIF_SEGMENT && exif < 0 && begins(file, at + 2, length - 2, EXIF)) {
        exif = at + 2 + EXIF.length;
      }
      if (marker == PROFILE_SEGMENT && begins(file, at + 2, length - 2, PROFILE)) {
        profiles.add(at - 1);
      }
      if (marker == ADOBE_SEGMENT && length >= 14 && begins(file, at + 2, length - 2, ADOBE)) {
        adobeTransform = file[at + 13];
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
    if (components != 1 && components != 3 && components != 4) {
      throw new IIOException(
          "it is a JPEG of %d components; supported are 1, 3 and 4 (grey, colour, inks)"
              .formatted(components));
    }
    return new PictureHeader(
        unsignedShort(file, at + 5), unsignedShort(file, at + 3), -1, components, false, List.of());
  }

  private static boolean begins(byte[] file, int at, int length, byte[] text) {
    if (length < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (file[at + i] != text[i]) {
        return false;
      }
    }
    return true;
  }

  private static int unsignedShort(byte[] file, int at) {
    return ((file[at] & 0xff) << 8) | (file[at + 1] & 0xff);
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c > ' ' && c < 0x7f) ? type : "unnamed";
  }

  static IIOException truncated() {
    return new IIOException("the file is cut short");
  }
}
