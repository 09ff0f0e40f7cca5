package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** The checksums in a zip archive's directory. */
final class ZipSums {
  private static final int DIRECTORY_ENTRY = 0x02014b50;
  private static final int LOCAL_HEADER = 0x04034b50;

  private ZipSums() {}

  /** A copy in which those of entries that are stored as they are fit; other bytes are the same. */
  static byte[] repaired(byte[] archive) {
    ByteBuffer bytes = ByteBuffer.wrap(archive.clone()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at <= bytes.limit() - 46; at++) {
      if (bytes.get(at) == 'P'
          && bytes.getInt(at) == DIRECTORY_ENTRY
          && bytes.getShort(at + 10) == 0) {
        int size = bytes.getInt(at + 24);
        int header = bytes.getInt(at + 42);
        if (header < 0 || header > bytes.limit() - 30 || bytes.getInt(header) != LOCAL_HEADER) {
          continue;
        }
        int begin =
            header
                + 30
                + Short.toUnsignedInt(bytes.getShort(header + 26))
                + Short.toUnsignedInt(bytes.getShort(header + 28));
        if (size >= 0 && size <= bytes.limit() - begin) {
          CRC32 sum = new CRC32();
          sum.update(bytes.array(), begin, size);
          bytes.putInt(at + 16, (int) sum.getValue());
        }
      }
    }
    return bytes.array();
  }
}
