package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarDatasetTest {
  @TempDir private Path folder;

  /** Makes a shard member by member. */
  private static final class Shard {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

    Shard() {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    }

    Shard add(String name, byte[] content) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, true);
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    }

    Shard add(String name, String content) throws IOException {
      return add(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Shard sample(String key, int label, int... samples) throws IOException {
      add(key + ".png", PictureWriter.png(TestResources.row(samples)));
      return add(key + ".cls", label + "\n");
    }

    Shard special(String name, byte kind) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, kind);
      if (kind == TarConstants.LF_LINK || kind == TarConstants.LF_SYMLINK) {
        entry.setLinkName("/etc/passwd");
      }
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
      return this;
    }

    byte[] toBytes() throws IOException {
      tar.close();
      return bytes.toByteArray();
    }
  }

  private Path write(String name, Shard shard) throws IOException {
    return write(name, shard.toBytes());
  }

  private Path write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-02-02T20:20:02Z")));
    return file;
  }

  private Data open() {
    return Data.open("tar:" + folder);
  }

  @Test
  void readsPicturesAndLabelsOfAllShardsInOrder() throws IOException {
    write(
        "b.tar",
        new Shard()
            .special("pictures/", TarConstants.LF_DIR)
            .sample("pictures/1", 2, 30, 31)
            .sample("pictures/" + "long".repeat(40), 0, 40));
    write(
        "a.tar",
        new Shard()
            .add("x.json", "{\"label\": 1, \"text\": \"a cat\"}")
            .add("x.txt", "a cat")
            .add("x.PNG", PictureWriter.png(TestResources.row(10)))
            .sample("y.", 0, 20)
            .sample("./z", 1, 25));
    Dataset dataset = open().train();

    assertThat(dataset.size()).isEqualTo(4);
    assertThat(dataset.labels()).containsExactly("0", "1", "2");
    assertThat(IntStream.range(0, 4).map(dataset::label)).containsExactly(1, 1, 2, 0);
    assertThat(dataset.picture(0)).isEqualTo(TestResources.row(10));
    assertThat(dataset.picture(1)).isEqualTo(TestResources.row(25));
    assertThat(dataset.picture(2)).isEqualTo(TestResources.row(30, 31));
    assertThat(dataset.picture(3)).isEqualTo(TestResources.row(40));
    assertThat(dataset.title(2)).isEqualTo(folder.resolve("b.tar") + ": 1.png");
    assertThat(dataset.sequential()).isTrue();
  }

  @Test
  void classesMayHaveNames() throws IOException {
    write("a.tar", new Shard().sample("x", 1, 10));
    Files.writeString(folder.resolve(TarDataset.NAMES), "cat\ndog\nfox\n");
    assertThat(open().train().labels()).containsExactly("cat", "dog", "fox");

    Files.writeString(folder.resolve(TarDataset.NAMES), "cat\n");
    assertThatThrownBy(this::open)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("label 1 is out of range");
  }

  @ParameterizedTest
  @ValueSource(strings = {"test", "val"})
  void aFolderOfPartsHasBoth(String part) throws IOException {
    write("train/a.tar", new Shard().sample("x", 0, 1).sample("y", 1, 2));
    write(part + "/a.tar", new Shard().sample("x", 0, 3));
    Data data = open();
    assertThat(data.train().size()).isEqualTo(2);
    assertThat(data.test().orElseThrow().labels()).containsExactly("0", "1");
    assertThat(data.test().orElseThrow().picture(0)).isEqualTo(TestResources.row(3));
  }

  @Test
  void aRangeOfShardsIsWrittenWithBraces() throws IOException {
    for (int shard = 8; shard < 12; shard++) {
      write("s-%03d.tar".formatted(shard), new Shard().sample("x", 0, shard));
    }
    Dataset some = Data.open("tar:" + folder.resolve("s-{009..011}.tar")).train();
    assertThat(some.size()).isEqualTo(3);
    assertThat(some.picture(0)).isEqualTo(TestResources.row(9));
    assertThat(Data.open("tar:" + folder.resolve("s-008.tar")).train().size()).isEqualTo(1);

    assertThatThrownBy(() -> Data.open("tar:" + folder.resolve("s-{009..012}.tar")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("s-012.tar: no such file");
    for (String range : new String[] {"{9..8}", "{0..999999999}"}) {
      assertThatThrownBy(() -> Data.open("tar:" + folder.resolve("s-" + range + ".tar")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("is empty or holds more than 100,000 shards");
    }
  }

  @Test
  void rememberShardsThatHaveNotChanged() throws IOException {
    Path first = write("a.tar", new Shard().sample("x", 0, 10).sample("y", 1, 20));
    write("b.tar", new Shard().sample("z", 1, 30));
    Inspection.of(open().train(), 2, Progress.NONE);
    byte[] content = Files.readAllBytes(first);
    // Same length and date: whoever read it again would find no tar file.
    write("a.tar", new byte[content.length]);
    TarDataset again = (TarDataset) open().train();
    assertThat(again.size()).isEqualTo(3);
    assertThat(again.index().inspection().isDecoded(2)).isTrue();
    assertThat(again.label(1)).isEqualTo(1);
    write("a.tar", content);
    assertThat(again.picture(1)).isEqualTo(TestResources.row(20));

    write("a.tar", new Shard().sample("x", 0, 10));
    TarDataset fewer = (TarDataset) open().train();
    assertThat(fewer.size()).isEqualTo(2);
    assertThat(fewer.picture(0)).isEqualTo(TestResources.row(10));
    assertThat(fewer.picture(1)).isEqualTo(TestResources.row(30));
  }

  @Test
  void corruptPicturesAreFoundAndLeftOut() throws IOException {
    write(
        "a.tar",
        new Shard()
            .sample("x", 0, 10)
            .add("y.jpg", new byte[3])
            .add("y.cls", "0")
            .sample("z", 1, 30));
    Data data = open().checked(true, 2, Progress.NONE);
    assertThat(data.train().size()).isEqualTo(2);
    assertThat(data.train().sequential()).isTrue();
    assertThat(data.leftOut()).singleElement().asString().contains("a.tar: y.jpg: its content is");
  }

  @Test
  void refusesSamplesThatAreNotWhole() throws IOException {
    byte[] png = PictureWriter.png(TestResources.row(1));
    refused(new Shard().add("x.png", png), "'x.png' has no label; expected x.cls or x.json");
    refused(new Shard().add("x.png", png).add("x.json", "{\"label\": \"cat\"}"), "has no label");
    refused(new Shard().add("x.png", png).add("x.json", "{"), "'x.json' is no JSON");
    refused(new Shard().add("x.png", png).add("x.cls", "-1"), "the label of 'x' is '-1'");
    refused(new Shard().add("x.png", png).add("x.cls", "99999999"), "is '99999999'");
    refused(new Shard().add("x.png", png).add("x.cls", "1".repeat(99)), "has 99 bytes");
    refused(
        new Shard().add("x.png", png).add("x.cls", "1").add("x.json", "{\"label\": 2}"),
        "'x' has two labels");
    refused(new Shard().add("x.png", png).add("x.jpg", png), "'x' has two pictures");
    refused(new Shard().add("x.cls", "1"), "holds no pictures");
    refused(new Shard(), "holds no pictures");
  }

  private void refused(Shard shard, String... parts) throws IOException {
    write("a.tar", shard);
    assertThatThrownBy(this::open)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a.tar")
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/x.png", "../x.png", "a/../../x.png", "a\\x.png", ".."})
  void refusesNamesThatLeadOut(String name) throws IOException {
    refused(new Shard().sample("fine", 0, 1).add(name, new byte[1]), "leads out of it");
  }

  @Test
  void refusesLinksAndDevices() throws IOException {
    for (byte kind :
        new byte[] {
          TarConstants.LF_LINK,
          TarConstants.LF_SYMLINK,
          TarConstants.LF_FIFO,
          TarConstants.LF_CHR,
          TarConstants.LF_BLK
        }) {
      refused(new Shard().sample("fine", 0, 1).special("x.png", kind), "'x.png' is no plain file");
    }
  }

  @Test
  void refusesSizesThatCannotBe() throws IOException {
    byte[] whole = new Shard().add("x.png", new byte[600]).toBytes();
    // The size stands in octal digits at 124; a leading 0xff makes it a negative binary number.
    byte[] negative = header(whole, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -2});
    byte[] huge = header(whole, "77777777777\0".getBytes(StandardCharsets.US_ASCII));
    for (byte[] broken : new byte[][] {negative, huge}) {
      write("a.tar", broken);
      assertThatThrownBy(this::open)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("a.tar");
    }
  }

  private static byte[] header(byte[] tar, byte[] size) {
    byte[] changed = tar.clone();
    System.arraycopy(size, 0, changed, 124, size.length);
    Arrays.fill(changed, 148, 156, (byte) ' ');
    int sum = 0;
    for (int at = 0; at < 512; at++) {
      sum += changed[at] & 0xff;
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, changed, 148, digits.length);
    return changed;
  }

  @Test
  void refusesWhatIsCutShortOrNoTar() throws IOException {
    byte[] whole = new Shard().sample("x", 0, 1).sample("y", 1, 2).toBytes();
    for (int length : new int[] {0, 100, 512, 513, 600, 1024, 1700, 2048, 2100, 3072, 4096}) {
      write("a.tar", Arrays.copyOf(whole, length));
      assertThatThrownBy(this::open)
          .as("length %d", length)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("a.tar");
    }
    write("a.tar", IdxFiles.gzip(whole));
    assertThatThrownBy(this::open)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("unpack it with gunzip");
    Files.delete(folder.resolve("a.tar"));
    assertThatThrownBy(this::open)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no .tar file");
  }

  @Test
  void anyBrokenHeaderIsATypedError() throws IOException {
    byte[] whole = new Shard().sample("x", 0, 1).sample("y", 1, 2).toBytes();
    for (int at = 0; at < 512; at++) {
      byte[] broken = whole.clone();
      broken[at] ^= 0x55;
      write("a.tar", broken);
      try {
        assertThat(open().train().size()).isBetween(1, 2);
      } catch (InputException expected) {
        assertThat(expected).hasMessageContaining("a.tar");
      }
    }
  }

  @Test
  void nothingIsUnpacked() throws IOException {
    write("a.tar", new Shard().sample("deep/x", 0, 1));
    Dataset dataset = open().train();
    dataset.picture(0);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("a.tar", IndexFile.NAME);
    }
  }
}
