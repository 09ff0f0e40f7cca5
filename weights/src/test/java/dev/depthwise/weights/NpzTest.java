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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {
  @TempDir Path directory;

  /** Written by {@code numpy.savez} and {@code numpy.savez_compressed}. */
  @ParameterizedTest
  @ValueSource(strings = {"numpy.npz", "numpy_compressed.npz"})
  void readsWhatNumpyWrote(String name) {
    NamedTensors tensors = WeightFiles.open(Resources.path(name));

    assertThat(tensors.metadata()).containsExactly(Map.entry("format", "npz"));
    assertThat(tensors.tensors().keySet())
        .containsExactly("conv/kernel", "fortran", "big", "half", "scalar", "empty", "u8", "flag");
    for (String array : List.of("conv/kernel", "fortran", "big", "half")) {
      Tensor tensor = tensors.read(array);
      assertThat(tensor.shape()).isEqualTo(Shape.of(4, 6));
      for (int i = 0; i < 24; i++) {
        assertThat(tensor.values().get(i)).as(array).isEqualTo(i);
      }
    }
    assertThat(Expected.tensor(tensors, "big").type()).isEqualTo(DataType.F64);
    assertThat(tensors.read("scalar")).isEqualTo(Tensor.of(Shape.of(), 3.25f));
    assertThat(tensors.read("u8").toArray()).containsExactly(0, 1, 2);
    assertThat(tensors.read("flag").toArray()).containsExactly(1, 0);
    assertThat(Expected.tensor(tensors, "empty").dimensions()).containsExactly(0L, 3L);
    // The checksum does not depend on how the elements were laid down.
    assertThat(Expected.tensor(tensors, "fortran").sha256())
        .isEqualTo(Expected.tensor(tensors, "conv/kernel").sha256());
  }

  @Test
  void readsWhatItWrote() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("conv/kernel", Tensor.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6));
    tensors.put("scalar", Tensor.of(Shape.of(), -1));
    tensors.put("large", Tensor.filled(Shape.of(300, 301), 0.5f));
    Path file = directory.resolve("written.npz");

    Npz.write(file, tensors);

    NamedTensors read = WeightFiles.open(file);
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach((name, tensor) -> assertThat(read.read(name)).isEqualTo(tensor));
  }

  @ParameterizedTest
  @ValueSource(ints = {Deflater.NO_COMPRESSION, Deflater.DEFAULT_COMPRESSION})
  void handsOverLargeArraysPartByPart(int level) throws IOException {
    Path file = directory.resolve("large.npz");
    int count = 600_001;
    writeLarge(file, count, level);

    List<Integer> sizes = new ArrayList<>();
    List<Float> wrong = new ArrayList<>();
    int[] next = {0};
    Expected.tensor(Npz.read(file), "a")
        .floats(
            part -> {
              sizes.add(part.remaining());
              while (part.hasRemaining()) {
                float value = part.get();
                if (value != next[0]++) {
                  wrong.add(value);
                }
              }
            });

    assertThat(wrong).isEmpty();
    assertThat(sizes).hasSize(3).allMatch(size -> size <= 1 << 18);
    assertThat(next[0]).isEqualTo(count);
  }

  /** Whatever was handed over before: the reader is told. */
  @Test
  void findsDamageBehindWhatItHandedOver() throws IOException {
    Path file = directory.resolve("large.npz");
    writeLarge(file, 600_001, Deflater.NO_COMPRESSION);
    byte[] bytes = Files.readAllBytes(file);
    bytes[2_000_000] ^= 1;
    Files.write(file, bytes);
    StoredTensor tensor = Expected.tensor(Npz.read(file), "a");
    assertThatThrownBy(tensor::read)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is damaged: the checksum of its entry 'a.npy' is");
  }

  private static void writeLarge(Path file, int count, int level) throws IOException {
    ByteBuffer numbers = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      numbers.putFloat(i);
    }
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.setLevel(level);
      zip.putNextEntry(new ZipEntry("a.npy"));
      zip.write(header("<f4", "(%d,)".formatted(count)));
      zip.write(numbers.array());
    }
  }

  @Test
  void readsASingleArrayUnderTheNameOfItsFile() {
    Path file = directory.resolve("kernel.npy");
    Npy.write(file, Tensor.of(Shape.of(2), 1, 2));
    assertThat(WeightFiles.open(file).read("kernel").toArray()).containsExactly(1, 2);
  }

  @Test
  void refusesABombBeforeItGoesOff() throws IOException {
    Path file = directory.resolve("bomb.npz");
    byte[] zeros = new byte[1 << 20];
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("a.npy"));
      zip.write(header("|u1", "(104857600,)"));
      for (int i = 0; i < 100; i++) {
        zip.write(zeros);
      }
    }
    StoredTensor tensor = Expected.tensor(Npz.read(file), "a");
    assertThatThrownBy(tensor::read)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": 'a.npy' would grow from")
        .hasMessageEndingWith("to 104857669 bytes; no weights are that empty");
  }

  @Test
  void refusesWhatIsNoArray() throws IOException {
    Path object = archive("a.npy", header("|O", "(1,)"));
    assertThatThrownBy(() -> WeightFiles.open(object))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(object + ": a.npy: holds elements of type '|O'");
    Path text = archive("a.npy", "text".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> WeightFiles.open(text))
        .isInstanceOf(InputException.class)
        .hasMessage(text + ": a.npy: is no .npy file");
    Path other = archive("readme.txt", new byte[3]);
    assertThatThrownBy(() -> Npz.read(other))
        .isInstanceOf(InputException.class)
        .hasMessage(other + ": holds 'readme.txt', which is no array");
    Path none = Files.writeString(directory.resolve("none.npz"), "PK");
    assertThatThrownBy(() -> WeightFiles.open(none))
        .isInstanceOf(InputException.class)
        .hasMessage(none + ": is no .npz file: it is no zip archive");
  }

  @Test
  void refusesDamagedElements() throws IOException {
    Path file = directory.resolve("damaged.npz");
    byte[] bytes = Files.readAllBytes(Resources.path("numpy.npz"));
    int data = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\n") + 30;
    bytes[data] ^= 1;
    Files.write(file, bytes);
    StoredTensor tensor = Expected.tensor(Npz.read(file), "conv/kernel");
    assertThatThrownBy(tensor::read)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is damaged: the checksum of its entry 'conv/kernel.npy' is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"numpy.npz", "numpy_compressed.npz"})
  void survivesDamage(String name) throws IOException {
    Path file = Files.copy(Resources.path(name), directory.resolve(name));
    Mutations.survive(
        file,
        (int) Files.size(file),
        damaged -> WeightFiles.open(damaged).tensors().values().forEach(StoredTensor::sha256));
  }

  private Path archive(String entry, byte[] content) throws IOException {
    Path file = directory.resolve("archive.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content);
    }
    return file;
  }

  private static byte[] header(String type, String shape) {
    byte[] text =
        "{'descr':'%s','fortran_order':False,'shape':%s}\n"
            .formatted(type, shape)
            .getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(10 + text.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) text.length)
        .put(text)
        .array();
  }
}
