package dev.depthwise.vision;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Contents of IDX files. */
final class IdxFiles {
  private IdxFiles() {}

  /** Pictures of these samples, one after the other. */
  static byte[] pictures(int count, int rows, int columns, int... samples) {
    return bytes(samples, 0x803, count, rows, columns);
  }

  static byte[] labels(int... labels) {
    return bytes(labels, 0x801, labels.length);
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(bytes)) {
      stream.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] bytes(int[] samples, int... header) {
    ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * header.length + samples.length);
    for (int word : header) {
      buffer.putInt(word);
    }
    for (int sample : samples) {
      buffer.put((byte) sample);
    }
    return buffer.array();
  }
}
