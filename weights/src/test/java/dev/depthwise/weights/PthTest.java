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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PthTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny_zip.pth",
        "tiny_zip_ordereddict.pt",
        "tiny_legacy.pth",
        "tiny_checkpoint_module_prefix.pth"
      })
  void readsAStateDictionary(String name) {
    NamedTensors tensors = WeightFiles.open(Resources.path(name));

    assertThat(tensors.metadata()).containsExactly(Map.entry("format", "pt"));
    Expected.stateDict(tensors);
  }

  @Test
  void readsEveryTypeAndView() {
    NamedTensors tensors = Pth.read(Resources.path("mixed_zip.pth"));

    JsonNode expected = Expected.node("mixed");
    assertThat(tensors.tensors()).hasSize(expected.size());
    for (Map.Entry<String, JsonNode> entry : expected.properties()) {
      StoredTensor tensor = Expected.tensor(tensors, entry.getKey());
      assertThat(tensor.dimensions()).isEqualTo(Expected.longs(entry.getValue().get("shape")));
      assertThat(tensor.type().name().toLowerCase(Locale.ROOT))
          .isEqualTo(
              entry
                  .getValue()
                  .get("dtype")
                  .asText()
                  .replace("bfloat", "bf")
                  .replace("float", "f")
                  .replace("uint", "u")
                  .replace("int", "i"));
      if (!tensor.dimensions().contains(0L)) {
        assertThat(tensor.read().toArray())
            .as(entry.getKey())
            .containsExactly(Expected.floats(entry.getValue().get("values")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"views_legacy.pth", "views_protocol_4.pth", "views_deflated.pth"})
  void readsViewsOfEveryFormat(String name) {
    NamedTensors tensors = Pth.read(Resources.path(name));

    assertThat(tensors.tensors().keySet()).containsExactly("a", "t", "s", "h", "b", "i", "e");
    assertThat(tensors.read("t").toArray())
        .containsExactly(Expected.floats(Expected.node("mixed").get("transposed").get("values")));
    assertThat(tensors.read("s").toArray()).containsExactly(8, 9, 10, 14, 15, 16);
    assertThat(tensors.read("h").toArray()).startsWith(0, 1, 2).endsWith(22, 23).hasSize(24);
    assertThat(tensors.read("b").toArray()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(tensors.read("i").toArray()).containsExactly(0, 1, 2);
  }

  @Test
  void findsTheWeightsInACheckpoint() {
    NamedTensors tensors = Pth.read(Resources.path("checkpoint_optimizer.pth"));

    assertThat(tensors.tensors().keySet())
        .containsExactly(
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "1.num_batches_tracked");
    assertThat(tensors.read("0.weight").toArray()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void takesWrappersOffButNoPartOfAName() {
    assertThat(Pth.read(Resources.path("checkpoint_nested.pth")).tensors().keySet())
        .containsExactly("a", "t", "s", "h", "b", "i", "e");
    // The names of a network without its top begin alike, too.
    assertThat(names("features.0.weight", "features.0.bias"))
        .containsExactly("features.0.weight", "features.0.bias");
    assertThat(names("module.features.0.weight", "module.fc.bias"))
        .containsExactly("features.0.weight", "fc.bias");
    assertThat(names("module.a", "b")).containsExactly("module.a", "b");
    assertThat(names("module._orig_mod.a", "module._orig_mod.b")).containsExactly("a", "b");
    assertThat(names("module.")).containsExactly("module.");
  }

  @Test
  void readsWhatABigEndianMachineWrote() throws IOException {
    Path file = directory.resolve("big.pth");
    byte[] elements = ByteBuffer.allocate(24).putFloat(12, 1.5f).putFloat(20, -2).array();
    archive(file, oneTensor(2, 2, 2, 1, 2), Map.of("data/0", elements, "byteorder", ascii("big")));

    StoredTensor tensor = Expected.tensor(Pth.read(file), "w");
    assertThat(tensor.read().toArray()).containsExactly(0, 1.5f, 0, -2);
    String sum = tensor.sha256();
    // The checksum is of little-endian bytes.
    archive(
        file,
        oneTensor(2, 2, 2, 1, 2),
        Map.of(
            "data/0",
            ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(12, 1.5f)
                .putFloat(20, -2)
                .array()));
    assertThat(sum).isEqualTo(Expected.tensor(Pth.read(file), "w").sha256());
  }

  @ParameterizedTest
  @CsvSource({
    // offset, rows, columns, stride of rows, stride of columns
    "0, 2, 3, 3, 1, true",
    "1, 1, 5, 5, 1, true",
    "5, 1, 1, 1, 1, true",
    "1, 2, 3, 3, 1, false",
    "6, 1, 1, 1, 1, false",
    "0, 7, 1, 1, 1, false",
    "0, 2, 2, 5, 1, false",
    "0, 3, 3, 0, 1, false"
  })
  void refusesViewsThatLeaveTheirStorage(
      int offset, int rows, int columns, int rowStride, int columnStride, boolean inside)
      throws IOException {
    Path file = directory.resolve("view.pth");
    archive(
        file,
        oneTensor(offset, rows, columns, columnStride, rowStride),
        Map.of("data/0", new byte[24]));
    if (inside) {
      assertThat(Pth.read(file).read("w").shape().size()).isEqualTo(rows * columns);
    } else {
      assertThatThrownBy(() -> Pth.read(file))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("but its storage has 6");
    }
  }

  @Test
  void refusesAnEntryThatIsShorterThanItsStorage() throws IOException {
    Path file = directory.resolve("short.pth");
    archive(file, oneTensor(0, 2, 3, 1, 3), Map.of("data/0", new byte[20]));
    assertThatThrownBy(() -> Pth.read(file))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": the entry 'x/data/0' should have 24 bytes, has 20");
  }

  @Test
  void survivesDamage() throws IOException {
    for (String name : List.of("views_protocol_4.pth", "views_deflated.pth", "views_legacy.pth")) {
      Path path = directory.resolve(name);
      Files.copy(Resources.path(name), path);
      Mutations.survive(
          path, 1_000, file -> Pth.read(file).tensors().values().forEach(StoredTensor::sha256));
    }
  }

  private static Set<String> names(String... names) {
    Pickle.Dictionary dictionary = new Pickle.Dictionary();
    for (String name : names) {
      dictionary
          .entries()
          .put(
              name,
              new TorchNames.View(
                  new TorchNames.Storage("0", 4, 1), DataType.F32, 0, List.of(), List.of()));
    }
    try (InputFile file = InputFile.open(Resources.path("tiny_zip.pth"))) {
      return StateDict.of(file, dictionary).keySet();
    }
  }

  /** A pickle of a dictionary with the tensor {@code w}, a view of six float32 numbers. */
  private static byte[] oneTensor(
      int offset, int rows, int columns, int columnStride, int rowStride) {
    String text =
        "\u0080\2}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storage"
            + "ctorch\nFloatStorage\nX\1\0\0\0"
            + "0X\3\0\0\0cpuK\6tQ"
            + "K%cK%cK%c\u0086K%cK%c\u0086\u0089}tRs."
                .formatted(
                    (char) offset,
                    (char) rows,
                    (char) columns,
                    (char) rowStride,
                    (char) columnStride);
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void archive(Path file, byte[] pickle, Map<String, byte[]> entries)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("x/data.pkl"));
      zip.write(pickle);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry("x/" + entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    Files.write(file, bytes.toByteArray());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
