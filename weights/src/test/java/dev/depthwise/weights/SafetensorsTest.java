package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir Path directory;

  @Test
  void readsAStateDictionary() throws Exception {
    NamedTensors tensors = Safetensors.read(Resources.path("tiny.safetensors"));

    assertThat(tensors.metadata()).containsExactly(Map.entry("format", "pt"));
    Expected.stateDict(tensors);
  }

  @Test
  void convertsEveryTypeToFloat32() throws Exception {
    NamedTensors tensors = Safetensors.read(Resources.path("mixed.safetensors"));

    JsonNode expected = Expected.node("mixed_safetensors");
    for (String name : List.of("f64", "f16", "bf16", "i32", "u8", "unicode_é")) {
      assertThat(tensors.read(name).toArray())
          .as(name)
          .containsExactly(Expected.floats(expected.get(name)));
    }
    assertThat(tensors.read("bool").toArray()).containsExactly(1, 0, 1);
    assertThat(tensors.read("scalar")).isEqualTo(Tensor.of(Shape.of(), 3.25f));
    StoredTensor empty = java.util.Objects.requireNonNull(tensors.tensors().get("empty"));
    assertThat(empty.dimensions()).containsExactly(0L, 3L);
    assertThatThrownBy(empty::read)
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("mixed.safetensors: tensor 'empty' of 0x3 is empty or too large");
  }

  @ParameterizedTest
  @CsvSource({
    "duplicate_key, Duplicate field 'a'",
    "header_longer_than_file, header should have 100000 bytes",
    "hole, there is a hole",
    "huge_header, at most 100000000 are allowed",
    "neg_header, 18446744073709551360 bytes",
    "negative, data_offsets -16 to 0",
    "negative_shape, negative dimension -4",
    "overlap, they overlap",
    "shape_overflow, too large",
    "trailing_garbage, 16 bytes behind its last tensor",
    "truncated, is cut short",
    "unknown_dtype, dtype 'Q99'"
  })
  void refusesBrokenFiles(String name, String fault) {
    Path path = Resources.path("broken/st_" + name + ".safetensors");
    assertThatThrownBy(() -> Safetensors.read(path))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(fault);
  }

  @Test
  void refusesWhatIsNoFile() {
    assertThatThrownBy(() -> Safetensors.read(directory))
        .isInstanceOf(InputException.class)
        .hasMessage(directory + ": is a directory, not a file");
    assertThatThrownBy(() -> Safetensors.read(directory.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|not a JSON object",
        "{\"a\":[]}|'a' should be an object, is a list",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}|needs a dtype, a shape and two data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}|should be a whole number",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,99999999999999999999]}}|out of range",
        "{\"a\":{\"dtype\":\"F32\",\"stride\":[1]}}|a field 'stride'",
        "{\"__metadata__\":{\"a\":1}}|'__metadata__.a' should be a text, is a whole number",
        "{\"a\\n\":1}|'a?' should be an object",
        "{} {}|goes on behind its end",
        "{\"a\":{|end-of-input"
      })
  void refusesBrokenHeaders(String header, String fault) throws IOException {
    Path path = file(header);
    assertThatThrownBy(() -> Safetensors.read(path))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(fault)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void refusesATensorThatNoArrayCanHold() throws IOException {
    long size = 3L << 30;
    Path path =
        file("{\"a\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%1$d]}}".formatted(size));
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.setLength(sparse.length() + size);
    }
    NamedTensors tensors = Safetensors.read(path);
    assertThatThrownBy(() -> tensors.read("a"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("too large");
  }

  @Test
  void readsWhatItWrote() {
    Random random = new Random(1);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("large", random(random, Shape.of(7, 11, 600)));
    tensors.put("scalar", random(random, Shape.of()));
    tensors.put("with \"quotes\" and é", random(random, Shape.of(3, 5)));
    Path path = directory.resolve("written.safetensors");

    Safetensors.write(path, tensors, Map.of("step", "12"));

    NamedTensors read = Safetensors.read(path);
    assertThat(read.metadata()).containsExactly(Map.entry("step", "12"));
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach((name, tensor) -> assertThat(read.read(name)).isEqualTo(tensor));
  }

  @Test
  void alignsTheData() throws IOException {
    for (String name : List.of("a", "ab", "abc", "abcd")) {
      Path path = directory.resolve(name);
      Safetensors.write(path, Map.of(name, Tensor.of(Shape.of(1), 1)), Map.of());
      assertThat(Files.size(path)).isGreaterThan(12);
      assertThat((Files.size(path) - 4) % 8).isZero();
    }
  }

  @Test
  void namesTheNearestTensors() {
    NamedTensors tensors = Safetensors.read(Resources.path("tiny.safetensors"));
    assertThatThrownBy(() -> tensors.read("conv1.weigth"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("did you mean conv1.weight");
  }

  @Test
  void survivesDamage() throws IOException {
    Path path = directory.resolve("damaged.safetensors");
    Files.copy(Resources.path("mixed.safetensors"), path);
    Mutations.survive(
        path, 560, file -> Safetensors.read(file).tensors().values().forEach(StoredTensor::read));
  }

  private Path file(String header) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    Path path = directory.resolve("file.safetensors");
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(path, bytes.putLong(text.length).put(text).array());
    return path;
  }

  private static Tensor random(Random random, Shape shape) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt() & 0x7f7fffff);
    }
    return Tensor.of(shape, values);
  }
}
