package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** How HDF5 writes numbers and texts. */
final class Hdf5Bytes {
  private Hdf5Bytes() {}

  /** The next number, in as many bytes as given, up to 8. */
  static long unsigned(ByteBuffer buffer, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= Byte.toUnsignedLong(buffer.get()) << (Byte.SIZE * i);
    }
    return value;
  }

  /** How many bytes a number up to this one takes. */
  static int width(long most) {
    return (Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, most)) + 7) / Byte.SIZE;
  }

  /** The text up to the first zero, or to the end. */
  static String text(ByteBuffer buffer) {
    return StandardCharsets.UTF_8.decode(buffer.slice().limit(textBytes(buffer))).toString();
  }

  /** The number of bytes before the first zero, or to the end. */
  static int textBytes(ByteBuffer buffer) {
    ByteBuffer bytes = buffer.slice();
    int length = 0;
    while (length < bytes.limit() && bytes.get(length) != 0) {
      length++;
    }
    return length;
  }
}
