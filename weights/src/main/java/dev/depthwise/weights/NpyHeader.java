package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a {@code .npy} file says of its array.
 *
 * @param type of the elements
 * @param order of their bytes
 * @param fortran whether the first dimension is contiguous, not the last
 * @param dimensions outermost first; 0 is possible
 * @param begin where the elements begin
 */
record NpyHeader(
    DataType type, ByteOrder order, boolean fortran, List<Long> dimensions, long begin) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST = 1 << 16;
  private static final int MOST_DIMENSIONS = 32;

  private static final Map<String, DataType> TYPES =
      Map.ofEntries(
          Map.entry("f8", DataType.F64),
          Map.entry("f4", DataType.F32),
          Map.entry("f2", DataType.F16),
          Map.entry("i8", DataType.I64),
          Map.entry("i4", DataType.I32),
          Map.entry("i2", DataType.I16),
          Map.entry("i1", DataType.I8),
          Map.entry("u8", DataType.U64),
          Map.entry("u4", DataType.U32),
          Map.entry("u2", DataType.U16),
          Map.entry("u1", DataType.U8),
          Map.entry("b1", DataType.BOOL));

  /**
   * Reads a header.
   *
   * @param file for messages
   * @param content from its first byte on
   * @param size of all of it
   */
  static NpyHeader read(InputFile file, InputStream content, long size) {
    try {
      byte[] start = content.readNBytes(8);
      if (start.length < 8 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
        throw file.fault("is no .npy file");
      }
      int version = start[6];
      if (version < 1 || version > 3) {
        throw file.fault(
            "is of version %d of the .npy format; known are 1 to 3".formatted(version));
      }
      int lengthBytes = version == 1 ? 2 : 4;
      byte[] lengthField = Arrays.copyOf(content.readNBytes(lengthBytes), Integer.BYTES);
      long length =
          Integer.toUnsignedLong(
              ByteBuffer.wrap(lengthField).order(ByteOrder.LITTLE_ENDIAN).getInt());
      if (length > LONGEST) {
        throw file.fault(
            "has a header of %d bytes; at most %d are read".formatted(length, LONGEST));
      }
      byte[] text = content.readNBytes((int) length);
      if (text.length < length) {
        throw file.fault("is no .npy file: it ends in its header");
      }
      Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
      NpyHeader header =
          new Parse(file, new String(text, charset), 8 + lengthBytes + length).header();
      long needed = header.bytes(file);
      if (needed != size - header.begin()) {
        throw file.fault(
            "is an array of %s and needs %d bytes of data, but has %d"
                .formatted(header.dimensions(), needed, size - header.begin()));
      }
      return header;
    } catch (IOException e) {
      throw file.fault("cannot be unpacked: " + Deflated.reason(e), e);
    }
  }

  /** Its elements in C order. */
  ByteBuffer elements(ByteBuffer stored) {
    if (fortran) {
      List<Long> strides = new ArrayList<>();
      long stride = 1;
      for (long dimension : dimensions) {
        strides.add(stride);
        stride *= dimension;
      }
      return Strided.rowMajor(stored, type.bytes(), dimensions, strides).order(order);
    }
    return stored.order(order);
  }

  /** The size of all elements. */
  long bytes() {
    return dimensions.stream().reduce((long) type.bytes(), (left, right) -> left * right);
  }

  private long bytes(InputFile file) {
    long bytes = type.bytes();
    for (long dimension : dimensions) {
      if (dimension > 0 && bytes > Long.MAX_VALUE / dimension) {
        throw file.fault("has a shape that is too large: " + dimensions);
      }
      bytes *= dimension;
    }
    return bytes;
  }

  /** What stands before the numbers of a float32 tensor. */
  static ByteBuffer bytes(Shape shape) {
    List<Integer> dimensions = shape.dimensions();
    String tuple =
        dimensions.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + (dimensions.size() == 1 ? "," : "");
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }".formatted(tuple);
    int preamble = MAGIC.length + 4;
    // The data begins at a multiple of 64, as NumPy has it.
    int length = (preamble + dictionary.length() + 1 + 63) / 64 * 64 - preamble;
    ByteBuffer header =
        ByteBuffer.allocate(preamble + length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .put((byte) 1)
            .put((byte) 0)
            .putShort((short) length)
            .put(dictionary.getBytes(StandardCharsets.ISO_8859_1));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').flip();
  }

  /** Reads the header, a dictionary as Python writes it; nothing in it is evaluated. */
  private static final class Parse {
    private final InputFile file;
    private final String text;
    private final long end;
    private int at;

    Parse(InputFile file, String text, long end) {
      this.file = file;
      this.text = text;
      this.end = end;
    }

    NpyHeader header() {
      String description = null;
      Boolean fortran = null;
      List<Long> shape = null;
      require('{');
      while (!take('}')) {
        String key = quoted();
        require(':');
        switch (key) {
          case "descr" -> description = description();
          case "fortran_order" -> fortran = truth();
          case "shape" -> shape = tuple();
          default -> throw file.fault("has a header with the unknown key " + Text.quote(key));
        }
        if (!take(',')) {
          require('}');
          break;
        }
      }
      skipSpace();
      if (at != text.length()) {
        throw wrong();
      }
      if (description == null || fortran == null || shape == null) {
        throw file.fault("has a header without descr, fortran_order or shape");
      }
      return new NpyHeader(type(description), order(description), fortran, shape, end);
    }

    private DataType type(String description) {
      DataType type = description.length() == 3 ? TYPES.get(description.substring(1)) : null;
      if (type == null || "<>|=".indexOf(description.charAt(0)) < 0) {
        throw file.fault(
            "holds elements of type %s; floats, integers and truth values can be read"
                .formatted(Text.quote(description)));
      }
      return type;
    }

    private static ByteOrder order(String description) {
      return switch (description.charAt(0)) {
        case '>' -> ByteOrder.BIG_ENDIAN;
        case '=' -> ByteOrder.nativeOrder();
        default -> ByteOrder.LITTLE_ENDIAN;
      };
    }

    private String description() {
      skipSpace();
      if (at < text.length() && text.charAt(at) == '[') {
        throw file.fault("holds records; only an array of plain numbers can be read");
      }
      return quoted();
    }

    private String quoted() {
      skipSpace();
      char quote = at < text.length() ? text.charAt(at) : ' ';
      int end = text.indexOf(quote, at + 1);
      if ((quote != '\'' && quote != '"') || end < 0) {
        throw wrong();
      }
      String content = text.substring(at + 1, end);
      at = end + 1;
      return content;
    }

    private boolean truth() {
      skipSpace();
      for (boolean value : new boolean[] {true, false}) {
        String word = value ? "True" : "False";
        if (text.startsWith(word, at)) {
          at += word.length();
          return value;
        }
      }
      throw wrong();
    }

    private List<Long> tuple() {
      List<Long> numbers = new ArrayList<>();
      require('(');
      while (!take(')')) {
        numbers.add(number());
        if (numbers.size() > MOST_DIMENSIONS) {
          throw file.fault("has more than %d dimensions".formatted(MOST_DIMENSIONS));
        }
        if (!take(',')) {
          require(')');
          break;
        }
      }
      return numbers;
    }

    private long number() {
      skipSpace();
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      String digits = text.substring(start, at);
      if (digits.isEmpty()) {
        throw wrong();
      }
      // Python 2 wrote long integers so.
      take('L');
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException e) {
        throw file.fault("has a dimension of " + Text.clean(digits), e);
      }
    }

    private void skipSpace() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
        at++;
      }
    }

    private boolean take(char expected) {
      skipSpace();
      if (at < text.length() && text.charAt(at) == expected) {
        at++;
        return true;
      }
      return false;
    }

    private void require(char expected) {
      if (!take(expected)) {
        throw wrong();
      }
    }

    private InputException wrong() {
      return file.fault("has a header that NumPy would not write, at %d".formatted(at));
    }
  }
}
