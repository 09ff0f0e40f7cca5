package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The fields of protobuf messages in a file, by position: what is not asked for is skipped and not
 * read. Generated classes would hold the whole file in memory, weights and all.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the format</a>
 */
final class Protobuf {
  private static final int WINDOW = 1 << 16;
  static final int LONGEST_TEXT = 1 << 16;

  private final InputFile file;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowStart;

  Protobuf(InputFile file) {
    this.file = file;
  }

  /** How a field is stored. */
  enum Wire {
    VARINT,
    FIXED_64,
    BYTES,
    FIXED_32
  }

  /** The message that is the whole file. */
  Message message() {
    return new Message(0, file.size());
  }

  /** A message in the file. */
  Message message(long position, long length) {
    return new Message(position, length);
  }

  InputException fault(String what) {
    return file.fault(what);
  }

  private InputException broken(long position) {
    return file.fault("is broken at byte %d: it is no protobuf message".formatted(position));
  }

  private byte at(long position) {
    long offset = position - windowStart;
    if (offset < 0 || offset >= window.limit()) {
      window = file.read(position, Math.min(WINDOW, file.size() - position));
      windowStart = position;
      offset = 0;
    }
    return window.get((int) offset);
  }

  /** A message, or packed numbers: read field by field, or number by number. */
  final class Message {
    private final long end;
    private long at;
    private int field;
    private Wire wire = Wire.VARINT;
    private long number;
    private long begin;
    private long length;

    private Message(long position, long length) {
      this.at = position;
      this.end = position + length;
    }

    /** Goes on to the next field; false at the end. */
    boolean next() {
      if (at == end) {
        return false;
      }
      long tag = varint();
      field = (int) (tag >>> 3);
      switch ((int) tag & 7) {
        case 0 -> {
          wire = Wire.VARINT;
          number = varint();
        }
        case 1 -> {
          wire = Wire.FIXED_64;
          number = fixed(Long.BYTES);
        }
        case 2 -> {
          wire = Wire.BYTES;
          length = varint();
          begin = at;
          if (length < 0 || length > end - at) {
            throw broken(at);
          }
          at += length;
        }
        case 5 -> {
          wire = Wire.FIXED_32;
          number = fixed(Integer.BYTES);
        }
        default -> throw broken(at);
      }
      return true;
    }

    /** Where the next field, or packed number, stands. */
    long position() {
      return at;
    }

    /** How many bytes are left. */
    long left() {
      return end - at;
    }

    Wire wire() {
      return wire;
    }

    int field() {
      return field;
    }

    /** Whether it is the field of that number, stored so. */
    boolean is(int wanted, Wire as) {
      return field == wanted && wire == as;
    }

    /** The value of a field that is a number. */
    long number() {
      return number;
    }

    /** Where the bytes of a field begin. */
    long begin() {
      return begin;
    }

    /** How many there are. */
    long length() {
      return length;
    }

    /** The message, or packed numbers, in a field. */
    Message inner() {
      return new Message(begin, length);
    }

    /** The text in a field. */
    String text() {
      if (length > LONGEST_TEXT) {
        throw fault(
            "holds a text of %d bytes; at most %d are read".formatted(length, LONGEST_TEXT));
      }
      return new String(file.readArray(begin, length), StandardCharsets.UTF_8);
    }

    /** Whether packed numbers are left. */
    boolean hasMore() {
      return at < end;
    }

    /** The next packed number of a varying length. */
    long varint() {
      long value = 0;
      for (int shift = 0; shift < Long.SIZE; shift += 7) {
        if (at == end) {
          throw broken(at);
        }
        byte next = Protobuf.this.at(at);
        at++;
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw broken(at);
    }

    /** The next packed number of as many bytes. */
    long fixed(int bytes) {
      if (end - at < bytes) {
        throw broken(at);
      }
      long value = 0;
      for (int i = 0; i < bytes; i++) {
        value |= (Protobuf.this.at(at + i) & 0xffL) << (Byte.SIZE * i);
      }
      at += bytes;
      return value;
    }
  }
}
