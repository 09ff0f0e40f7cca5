package dev.depthwise.vision;

import javax.imageio.IIOException;

/**
 * The entropy decoder of VP8: booleans whose probabilities are known to writer and reader.
 *
 * <p>Source: RFC 6386, section 7.
 */
final class Vp8Bits {
  private static final int EVEN = 128;

  private final byte[] data;
  private final int end;
  private int at;

  /** What is read ahead; its upper 8 bits, behind the {@code ahead} lower ones, are compared. */
  private long value;

  private int ahead = -8;
  private int range = 255;
  private boolean overrun;

  Vp8Bits(byte[] data, int from, int end) {
    this.data = data;
    this.at = from;
    this.end = end;
  }

  /**
   * One boolean.
   *
   * @param probability that it is false, in 256ths
   */
  boolean bit(int probability) {
    if (ahead < 0) {
      load();
    }
    int split = 1 + (((range - 1) * probability) >> 8);
    boolean bit = (value >> ahead) >= split;
    if (bit) {
      range -= split;
      value -= (long) split << ahead;
    } else {
      range = split;
    }
    int shift = Integer.numberOfLeadingZeros(range) - 24;
    range <<= shift;
    ahead -= shift;
    return bit;
  }

  private void load() {
    int next = 0;
    if (at < end) {
      next = data[at++] & 0xff;
    } else {
      overrun = true;
    }
    value = (value << 8) | next;
    ahead += 8;
  }

  /** A boolean that is as likely as not. */
  boolean flag() {
    return bit(EVEN);
  }

  /** 0 or 1. */
  int one(int probability) {
    return bit(probability) ? 1 : 0;
  }

  /** A number of so many bits, the highest first. */
  int number(int bits) {
    int number = 0;
    for (int i = 0; i < bits; i++) {
      number = 2 * number + one(EVEN);
    }
    return number;
  }

  /** A number of so many bits, and then its sign. */
  int signed(int bits) {
    int number = number(bits);
    return flag() ? -number : number;
  }

  /** A signed number if a flag says that it follows, else 0. */
  int optional(int bits) {
    return flag() ? signed(bits) : 0;
  }

  void requireWhole() throws IIOException {
    if (overrun) {
      throw PictureHeader.truncated();
    }
  }
}
