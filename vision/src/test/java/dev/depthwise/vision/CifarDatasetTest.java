package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarDatasetTest {
  private static final int PLANE = 32 * 32;

  @TempDir private Path folder;

  /** A record whose samples tell where they stand. */
  private static byte[] record(int seed, int... labels) {
    byte[] record = new byte[labels.length + 3 * PLANE];
    for (int i = 0; i < labels.length; i++) {
      record[i] = (byte) labels[i];
    }
    for (int i = 0; i < 3 * PLANE; i++) {
      record[labels.length + i] = (byte) (seed + 7 * i + i / PLANE);
    }
    return record;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  private static Map<String, byte[]> ten() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("batches.meta.txt", "airplane\ncat\nfrog\n\n".getBytes(StandardCharsets.UTF_8));
    for (int batch = 1; batch <= 5; batch++) {
      files.put("data_batch_%d.bin".formatted(batch), join(record(batch, batch % 3)));
    }
    files.put("data_batch_3.bin", join(record(3, 0), record(33, 2)));
    files.put("test_batch.bin", join(record(60, 1), record(61, 2), record(62, 0)));
    return files;
  }

  private static Map<String, byte[]> hundred() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("coarse_label_names.txt", "animal\nplant\n".getBytes(StandardCharsets.UTF_8));
    files.put("fine_label_names.txt", "bear\nfox\nrose\n".getBytes(StandardCharsets.UTF_8));
    files.put("train.bin", join(record(1, 0, 1), record(2, 1, 2)));
    files.put("test.bin", join(record(3, 0, 0)));
    return files;
  }

  private Path write(Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }

  private static byte[] tar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry("cifar/"));
      tar.closeArchiveEntry();
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry("cifar/" + file.getKey());
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void requireTen(Data data) {
    Dataset train = data.train();
    assertThat(train.labels()).containsExactly("airplane", "cat", "frog");
    assertThat(train.size()).isEqualTo(6);
    assertThat(train.label(2)).isZero();
    assertThat(train.label(3)).isEqualTo(2);
    assertThat(train.label(4)).isEqualTo(1);
    Picture picture = train.picture(3);
    assertThat(picture.toString()).isEqualTo("Picture[3x32x32]");
    for (int channel = 0; channel < 3; channel++) {
      int at = channel * PLANE + 5 * 32 + 9;
      assertThat(picture.sample(9, 5, channel)).isEqualTo((33 + 7 * at + channel) & 0xff);
    }
    Dataset test = data.test().orElseThrow();
    assertThat(test.size()).isEqualTo(3);
    assertThat(test.label(1)).isEqualTo(2);
    assertThat(test.picture(1).sample(0, 0, 0)).isEqualTo(61);
  }

  @Test
  void readsTheFolderOfCifar10() throws IOException {
    requireTen(Data.open("cifar10:" + write(ten())));
  }

  @Test
  void readsTheArchiveAsItIsPublishedByItselfOrInItsFolder() throws IOException {
    Path archive = folder.resolve("cifar-10-binary.tar.gz");
    Files.write(archive, IdxFiles.gzip(tar(ten())));

    requireTen(Data.open("cifar10:" + archive));
    requireTen(Data.open("cifar10:" + folder));
    Files.write(archive, tar(ten()));
    requireTen(Data.open("cifar10:" + archive));
  }

  @Test
  void readsTheUnpackedFolderInTheFolderAbove() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
    for (Map.Entry<String, byte[]> file : ten().entrySet()) {
      Files.write(inner.resolve(file.getKey()), file.getValue());
    }
    requireTen(Data.open("cifar10:" + folder));
  }

  @Test
  void cifar100HasFineAndCoarseLabels() throws IOException {
    write(hundred());
    Data fine = Data.open("cifar100:" + folder);
    Data coarse = Data.open("cifar100-coarse:" + folder);

    assertThat(fine.train().labels()).containsExactly("bear", "fox", "rose");
    assertThat(fine.train().label(1)).isEqualTo(2);
    assertThat(coarse.train().labels()).containsExactly("animal", "plant");
    assertThat(coarse.train().label(1)).isEqualTo(1);
    assertThat(coarse.train().picture(1)).isEqualTo(fine.train().picture(1));
    assertThat(fine.train().picture(1).sample(1, 0, 0)).isEqualTo(2 + 7);
  }

  @Test
  void withoutItsFileThereIsNoTestPart() throws IOException {
    Map<String, byte[]> files = ten();
    files.remove("test_batch.bin");
    assertThat(Data.open("cifar10:" + write(files)).test()).isEmpty();
  }

  @Test
  void saysWhereToGetIt() {
    assertThatThrownBy(() -> Data.open("cifar10:" + folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not hold CIFAR-10")
        .hasMessageContaining("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz")
        .hasMessageContaining("cifar10:FOLDER");
    assertThatThrownBy(() -> Data.open("cifar100:" + folder.resolve("absent")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("CIFAR-100");
  }

  @Test
  void refusesWhatIsBroken() throws IOException {
    refused("data_batch_4.bin", null, "holds no data_batch_4.bin");
    refused("batches.meta.txt", null, "holds no batches.meta.txt");
    refused("data_batch_2.bin", new byte[3072], "data_batch_2.bin has 3072 bytes", "3073");
    refused("data_batch_2.bin", new byte[0], "data_batch_2.bin has 0 bytes");
    refused("test_batch.bin", record(1, 3), "test_batch.bin", "label 3 of picture 0");
    refused("batches.meta.txt", "one\n".getBytes(StandardCharsets.UTF_8), "holds 1 names");
    refused("batches.meta.txt", new byte[0], "holds 0 names");
    refused(
        "batches.meta.txt", "x\n".repeat(9999).getBytes(StandardCharsets.UTF_8), "too many names");
  }

  private void refused(String file, byte @Nullable [] content, String... parts) throws IOException {
    Map<String, byte[]> files = ten();
    files.remove(file);
    if (content != null) {
      files.put(file, content);
    }
    Files.deleteIfExists(folder.resolve(file));
    write(files);
    assertThatThrownBy(() -> Data.open("cifar10:" + folder))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void anArchiveCutShortAnywhereIsRefused() throws IOException {
    Path archive = folder.resolve("a.tar.gz");
    byte[] whole = IdxFiles.gzip(tar(ten()));
    // The last members are the test part and the end of the archive: without both it is whole.
    for (int length = 1; length < whole.length * 3 / 4; length += 97) {
      Files.write(archive, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Data.open("cifar10:" + archive)).isInstanceOf(InputException.class);
    }
  }

  @Test
  void headersOfAnArchiveAreNotTrusted() throws IOException {
    Path archive = folder.resolve("a.tar");
    byte[] whole = tar(ten());
    for (int at = 512; at < 1536; at++) {
      byte[] broken = whole.clone();
      broken[at] ^= (byte) 0x31;
      Files.write(archive, broken);
      try {
        assertThat(Data.open("cifar10:" + archive).train().size()).isEqualTo(6);
      } catch (InputException expected) {
        assertThat(expected).hasMessageContaining("a.tar");
      }
    }
  }

  @Test
  void aSizeThatTheArchiveCannotHoldTakesNoMemory() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);
    TarArchiveEntry entry = new TarArchiveEntry("cifar/data_batch_1.bin");
    entry.setSize(2_000_000_000);
    tar.putArchiveEntry(entry);
    tar.flush();
    Files.write(folder.resolve("a.tar"), bytes.toByteArray());

    assertThatThrownBy(() -> Data.open("cifar10:" + folder.resolve("a.tar")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data_batch_1.bin would have 2000000000 bytes");
  }
}
