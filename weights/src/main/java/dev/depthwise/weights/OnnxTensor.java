package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A tensor of an ONNX model: in raw bytes, as numbers of protobuf, or in a file beside it. */
final class OnnxTensor {
  private static final int MOST_DIMENSIONS = 32;

  // Fields of TensorProto.
  private static final int DIMENSIONS = 1;
  private static final int TYPE = 2;
  private static final int SEGMENT = 3;
  private static final int FLOATS = 4;
  private static final int INTS = 5;
  private static final int LONGS = 7;
  private static final int NAME = 8;
  private static final int RAW = 9;
  private static final int DOUBLES = 10;
  private static final int UNSIGNED_LONGS = 11;
  private static final int EXTERNAL = 13;
  private static final int LOCATION = 14;

  private static final int IN_ANOTHER_FILE = 1;

  private final Path path;
  private final List<Long> dimensions = new ArrayList<>();
  private final Map<String, String> external = new HashMap<>();
  private String name = "";
  private int type;
  private boolean inAnotherFile;
  private long rawBegin = -1;
  private long rawLength;
  private long numberBytes;

  private OnnxTensor(Path path) {
    this.path = path;
  }

  /** Reads all of a message but the elements. */
  static StoredTensor read(Path path, Protobuf.Message message) {
    OnnxTensor tensor = new OnnxTensor(path);
    long begin = message.position();
    long length = message.left();
    tensor.readFields(message);
    return tensor.stored(begin, length);
  }

  private void readFields(Protobuf.Message message) {
    while (message.next()) {
      switch (message.field()) {
        case DIMENSIONS -> addDimensions(message);
        case TYPE -> type = (int) message.number();
        case NAME -> name = message.text();
        case RAW -> {
          rawBegin = message.begin();
          rawLength = message.length();
        }
        case FLOATS, INTS, LONGS, DOUBLES, UNSIGNED_LONGS ->
            numberBytes += message.wire() == Protobuf.Wire.BYTES ? message.length() : Long.BYTES;
        case EXTERNAL -> {
          String key = "";
          String value = "";
          Protobuf.Message entry = message.inner();
          while (entry.next()) {
            if (entry.is(1, Protobuf.Wire.BYTES)) {
              key = entry.text();
            } else if (entry.is(2, Protobuf.Wire.BYTES)) {
              value = entry.text();
            }
          }
          external.put(key, value);
        }
        case LOCATION -> inAnotherFile = message.number() == IN_ANOTHER_FILE;
        case SEGMENT -> throw fault("comes in segments, which are not read");
        default -> {}
      }
    }
  }

  private void addDimensions(Protobuf.Message message) {
    if (message.wire() == Protobuf.Wire.BYTES) {
      Protobuf.Message packed = message.inner();
      while (packed.hasMore()) {
        addDimension(packed.varint());
      }
    } else {
      addDimension(message.number());
    }
  }

  private void addDimension(long dimension) {
    dimensions.add(dimension);
    if (dimensions.size() > MOST_DIMENSIONS || dimension < 0) {
      throw fault("has the dimensions " + dimensions);
    }
  }

  private StoredTensor stored(long begin, long length) {
    DataType elements = elements();
    long bytes = elements.bytes();
    for (long dimension : dimensions) {
      if (dimension > 0 && bytes > Long.MAX_VALUE / dimension) {
        throw fault("has a shape that is too large: " + dimensions);
      }
      bytes *= dimension;
    }
    long needed = bytes;
    if (inAnotherFile) {
      OnnxExternal data = OnnxExternal.of(path, external, this::fault);
      data.requireHolds(needed, this::fault);
      return new StoredTensor(path, name, elements, dimensions, () -> data.read(needed));
    }
    if (rawBegin >= 0) {
      if (rawLength != needed) {
        throw fault("of %s needs %d bytes, but has %d".formatted(dimensions, needed, rawLength));
      }
      long position = rawBegin;
      return new StoredTensor(
          path,
          name,
          elements,
          dimensions,
          () -> {
            try (InputFile file = InputFile.open(path)) {
              return file.read(position, needed);
            }
          });
    }
    // Each number takes one byte at least, so that nothing is allocated for none.
    if (needed / elements.bytes() > numberBytes) {
      throw fault(
          "of %s needs %d numbers, but has %d bytes of them"
              .formatted(dimensions, needed / elements.bytes(), numberBytes));
    }
    return new StoredTensor(
        path,
        name,
        elements,
        dimensions,
        () -> {
          try (InputFile file = InputFile.open(path)) {
            return numbers(new Protobuf(file).message(begin, length), elements, needed);
          }
        });
  }

  /** The elements that protobuf holds as numbers, each as if alone or many of them packed. */
  private ByteBuffer numbers(Protobuf.Message message, DataType elements, long bytes) {
    if (bytes > Integer.MAX_VALUE - 8) {
      throw fault("has %d bytes; at most 2 GiB can be read".formatted(bytes));
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    int wanted = numberField(elements);
    while (message.next()) {
      if (message.field() == wanted) {
        if (message.wire() == Protobuf.Wire.BYTES) {
          Protobuf.Message packed = message.inner();
          while (packed.hasMore()) {
            put(buffer, elements, next(packed, wanted));
          }
        } else {
          put(buffer, elements, message.number());
        }
      }
    }
    if (buffer.hasRemaining()) {
      throw fault("of %s has too few numbers".formatted(dimensions));
    }
    return buffer.flip();
  }

  private static long next(Protobuf.Message packed, int field) {
    return switch (field) {
      case FLOATS -> packed.fixed(Integer.BYTES);
      case DOUBLES -> packed.fixed(Long.BYTES);
      default -> packed.varint();
    };
  }

  /** Puts the lowest bytes of a number: halves stand there as the numbers of their bits. */
  private void put(ByteBuffer buffer, DataType elements, long number) {
    if (!buffer.hasRemaining()) {
      throw fault("of %s has too many numbers".formatted(dimensions));
    }
    switch (elements.bytes()) {
      case 1 -> buffer.put((byte) number);
      case 2 -> buffer.putShort((short) number);
      case 4 -> buffer.putInt((int) number);
      default -> buffer.putLong(number);
    }
  }

  private static int numberField(DataType elements) {
    return switch (elements) {
      case F32 -> FLOATS;
      case F64 -> DOUBLES;
      case I64 -> LONGS;
      case U32, U64 -> UNSIGNED_LONGS;
      case F16, BF16, I32, I16, I8, U16, U8, BOOL -> INTS;
    };
  }

  private DataType elements() {
    return switch (type) {
      case 1 -> DataType.F32;
      case 2 -> DataType.U8;
      case 3 -> DataType.I8;
      case 4 -> DataType.U16;
      case 5 -> DataType.I16;
      case 6 -> DataType.I32;
      case 7 -> DataType.I64;
      case 9 -> DataType.BOOL;
      case 10 -> DataType.F16;
      case 11 -> DataType.F64;
      case 12 -> DataType.U32;
      case 13 -> DataType.U64;
      case 16 -> DataType.BF16;
      default ->
          throw fault(
              "is of type %d of ONNX; floats, integers and truth values can be read"
                  .formatted(type));
    };
  }

  private InputException fault(String what) {
    return InputFile.fault(path, "tensor %s %s".formatted(Text.quote(name), what));
  }
}
