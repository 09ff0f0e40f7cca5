package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import dev.depthwise.vision.IdxDataset.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxDatasetTest {
  private static final byte[] PICTURES = IdxFiles.pictures(2, 1, 3, 0, 1, 2, 3, 4, 255);
  private static final byte[] LABELS = IdxFiles.labels(2, 0);

  @TempDir private Path folder;

  private void write(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  @ParameterizedTest
  @CsvSource({
    "train-images-idx3-ubyte, train-labels-idx1-ubyte, TRAIN",
    "train-images.idx3-ubyte, train-labels.idx1-ubyte, TRAIN",
    "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, TEST",
    "t10k-images.idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz, TEST",
  })
  void readsPicturesAndLabels(String pictures, String labels, Part part) throws IOException {
    write(pictures, PICTURES);
    write(labels, IdxFiles.gzip(LABELS));

    IdxDataset dataset = IdxDataset.open(folder, part);

    assertThat(dataset.size()).isEqualTo(2);
    assertThat(dataset.labels()).containsExactly("0", "1", "2");
    assertThat(dataset.label(0)).isEqualTo(2);
    assertThat(dataset.label(1)).isZero();
    assertThat(dataset.picture(0)).isEqualTo(TestResources.row(0, 1, 2));
    assertThat(dataset.picture(1)).isEqualTo(TestResources.row(3, 4, 255));
  }

  @Test
  void takesNamesForTheClasses() throws IOException {
    write("train-images-idx3-ubyte", PICTURES);
    write("train-labels-idx1-ubyte", LABELS);

    assertThat(IdxDataset.open(folder, Part.TRAIN, List.of("a", "b", "c", "d")).labels())
        .containsExactly("a", "b", "c", "d");
    assertThatThrownBy(() -> IdxDataset.open(folder, Part.TRAIN, List.of("a", "b")))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("label 2 is out of range; there are 2 classes, 0 to 1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesEveryTruncation(boolean compressed) throws IOException {
    write("train-labels-idx1-ubyte", LABELS);
    byte[] whole = compressed ? IdxFiles.gzip(PICTURES) : PICTURES;
    for (int length = 0; length < whole.length; length++) {
      write("train-images-idx3-ubyte", Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> IdxDataset.open(folder, Part.TRAIN))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("train-images-idx3-ubyte");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesTrailingBytes(boolean compressed) throws IOException {
    byte[] longer = Arrays.copyOf(PICTURES, PICTURES.length + 1);
    write("train-images-idx3-ubyte", compressed ? IdxFiles.gzip(longer) : longer);
    write("train-labels-idx1-ubyte", LABELS);

    assertThatThrownBy(() -> IdxDataset.open(folder, Part.TRAIN))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("its header announces 6 bytes");
  }

  @Test
  void refusesDamageInsideACompressedFile() throws IOException {
    byte[] damaged = IdxFiles.gzip(PICTURES);
    damaged[damaged.length - 6] ^= 1;
    write("train-images-idx3-ubyte", damaged);
    write("train-labels-idx1-ubyte", LABELS);

    assertThatThrownBy(() -> IdxDataset.open(folder, Part.TRAIN))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be read as an IDX file");
  }

  @Test
  void refusesAnotherMagicNumber() throws IOException {
    write("train-images-idx3-ubyte", LABELS);
    write("train-labels-idx1-ubyte", LABELS);

    assertThatThrownBy(() -> IdxDataset.open(folder, Part.TRAIN))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("begins with 0x00000801; expected 0x00000803");
  }

  @Test
  void refusesCountsThatDiffer() throws IOException {
    write("train-images-idx3-ubyte", PICTURES);
    write("train-labels-idx1-ubyte", IdxFiles.labels(1, 2, 3));

    assertThatThrownBy(() -> IdxDataset.open(folder, Part.TRAIN))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds 2 pictures")
        .hasMessageContaining("holds 3 labels");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 3",
    "-1, 1, 3",
    "2147483647, 28, 28",
    "65536, 65536, 65536",
    "2000000, 28, 28"
  })
  void refusesHugeAndEmptySizesWithoutTakingTheMemory(int count, int rows, int columns)
      throws IOException {
    for (boolean compressed : new boolean[] {false, true}) {
      byte[] lying =
          ByteBuffer.allocate(20).putInt(0x803).putInt(count).putInt(rows).putInt(columns).array();
      write("train-images-idx3-ubyte", compressed ? IdxFiles.gzip(lying) : lying);
      write("train-labels-idx1-ubyte", LABELS);

      assertThatThrownBy(() -> IdxDataset.open(folder, Part.TRAIN))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("its header");
    }
  }

  @Test
  void saysWhichFileIsMissing() throws IOException {
    assertThatThrownBy(() -> IdxDataset.open(folder.resolve("absent"), Part.TRAIN))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is no folder");
    write("train-images-idx3-ubyte", PICTURES);
    assertThatThrownBy(() -> IdxDataset.open(folder, Part.TRAIN))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no file named train-labels-idx1-ubyte or ");
  }
}
