package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** The type of the elements of a stored tensor. */
public enum DataType {
  /** 64-bit floating point. */
  F64(8, "float64"),
  /** 32-bit floating point. */
  F32(4, "float32"),
  /** IEEE 754 half precision. */
  F16(2, "float16"),
  /** The upper half of a 32-bit floating point number. */
  BF16(2, "bfloat16"),
  /** Signed 64-bit integer. */
  I64(8, "int64"),
  /** Signed 32-bit integer. */
  I32(4, "int32"),
  /** Signed 16-bit integer. */
  I16(2, "int16"),
  /** Signed 8-bit integer. */
  I8(1, "int8"),
  /** Unsigned 64-bit integer. */
  U64(8, "uint64"),
  /** Unsigned 32-bit integer. */
  U32(4, "uint32"),
  /** Unsigned 16-bit integer. */
  U16(2, "uint16"),
  /** Unsigned 8-bit integer. */
  U8(1, "uint8"),
  /** One byte, zero for false. */
  BOOL(1, "bool");

  private final int bytes;
  private final String word;

  DataType(int bytes, String word) {
    this.bytes = bytes;
    this.word = word;
  }

  /** What NumPy and PyTorch call it. */
  public String word() {
    return word;
  }

  /** The size of an element in bytes. */
  public int bytes() {
    return bytes;
  }

  /**
   * The elements rounded to float32, in the order of the buffer, from its position to its limit.
   * For {@link #F32} it is a view, otherwise a copy.
   *
   * @param elements whole elements in its byte order
   */
  FloatBuffer floats(ByteBuffer elements) {
    if (this == F32) {
      return elements.asFloatBuffer();
    }
    ByteBuffer source = elements.slice().order(elements.order());
    float[] floats = new float[source.remaining() / bytes];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = next(source);
    }
    return FloatBuffer.wrap(floats);
  }

  /** Whether its elements are whole numbers, or truth values. */
  public boolean isInteger() {
    return switch (this) {
      case I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> true;
      case F64, F32, F16, BF16 -> false;
    };
  }

  /** The next element of an integer type; of unsigned ones of 64 bits, the bits. */
  long integer(ByteBuffer source) {
    return switch (this) {
      case I64, U64 -> source.getLong();
      case I32 -> source.getInt();
      case I16 -> source.getShort();
      case I8 -> source.get();
      case U32 -> Integer.toUnsignedLong(source.getInt());
      case U16 -> Short.toUnsignedInt(source.getShort());
      case U8 -> Byte.toUnsignedInt(source.get());
      case BOOL -> source.get() == 0 ? 0 : 1;
      case F64, F32, F16, BF16 -> throw new IllegalStateException(this + " is no integer");
    };
  }

  private float next(ByteBuffer source) {
    return switch (this) {
      case F64 -> (float) source.getDouble();
      case F32 -> source.getFloat();
      case F16 -> half(source.getShort());
      case BF16 -> Float.intBitsToFloat(source.getShort() << 16);
      case I64 -> (float) source.getLong();
      case I32 -> (float) source.getInt();
      case I16 -> source.getShort();
      case I8 -> source.get();
      case U64 -> unsigned(source.getLong());
      case U32 -> (float) Integer.toUnsignedLong(source.getInt());
      case U16 -> Short.toUnsignedInt(source.getShort());
      case U8 -> Byte.toUnsignedInt(source.get());
      case BOOL -> source.get() == 0 ? 0 : 1;
    };
  }

  private static float unsigned(long value) {
    // Halving keeps the dropped bit, so that it still decides how the sum rounds.
    return value >= 0 ? (float) value : (float) ((value >>> 1) | (value & 1)) * 2;
  }

  /** Float.float16ToFloat, which JDK 17 does not have. */
  private static float half(short bits) {
    int sign = bits & 0x8000;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int widened = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign << 16 | widened << 23 | fraction << 13);
  }
}
