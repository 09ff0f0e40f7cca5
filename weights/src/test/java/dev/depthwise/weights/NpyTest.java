package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  private static final String HEADER = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readsEveryVersion(int version) throws IOException {
    Path path =
        file(
            version,
            HEADER.formatted("<f4", "False", "(2, 3)"),
            24,
            ByteOrder.LITTLE_ENDIAN,
            NpyTest::six);
    assertThat(Npy.read(path)).isEqualTo(Tensor.of(Shape.of(2, 3), 0, 1, 2, 3, 4, 5));
  }

  @Test
  void readsFortranOrder() throws IOException {
    // In C order: element (i, j, k) is 100 i + 10 j + k.
    Path path =
        file(
            1,
            HEADER.formatted("<f4", "True", "(2, 2, 3)"),
            48,
            ByteOrder.LITTLE_ENDIAN,
            data -> {
              for (int k = 0; k < 3; k++) {
                for (int j = 0; j < 2; j++) {
                  for (int i = 0; i < 2; i++) {
                    data.putFloat(100 * i + 10 * j + k);
                  }
                }
              }
            });
    assertThat(Npy.read(path))
        .isEqualTo(Tensor.of(Shape.of(2, 2, 3), 0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112));
  }

  @Test
  void readsBigEndianFortranOrder() throws IOException {
    Path path =
        file(1, HEADER.formatted(">f4", "True", "(2, 3)"), 24, ByteOrder.BIG_ENDIAN, NpyTest::six);
    assertThat(Npy.read(path)).isEqualTo(Tensor.of(Shape.of(2, 3), 0, 2, 4, 1, 3, 5));
  }

  @Test
  void readsDoubles() throws IOException {
    Path path =
        file(
            1,
            HEADER.formatted("<f8", "False", "(2,)"),
            16,
            ByteOrder.LITTLE_ENDIAN,
            data -> data.putDouble(0.1).putDouble(-2));
    assertThat(Npy.read(path)).isEqualTo(Tensor.of(Shape.of(2), 0.1f, -2));
  }

  @Test
  void readsHalves() throws IOException {
    Path path =
        file(
            1,
            HEADER.formatted("<f2", "False", "(5,)"),
            10,
            ByteOrder.LITTLE_ENDIAN,
            data ->
                data.putShort((short) 0x3e00)
                    .putShort((short) 0xc080)
                    .putShort((short) 0x7bff)
                    .putShort((short) 0x0001)
                    .putShort((short) 0xfc00));
    assertThat(Npy.read(path).toArray())
        .containsExactly(1.5f, -2.25f, 65504, 0x1p-24f, Float.NEGATIVE_INFINITY);
  }

  @Test
  void readsBytesAsPicturesHaveThem() throws IOException {
    Path path =
        file(
            1,
            HEADER.formatted("|u1", "False", "(1, 2)"),
            2,
            ByteOrder.LITTLE_ENDIAN,
            data -> data.put((byte) 255).put((byte) 7));
    assertThat(Npy.read(path)).isEqualTo(Tensor.of(Shape.of(1, 2), 255, 7));
  }

  @ParameterizedTest
  @CsvSource({
    "U64, -1, 1.8446744073709552E19",
    "U64, 9007199254740993, 9.007199254740992E15",
    "I64, -1, -1",
    "U32, 4294967295, 4.2949673E9",
    "I32, -1, -1",
    "U16, 65535, 65535",
    "I16, 65535, -1",
    "U8, 200, 200",
    "I8, 200, -56",
    "BOOL, 2, 1"
  })
  void convertsIntegers(DataType type, long bits, float expected) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, bits);
    assertThat(type.floats(bytes.limit(type.bytes())).get(0)).isEqualTo(expected);
  }

  @Test
  void readsAHeaderOfPython2() throws IOException {
    Path path =
        file(
            1,
            "{\"shape\":(2L,3L),\"descr\":'<f4',\"fortran_order\":False}   \n",
            24,
            ByteOrder.LITTLE_ENDIAN,
            NpyTest::six);
    assertThat(Npy.read(path).shape()).isEqualTo(Shape.of(2, 3));
  }

  @Test
  void readsAScalar() throws IOException {
    Path path =
        file(
            1,
            HEADER.formatted("<f4", "False", "()"),
            4,
            ByteOrder.LITTLE_ENDIAN,
            data -> data.putFloat(3.5f));
    assertThat(Npy.read(path)).isEqualTo(Tensor.of(Shape.of(), 3.5f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "5", "2x3", "1x3x4x7", "3x40000"})
  void readsWhatItWrote(String text) throws IOException {
    Shape shape =
        text.equals("scalar")
            ? Shape.of()
            : Shape.of(
                java.util.Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray());
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1f / (i + 1);
    }
    Path path = directory.resolve("written.npy");
    Npy.write(path, Tensor.of(shape, values));
    assertThat(Npy.read(path)).isEqualTo(Tensor.of(shape, values));
    assertThat((Files.size(path) - 4L * values.length) % 64).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "<f4; False; (2, 4); needs 32 bytes of data, but has 24",
        "<f4; False; (2, 2); needs 16 bytes of data, but has 24",
        "<f4; False; (0, 3); needs 0 bytes of data, but has 24",
        "<f4; False; (100000, 100000); needs 40000000000 bytes",
        "<f4; False; (99999999999999999999, 1); dimension of 99999999999999999999",
        "<f4; False; (9999999999, 9999999999); too large",
        "<f4; False; (-2, 3); that NumPy would not write",
        "<f4; False; (2, 3; that NumPy would not write",
        "<f4; False; 6; that NumPy would not write",
        "<f4; False; __import__(1); that NumPy would not write",
        "<f4; Maybe; (2, 3); that NumPy would not write",
        "|O; False; (2, 3); elements of type '|O'",
        "<c8; False; (2, 3); elements of type '<c8'",
        "<; False; (2, 3); elements of type '<'"
      },
      quoteCharacter = '~')
  void refusesWrongHeaders(String type, String order, String shape, String fault)
      throws IOException {
    refuses(HEADER.formatted(type, order, shape), fault);
  }

  @Test
  void refusesRecordsAndStrangers() throws IOException {
    refuses("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,)}", "holds records");
    refuses("{'descr': '<f4', 'shape': (6,)}", "without descr, fortran_order or shape");
    refuses("{'descr': '<f4', 'more': 1}", "unknown key 'more'");
    refuses(HEADER.formatted("<f4", "False", "(6,)") + " + 1", "NumPy would not write");
    refuses("", "NumPy would not write");
  }

  @Test
  void refusesWhatIsNoNpyFile() throws IOException {
    Path path = directory.resolve("file.npy");
    Files.writeString(path, "These are not numbers.");
    assertThatThrownBy(() -> Npy.read(path))
        .isInstanceOf(InputException.class)
        .hasMessage(path + ": is no .npy file");
    Files.write(path, new byte[0]);
    assertThatThrownBy(() -> Npy.read(path))
        .isInstanceOf(InputException.class)
        .hasMessage(path + ": is no .npy file");
  }

  @Test
  void survivesDamage() throws IOException {
    Path path = directory.resolve("damaged.npy");
    Npy.write(path, Tensor.filled(Shape.of(2, 3, 5), 1));
    Mutations.survive(path, 80, Npy::read);
  }

  private void refuses(String header, String fault) throws IOException {
    Path path = file(1, header, 24, ByteOrder.LITTLE_ENDIAN, NpyTest::six);
    assertThatThrownBy(() -> Npy.read(path))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(fault);
  }

  private static void six(ByteBuffer data) {
    for (int i = 0; i < 6; i++) {
      data.putFloat(i);
    }
  }

  private Path file(
      int version, String header, int dataBytes, ByteOrder order, Consumer<ByteBuffer> data)
      throws IOException {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    int lengthBytes = version == 1 ? 2 : 4;
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + lengthBytes + text.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      bytes.putShort((short) text.length);
    } else {
      bytes.putInt(text.length);
    }
    data.accept(bytes.put(text).order(order));
    Path path = directory.resolve("file.npy");
    Files.write(path, bytes.array());
    return path;
  }
}
