package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files were written by h5py 3.7 in the oldest and the newest form of HDF5. */
class Hdf5Test {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"earliest", "latest"})
  void readsEveryLayoutAndFilter(String form) throws IOException {
    for (String name :
        List.of(
            "contiguous",
            "plain",
            "deflate",
            "shuffle",
            "fletcher",
            "all",
            "single",
            "single_deflate",
            "soft")) {
      float[] values = read(form, name);
      assertThat(values).as(name).hasSize(7 * 5 * 3);
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).as(name).isEqualTo(i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"earliest", "latest"})
  void readsEveryType(String form) throws IOException {
    for (String name : List.of("f64_big", "f16", "i8", "u16_big", "bool", "i64")) {
      float[] values = read(form, name);
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).as(name).isEqualTo(i % 2);
      }
    }
    assertThat(read(form, "scalar")).containsExactly(3.25f);
    assertThat(read(form, "empty")).isEmpty();
  }

  @Test
  void readsAnIndexOfSeveralPages() throws IOException {
    float[] values = read("latest", "paged");
    assertThat(values).hasSize(1_100);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isEqualTo(i);
    }
  }

  @Test
  void readsManyNamesAndAttributesOfTheNewestForm() throws IOException {
    for (int i = 0; i < 60; i++) {
      assertThat(read("latest", "name_%02d".formatted(i))).containsExactly(i);
    }
    try (InputFile file = InputFile.open(file("latest"))) {
      Hdf5Group root = Hdf5Group.root(Hdf5File.open(file));
      Hdf5Attributes attributes = Hdf5Attributes.of(root.find("attributes").orElseThrow());
      assertThat(attributes.texts("weight_names")).hasValue(List.of("kernel:0"));
      assertThat(attributes.text("other29")).hasValue("x".repeat(29));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "earliest, lzf, filter 32000 'lzf'",
    "latest, grow, a data set that can grow",
    "earliest, soft_loop, leads in circles at 'kernel:0'",
    "earliest, external_link, leads into another file at 'kernel:0'",
    "latest, external_link, leads into another file at 'kernel:0'",
    "earliest, external_storage, keeps 'kernel:0' in another file",
    "latest, external_storage, keeps 'kernel:0' in another file",
    "latest, virtual, 'keeps ''kernel:0'' in other data sets, perhaps of other files'",
    "earliest, text, made of something else than plain numbers",
    "earliest, complex, made of something else than plain numbers",
    "earliest, never, it was never written",
    "earliest, half, holds 1 of the 2 parts of 'kernel:0'"
  })
  void refusesWhatItDoesNotRead(String form, String name, String fault) {
    assertThatThrownBy(() -> read(form, name))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(fault);
  }

  @Test
  void findsDamageByChecksums() throws IOException {
    Path path = file("latest");
    byte[] bytes = Files.readAllBytes(path);
    int object = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("OHDR");
    bytes[object + 20] ^= 1;
    Files.write(path, bytes);
    assertThatThrownBy(
            () -> {
              try (InputFile file = InputFile.open(path)) {
                Hdf5Group.root(Hdf5File.open(file));
              }
            })
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is damaged: the checksum of");
  }

  /** A tree whose every node has the same child, 32 times: 32 to the 12th, followed naively. */
  @Test
  void endsWhereTheStructureGoesRoundInCircles() throws IOException {
    Path path = Files.copy(Resources.path("tiny_keras2_weights.h5"), directory.resolve("round.h5"));
    byte[] bytes = Files.readAllBytes(path);
    int end = bytes.length;
    int levels = 12;
    int nodeBytes = 24 + 33 * 16;
    int leaf = end + levels * nodeBytes;
    ByteBuffer longer = ByteBuffer.allocate(leaf + 8).order(ByteOrder.LITTLE_ENDIAN).put(bytes);
    for (int level = 0; level < levels; level++) {
      longer.position(end + level * nodeBytes);
      longer.put("TREE".getBytes(StandardCharsets.US_ASCII)).put((byte) 0).put((byte) level);
      longer.putShort((short) 32).putLong(-1).putLong(-1);
      for (int i = 0; i < 32; i++) {
        longer.putLong(0).putLong(level == 0 ? leaf : end + (level - 1L) * nodeBytes);
      }
    }
    // Names, of which there are none.
    longer.position(leaf).put("SNOD".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
    longer.putLong(40, longer.capacity());
    // The tree's address stands in the superblock and in the message of the root group.
    int at = 88;
    while (longer.getLong(at) != longer.getLong(80)
        || longer.getLong(at + 8) != longer.getLong(88)) {
      at++;
    }
    longer.putLong(at, end + (levels - 1L) * nodeBytes);
    Files.write(path, longer.array());
    assertThatThrownBy(() -> Keras.read(path))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("its structure is too large, or goes round in circles");
  }

  /** Boxes of two rows each, the last of one: so much is there at a time. */
  @ParameterizedTest
  @ValueSource(strings = {"earliest", "latest"})
  void handsOverTheRowsOfItsBoxes(String form) throws IOException {
    for (String name : List.of("plain", "all")) {
      assertThat(parts(form, name).stream().map(FloatBuffer::remaining))
          .containsExactly(30, 30, 30, 15);
    }
    assertThat(parts(form, "single_deflate")).hasSize(1);
  }

  private float[] read(String form, String group) throws IOException {
    List<FloatBuffer> parts = parts(form, group);
    float[] values = new float[parts.stream().mapToInt(FloatBuffer::remaining).sum()];
    FloatBuffer all = FloatBuffer.wrap(values);
    parts.forEach(all::put);
    return values;
  }

  private List<FloatBuffer> parts(String form, String group) throws IOException {
    try (InputFile file = InputFile.open(file(form))) {
      Hdf5Object object =
          Hdf5Group.root(Hdf5File.open(file)).find(group + "/kernel:0").orElseThrow();
      Hdf5Dataset dataset = Hdf5Dataset.of(object, "kernel:0").orElseThrow();
      List<FloatBuffer> parts = new ArrayList<>();
      dataset.read(
          file,
          part -> {
            FloatBuffer floats = dataset.type().floats(part);
            parts.add(FloatBuffer.allocate(floats.remaining()).put(floats).flip());
          });
      return parts;
    }
  }

  private Path file(String form) throws IOException {
    return Resources.unpacked("layouts_%s.h5.gz".formatted(form), directory);
  }
}
