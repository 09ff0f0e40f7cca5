package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Files of NumPy's {@code .npy} format: one array of numbers.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
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

  private Npy() {}

  /**
   * Reads an array, rounded to float32 and in C order whatever the file has. Its first dimension is
   * often a batch: that is for the caller to know.
   *
   * @throws InputException naming the file and what is wrong with it
   */
  public static Tensor read(Path path) {
    try (InputFile file = InputFile.open(path)) {
      if (file.size() < 10 || !file.read(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
        throw file.fault("is no .npy file");
      }
      int version = file.read(6, 1).get();
      if (version < 1 || version > 3) {
        throw file.fault(
            "is of version %d of the .npy format; known are 1 to 3".formatted(version));
      }
      int lengthBytes = version == 1 ? 2 : 4;
      ByteBuffer lengthField = file.read(8, lengthBytes);
      long length =
          version == 1
              ? Short.toUnsignedInt(lengthField.getShort())
              : Integer.toUnsignedLong(lengthField.getInt());
      if (length > LONGEST_HEADER) {
        throw file.fault(
            "has a header of %d bytes; at most %d are read".formatted(length, LONGEST_HEADER));
      }
      long data = 8 + lengthBytes + length;
      String text =
          (version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1)
              .decode(file.read(8 + lengthBytes, length))
              .toString();
      Header header = new Parse(file, text).header();
      long size = (long) header.shape().size() * header.type().bytes();
      if (size != file.size() - data) {
        throw file.fault(
            "is an array of %s and needs %d bytes of data, but has %d"
                .formatted(header.shape(), size, file.size() - data));
      }
      ByteBuffer elements = file.read(data, size).order(header.order());
      List<Long> dimensions = header.shape().dimensions().stream().map(Integer::longValue).toList();
      return new Tensor(
          header.shape(),
          header
              .type()
              .floats(
                  header.fortran()
                      ? Strided.rowMajor(
                          elements, header.type().bytes(), dimensions, fortran(dimensions))
                      : elements));
    }
  }

  /**
   * Writes a tensor as {@code <f4} in C order, version 1, and publishes the file when it is whole.
   *
   * @throws WriteException if it could not be written; an older file is unharmed then
   */
  public static void write(Path path, Tensor tensor) {
    ByteBuffer header = header(tensor.shape());
    Publish.file(
        path,
        temporary -> {
          try (OutputFile file = OutputFile.create(temporary)) {
            file.write(header);
            file.write(tensor.values());
          }
        });
  }

  /** What stands before the numbers of a float32 tensor. */
  static ByteBuffer header(Shape shape) {
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

  /** The strides of what lies with its first dimension contiguous. */
  private static List<Long> fortran(List<Long> dimensions) {
    List<Long> strides = new ArrayList<>();
    long stride = 1;
    for (long dimension : dimensions) {
      strides.add(stride);
      stride *= dimension;
    }
    return strides;
  }

  private record Header(DataType type, ByteOrder order, boolean fortran, Shape shape) {}

  /** Reads the header, a dictionary as Python writes it; nothing in it is evaluated. */
  private static final class Parse {
    private final InputFile file;
    private final String text;
    private int at;

    Parse(InputFile file, String text) {
      this.file = file;
      this.text = text;
    }

    Header header() {
      String description = null;
      Boolean fortran = null;
      List<Integer> shape = null;
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
      return new Header(type(description), order(description), fortran, shape(shape));
    }

    private Shape shape(List<Integer> dimensions) {
      try {
        return new Shape(dimensions);
      } catch (IllegalArgumentException e) {
        throw file.fault(Text.line(e), e);
      }
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

    private List<Integer> tuple() {
      List<Integer> numbers = new ArrayList<>();
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

    private int number() {
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
        return Integer.parseInt(digits);
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
