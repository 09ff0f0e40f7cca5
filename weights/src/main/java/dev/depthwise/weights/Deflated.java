package dev.depthwise.weights;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks what zlib has packed, and no more than was announced. */
final class Deflated {
  /** Small things may be as empty as they like. */
  private static final long FREE = 1 << 26;

  /**
   * The most that large things may grow by when they are unpacked. Weights shrink by a few tenths;
   * only a file made to fill a machine's memory gets near to deflate's own limit of 1032.
   */
  private static final long MOST_GROWTH = 100;

  private Deflated() {}

  /**
   * Unpacks a raw deflate stream, as zip archives hold it.
   *
   * @param what it is, for a message
   * @param packed its length in the file
   * @param size its length when unpacked
   */
  static byte[] read(InputFile file, String what, long position, long packed, long size) {
    requirePlausible(file, what, packed, size);
    byte[] bytes = new byte[(int) size];
    Inflater inflater = new Inflater(true);
    try {
      int filled = 0;
      long at = 0;
      // One byte more than announced must not come out.
      byte[] more = new byte[1];
      while (!inflater.finished()) {
        if (inflater.needsInput()) {
          long count = Math.min(InputFile.CHUNK, packed - at);
          if (count == 0) {
            throw file.fault("%s is cut short".formatted(what));
          }
          inflater.setInput(file.readArray(position + at, count));
          at += count;
        }
        if (filled < bytes.length) {
          filled += inflater.inflate(bytes, filled, bytes.length - filled);
        } else if (inflater.inflate(more) > 0) {
          throw file.fault("%s is longer than the %d bytes announced".formatted(what, size));
        }
        if (inflater.needsDictionary()) {
          throw file.fault("%s needs a dictionary that is not there".formatted(what));
        }
      }
      if (filled < bytes.length) {
        throw file.fault("%s has %d bytes instead of %d".formatted(what, filled, size));
      }
    } catch (DataFormatException e) {
      throw file.fault("%s cannot be unpacked: %s".formatted(what, Text.line(e)), e);
    } finally {
      inflater.end();
    }
    return bytes;
  }

  /** Refuses a size that only a bomb would have, before memory is taken for it. */
  static void requirePlausible(InputFile file, String what, long packed, long size) {
    if (size > Integer.MAX_VALUE - 8) {
      throw file.fault("%s has %d bytes; at most 2 GiB can be read".formatted(what, size));
    }
    if (size > FREE && size / MOST_GROWTH > packed) {
      throw file.fault(
          "%s would grow from %d to %d bytes; no weights are that empty"
              .formatted(what, packed, size));
    }
  }
}
