package dev.depthwise.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Unpacks what zlib has packed, and no more than was announced. */
final class Deflated {
  /** Small things may be as empty as they like. */
  private static final long FREE = 1 << 26;

  /**
   * The most that large things may grow by when they are unpacked. Weights shrink by a few tenths;
   * only a file made to fill a machine's memory gets near to deflate's own limit of 1032.
   */
  private static final long MOST_GROWTH = 50;

  private static final int PIECE = 1 << 16;

  private Deflated() {}

  /**
   * Unpacks a stream.
   *
   * @param framed with zlib's frame around it; zip archives have none
   */
  static InputStream unpacked(InputStream packed, boolean framed) {
    return new Unpacked(packed, new Inflater(!framed));
  }

  /**
   * Reads all of an unpacked stream.
   *
   * @param what it is, for a message
   * @param packed its length before
   * @param size its length as announced
   */
  static byte[] read(InputFile file, String what, InputStream unpacked, long packed, long size) {
    requirePlausible(file, what, packed, size);
    byte[] bytes = new byte[(int) size];
    try (unpacked) {
      int length = unpacked.readNBytes(bytes, 0, bytes.length);
      if (length < bytes.length) {
        throw file.fault("%s has %d bytes instead of %d".formatted(what, length, size));
      }
      if (unpacked.read() >= 0) {
        throw file.fault("%s is longer than the %d bytes announced".formatted(what, size));
      }
    } catch (IOException e) {
      throw file.fault("%s cannot be unpacked: %s".formatted(what, reason(e)), e);
    }
    return bytes;
  }

  /** Why something could not be unpacked. */
  static String reason(IOException e) {
    return e instanceof EOFException ? "it is cut short" : Publish.reason(e);
  }

  /** Refuses a size that only a bomb would have, before memory is taken for it. */
  static void requirePlausible(InputFile file, String what, long packed, long size) {
    if (size > Integer.MAX_VALUE - 8) {
      throw file.fault("%s has %d bytes; at most 2 GiB can be read".formatted(what, size));
    }
    requireNoBomb(file, what, packed, size);
  }

  /** Refuses what grows as no weights do. */
  static void requireNoBomb(InputFile file, String what, long packed, long size) {
    if (size > FREE && size / MOST_GROWTH > packed) {
      throw file.fault(
          "%s would grow from %d to %d bytes; no weights are that empty"
              .formatted(what, packed, size));
    }
  }

  /** Java's own class leaves an inflater that it was given to the garbage collector. */
  private static final class Unpacked extends InflaterInputStream {
    Unpacked(InputStream packed, Inflater inflater) {
      super(packed, inflater, PIECE);
    }

    @Override
    public void close() throws IOException {
      super.close();
      inf.end();
    }
  }
}
