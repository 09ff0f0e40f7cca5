package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read a piece at a time; none is allocated that is not there. */
final class PickleInput {
  private static final int PIECE = 1 << 16;
  private static final int LONGEST_TEXT = 1 << 20;
  private static final int LONGEST_LINE = 1 << 10;

  private final InputFile file;
  private final long end;
  private ByteBuffer piece = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
  private long pieceEnd;

  /** The pickle from a position on; where it ends, it says itself, but not behind {@code end}. */
  PickleInput(InputFile file, long position, long end) {
    this.file = file;
    this.end = end;
    this.pieceEnd = position;
  }

  /** A pickle that has been read already. */
  PickleInput(InputFile file, ByteBuffer bytes) {
    this(file, bytes.limit(), bytes.limit());
    this.piece = bytes;
  }

  /** Where the next byte stands in the file. */
  long position() {
    return pieceEnd - piece.remaining();
  }

  int unsignedByte() {
    return Byte.toUnsignedInt(need(1).get());
  }

  int unsignedShort() {
    return Short.toUnsignedInt(need(Short.BYTES).getShort());
  }

  int signedInt() {
    return need(Integer.BYTES).getInt();
  }

  long unsignedInt() {
    return Integer.toUnsignedLong(signedInt());
  }

  long signedLong() {
    return need(Long.BYTES).getLong();
  }

  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
  }

  /** A whole number in the given number of bytes, the lowest first. */
  BigInteger number(long length) {
    byte[] bytes = bytes(length);
    for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
      byte swapped = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = swapped;
    }
    return bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
  }

  String text(long length) {
    return new String(bytes(length), StandardCharsets.UTF_8);
  }

  byte[] bytes(long length) {
    // Negative: an unsigned length beyond all limits.
    if (length < 0 || length > end - position()) {
      throw fault(
          "holds a text of %s bytes, but only %d follow"
              .formatted(Long.toUnsignedString(length), end - position()));
    }
    if (length > LONGEST_TEXT) {
      throw fault("holds a text of %d bytes; at most %d are read".formatted(length, LONGEST_TEXT));
    }
    if (length > PIECE && length > piece.remaining()) {
      long position = position();
      pieceEnd = position + length;
      piece.position(piece.limit());
      return file.readArray(position, length);
    }
    byte[] bytes = new byte[(int) length];
    need(bytes.length).get(bytes);
    return bytes;
  }

  /** The text up to the next line feed. */
  String line() {
    StringBuilder line = new StringBuilder();
    for (int next = unsignedByte(); next != '\n'; next = unsignedByte()) {
      line.append((char) next);
      if (line.length() > LONGEST_LINE) {
        throw fault("holds a line of more than %d letters".formatted(LONGEST_LINE));
      }
    }
    return line.toString();
  }

  InputException fault(String what) {
    return file.fault("its pickle " + what);
  }

  private ByteBuffer need(int count) {
    if (piece.remaining() < count) {
      long position = position();
      if (count > end - position) {
        throw fault("ends too early, at byte %d".formatted(end));
      }
      long length = Math.min(PIECE, end - position);
      piece = file.read(position, length);
      pieceEnd = position + length;
    }
    return piece;
  }
}
