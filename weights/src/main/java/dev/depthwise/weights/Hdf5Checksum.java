package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The checksums of HDF5: of newer structures, and of data behind the filter "Fletcher-32".
 *
 * @see <a href="https://burtleburtle.net/bob/c/lookup3.c">lookup3, which the first one is</a>
 */
final class Hdf5Checksum {
  private Hdf5Checksum() {}

  /** Holds a structure against the checksum in its last four bytes. */
  static void require(InputFile file, ByteBuffer block, String what) {
    ByteBuffer bytes = block.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.limit() - Integer.BYTES;
    if (length < 0 || lookup3(bytes, length) != bytes.getInt(length)) {
      throw file.fault("is damaged: the checksum of %s is wrong".formatted(what));
    }
  }

  /** Of the first bytes of a little-endian buffer. */
  static int lookup3(ByteBuffer bytes, int length) {
    int a = 0xdeadbeef + length;
    int b = a;
    int c = a;
    int at = 0;
    while (length - at > 12) {
      a += bytes.getInt(at);
      b += bytes.getInt(at + 4);
      c += bytes.getInt(at + 8);
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
      at += 12;
    }
    if (at == length) {
      return c;
    }
    a += word(bytes, at, length);
    b += word(bytes, at + 4, length);
    c += word(bytes, at + 8, length);
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }

  private static int word(ByteBuffer bytes, int at, int length) {
    int word = 0;
    for (int i = Math.min(at + 4, length) - 1; i >= at; i--) {
      word = word << 8 | Byte.toUnsignedInt(bytes.get(i));
    }
    return word;
  }

  /** Fletcher's sum of the first bytes, read as big-endian numbers of 16 bits. */
  static int fletcher32(byte[] bytes, int length) {
    int low = 0;
    int high = 0;
    for (int at = 0; at < length; at += 2) {
      int next = at + 1 < length ? bytes[at + 1] & 0xff : 0;
      // The sums are modulo 65535; a carry is folded in at once.
      low += (bytes[at] & 0xff) << 8 | next;
      low = (low & 0xffff) + (low >>> 16);
      high += low;
      high = (high & 0xffff) + (high >>> 16);
    }
    return high << 16 | low;
  }
}
