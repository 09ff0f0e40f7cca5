package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the elements of an HDF5 data set or attribute are.
 *
 * @param bytes the size of an element
 * @param kind what it is
 * @param numbers its type, if it is a number that can be read
 * @param order of its bytes
 */
record Hdf5Type(long bytes, Kind kind, @Nullable DataType numbers, ByteOrder order) {
  private static final int FIXED_POINT = 0;
  private static final int FLOATING_POINT = 1;
  private static final int STRING = 3;
  private static final int ENUMERATION = 8;
  private static final int VARIABLE_LENGTH = 9;

  /** The kinds of elements that are told apart. */
  enum Kind {
    NUMBER,
    /** As many bytes as an element has, filled up with zeros or blanks. */
    FIXED_TEXT,
    /** A length and a place in a global heap. */
    VARIABLE_TEXT,
    OTHER
  }

  static Hdf5Type read(ByteBuffer message) {
    int header = message.get();
    int bits = (int) Hdf5Bytes.unsigned(message, 3);
    long bytes = Integer.toUnsignedLong(message.getInt());
    ByteOrder order = (bits & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    return switch (header & 0xf) {
      case FIXED_POINT -> number(bytes, order, integer(bytes, (bits & 8) != 0, message));
      case FLOATING_POINT -> number(bytes, order, floating(bytes, bits, message));
      case STRING -> new Hdf5Type(bytes, Kind.FIXED_TEXT, null, order);
      case VARIABLE_LENGTH ->
          new Hdf5Type(bytes, (bits & 0xf) == 1 ? Kind.VARIABLE_TEXT : Kind.OTHER, null, order);
      // Truth values are two names for two numbers.
      case ENUMERATION -> read(message);
      default -> new Hdf5Type(bytes, Kind.OTHER, null, order);
    };
  }

  private static Hdf5Type number(long bytes, ByteOrder order, Optional<DataType> type) {
    return new Hdf5Type(
        bytes, type.isPresent() ? Kind.NUMBER : Kind.OTHER, type.orElse(null), order);
  }

  private static Optional<DataType> integer(long bytes, boolean signed, ByteBuffer message) {
    int offset = message.getShort();
    int precision = message.getShort();
    if (offset != 0 || precision != bytes * Byte.SIZE) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        switch ((int) bytes) {
          case 1 -> signed ? DataType.I8 : DataType.U8;
          case 2 -> signed ? DataType.I16 : DataType.U16;
          case 4 -> signed ? DataType.I32 : DataType.U32;
          case 8 -> signed ? DataType.I64 : DataType.U64;
          default -> null;
        });
  }

  private static Optional<DataType> floating(long bytes, int bits, ByteBuffer message) {
    int offset = message.getShort();
    int precision = message.getShort();
    int exponentAt = message.get();
    int exponentBits = message.get();
    int mantissaAt = message.get();
    int mantissaBits = message.get();
    int bias = message.getInt();
    int signAt = bits >> 8 & 0xff;
    // Bit 6 marks the byte order of a VAX.
    boolean plain =
        (bits & 0x40) == 0
            && offset == 0
            && mantissaAt == 0
            && exponentAt == mantissaBits
            && signAt == mantissaBits + exponentBits
            && precision == bytes * Byte.SIZE
            && precision == signAt + 1
            && bias == (1 << (exponentBits - 1)) - 1;
    return Optional.ofNullable(
        !plain
            ? null
            : switch (exponentBits) {
              case 5 -> bytes == 2 ? DataType.F16 : null;
              case 8 -> bytes == 4 ? DataType.F32 : bytes == 2 ? DataType.BF16 : null;
              case 11 -> bytes == 8 ? DataType.F64 : null;
              default -> null;
            });
  }
}
