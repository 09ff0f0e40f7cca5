package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.network.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxTest {
  @TempDir Path directory;

  /** The same weights in raw bytes, as numbers of protobuf, and in a file beside the model. */
  @ParameterizedTest
  @CsvSource({
    "tiny.onnx, tiny.onnx",
    "tiny_float_data.onnx, tiny.onnx",
    "tiny_external.onnx, tiny.onnx",
    "tiny_nofold_train_bn.onnx, tiny_nofold_train_bn.onnx"
  })
  void readsTheInitialisers(String name, String expectedName) {
    NamedTensors tensors = WeightFiles.open(Resources.path(name));

    JsonNode expected = Expected.file("expected_onnx.json").get(expectedName);
    assertThat(tensors.metadata()).containsExactly(Map.entry("format", "onnx"));
    assertThat(tensors.tensors().keySet())
        .containsExactlyElementsOf(expected.properties().stream().map(Map.Entry::getKey).toList());
    for (Map.Entry<String, JsonNode> entry : expected.properties()) {
      StoredTensor tensor = Expected.tensor(tensors, entry.getKey());
      assertThat(tensor.dimensions()).isEqualTo(Expected.longs(entry.getValue().get("shape")));
      assertThat(tensor.type().word()).isEqualTo(entry.getValue().get("dtype").asText());
      assertThat(tensor.sha256()).isEqualTo(entry.getValue().get("sha256").asText());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // type, field of the numbers, whether packed, numbers, expected
    "1, 4, true, 1.5 -2, 1.5 -2",
    "1, 4, false, 1.5 -2, 1.5 -2",
    "11, 10, true, 0.25 3, 0.25 3",
    "6, 5, true, -7 7, -7 7",
    "3, 5, false, -128 127, -128 127",
    "2, 5, true, 0 255, 0 255",
    "9, 5, true, 1 0, 1 0",
    // Halves are the numbers of their bits.
    "10, 5, true, 15872 49280, 1.5 -2.25",
    "16, 5, true, 16320 49168, 1.5 -2.25",
    "7, 7, true, -1 1099511627776, -1 1.09951163E12",
    "13, 11, true, 1 2, 1 2",
    "12, 11, true, 4294967295 2, 4.2949673E9 2"
  })
  void readsNumbersOfEveryType(int type, int field, boolean packed, String numbers, String expected)
      throws IOException {
    Message tensor = new Message().number(1, 2).number(2, type).text(8, "w");
    Message values = new Message();
    for (String number : numbers.split(" ", -1)) {
      Message one = new Message();
      if (field == 4) {
        one.fixed32(Float.floatToIntBits(Float.parseFloat(number)));
      } else if (field == 10) {
        one.fixed64(Double.doubleToLongBits(Double.parseDouble(number)));
      } else {
        one.varint(Long.parseLong(number));
      }
      values.raw(one.bytes());
      if (!packed) {
        tensor.varint(field << 3 | (field == 4 ? 5 : 0)).raw(one.bytes());
      }
    }
    if (packed) {
      tensor.bytes(field, values.bytes());
    }
    String[] wanted = expected.split(" ", -1);
    assertThat(Onnx.read(model(tensor)).read("w").toArray())
        .containsExactly(Float.parseFloat(wanted[0]), Float.parseFloat(wanted[1]));
  }

  @Test
  void refusesTensorsThatAreNotWhole() throws IOException {
    refuses(tensor().number(1, 3).bytes(9, new byte[8]), "'w' of [3] needs 12 bytes, but has 8");
    refuses(tensor().number(1, 3).bytes(4, new byte[8]), "'w' of [3] has too few numbers");
    refuses(tensor().number(1, 1).bytes(4, new byte[8]), "'w' of [1] has too many numbers");
    refuses(
        tensor().number(1, 1L << 40).bytes(4, new byte[8]),
        "needs 1099511627776 numbers, but has 8 bytes of them");
    refuses(tensor().number(1, -1), "'w' has the dimensions [-1]");
    refuses(tensor().number(1, 1L << 40).number(1, 1L << 40), "has a shape that is too large");
    refuses(new Message().number(2, 8).text(8, "w"), "'w' is of type 8 of ONNX");
    refuses(tensor().bytes(3, new byte[2]), "'w' comes in segments");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.bin",
        "/etc/passwd",
        "below/../../outside.bin",
        "..\\outside.bin",
        "C:outside.bin",
        "link.bin",
        "folder/outside.bin",
        ""
      })
  void readsNoFileOutsideOfTheModelsFolder(String location) throws IOException {
    Path outside = Files.write(directory.resolve("outside.bin"), new byte[4]);
    Path inner = Files.createDirectories(directory.resolve("inner"));
    Files.createDirectories(inner.resolve("below"));
    Files.createSymbolicLink(inner.resolve("link.bin"), outside);
    Files.createSymbolicLink(inner.resolve("folder"), directory);
    Path model = inner.resolve("model.onnx");
    Files.write(model, bytes(external(location, "0", "4")));

    assertThatThrownBy(() -> Onnx.read(model))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(model + ": tensor 'w' is kept in '")
        .hasMessageEndingWith("only files in the model's own folder are read");
  }

  @Test
  void readsAFileBelowTheModelsFolder() throws IOException {
    Files.createDirectories(directory.resolve("data"));
    Files.write(
        directory.resolve("data/w.bin"),
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(4, 2.5f).array());
    assertThat(Onnx.read(model(external("data/w.bin", "4", "4"))).read("w").toArray())
        .containsExactly(2.5f);
    refuses(external("data/w.bin", "8", "4"), "needs 4 bytes from byte 8 of");
    refuses(external("data/w.bin", "-4", "4"), "needs 4 bytes from byte -4 of");
    refuses(external("data/w.bin", "0", "8"), "needs 4 bytes, but has 8 in another file");
    refuses(external("data/w.bin", "a", "4"), "is kept at byte 'a' of another file");
    refuses(external("data/none.bin", "0", "4"), "which is not there; put it beside the model");
  }

  @Test
  void refusesWhatIsNoModel() throws IOException {
    Path file = directory.resolve("model.onnx");
    Files.writeString(file, "These are no weights, and this is no protobuf message at all.");
    assertThatThrownBy(() -> WeightFiles.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": is broken at byte");
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> WeightFiles.open(file))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": is no ONNX model: it has no graph");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny_float_data.onnx", "tiny_nofold_train_bn.onnx"})
  void survivesDamage(String name) throws IOException {
    Path file = Files.copy(Resources.path(name), directory.resolve(name));
    Mutations.survive(
        file,
        (int) Files.size(file),
        damaged -> WeightFiles.open(damaged).tensors().values().forEach(StoredTensor::sha256));
  }

  private void refuses(Message tensor, String fault) throws IOException {
    Path file = model(tensor);
    assertThatThrownBy(() -> Onnx.read(file).tensors().values().forEach(StoredTensor::read))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": tensor 'w' ")
        .hasMessageContaining(fault);
  }

  /** A float32 tensor without dimensions and elements. */
  private static Message tensor() {
    return new Message().number(2, 1).text(8, "w");
  }

  private static Message external(String location, String offset, String length) {
    return tensor()
        .number(1, 1)
        .bytes(13, new Message().text(1, "location").text(2, location).bytes())
        .bytes(13, new Message().text(1, "offset").text(2, offset).bytes())
        .bytes(13, new Message().text(1, "length").text(2, length).bytes())
        .number(14, 1);
  }

  private Path model(Message tensor) throws IOException {
    return Files.write(directory.resolve("model.onnx"), bytes(tensor));
  }

  private static byte[] bytes(Message tensor) {
    Message graph = new Message().bytes(5, tensor.bytes());
    return new Message().number(1, 7).bytes(7, graph.bytes()).bytes();
  }

  /** Writes a protobuf message. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    byte[] bytes() {
      return bytes.toByteArray();
    }

    Message number(int field, long value) {
      return varint((long) field << 3).varint(value);
    }

    Message text(int field, String text) {
      return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Message bytes(int field, byte[] content) {
      return varint((long) field << 3 | 2).varint(content.length).raw(content);
    }

    Message varint(long value) {
      long left = value;
      while ((left & ~0x7fL) != 0) {
        bytes.write((int) (left & 0x7f) | 0x80);
        left >>>= 7;
      }
      bytes.write((int) left);
      return this;
    }

    Message fixed32(int value) {
      return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    Message fixed64(long value) {
      return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    Message raw(byte[] content) {
      bytes.writeBytes(content);
      return this;
    }
  }
}
