package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder of pictures remembers from one opening to the next, and what it notices. */
class FolderIndexTest {
  private static final Instant LONG_AGO = Instant.parse("2020-02-02T20:20:02Z");

  @TempDir private Path folder;
  @TempDir private Path cache;
  private final List<String> notes = new ArrayList<>();
  private final Progress notepad =
      new Progress() {
        @Override
        public void at(String task, long done, long total) {}

        @Override
        public void note(String remark) {
          notes.add(remark);
        }
      };

  @BeforeEach
  void makePictures() throws IOException {
    System.setProperty(IndexFile.CACHE_PROPERTY, cache.toString());
    for (String name : List.of("cat/a.png", "cat/b.png", "dog/c.png", "dog/d.png")) {
      write(name, PictureWriter.png(TestResources.row(name.hashCode() & 0xff)));
    }
    settle();
  }

  @AfterEach
  void forgetTheCache() {
    System.clearProperty(IndexFile.CACHE_PROPERTY);
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
  }

  /** Only folders that were left alone for a while are believed to be as they were. */
  private void settle() throws IOException {
    for (String name : List.of("cat", "dog")) {
      Files.setLastModifiedTime(folder.resolve(name), FileTime.from(LONG_AGO));
    }
  }

  private FolderDataset open() {
    return FolderDataset.open(folder, notepad);
  }

  private FolderDataset inspected() {
    FolderDataset dataset = open();
    Inspection.of(dataset, 2, notepad);
    return dataset;
  }

  private Path index() {
    return folder.resolve(IndexFile.NAME);
  }

  private static List<String> names(FolderDataset dataset) {
    return IntStream.range(0, dataset.size())
        .mapToObj(picture -> dataset.file(picture).getFileName().toString())
        .toList();
  }

  private static List<String> decoded(FolderDataset dataset) {
    List<String> decoded = new ArrayList<>();
    for (int picture = 0; picture < dataset.size(); picture++) {
      if (dataset.index().inspection().isDecoded(picture)) {
        decoded.add(dataset.file(picture).getFileName().toString());
      }
    }
    return decoded;
  }

  @Test
  void remembersWhatItDecoded() {
    FolderDataset first = inspected();
    assertThat(decoded(first)).containsExactly("a.png", "b.png", "c.png", "d.png");

    FolderDataset again = open();
    assertThat(decoded(again)).isEqualTo(decoded(first));
    assertThat(again.labels()).containsExactly("cat", "dog");
    for (int picture = 0; picture < 4; picture++) {
      Inspection inspection = again.index().inspection();
      assertThat(again.file(picture)).isEqualTo(first.file(picture));
      assertThat(again.label(picture)).isEqualTo(picture / 2);
      assertThat(inspection.width(picture)).isEqualTo(1);
      assertThat(inspection.height(picture)).isEqualTo(1);
      assertThat(inspection.channels(picture)).isEqualTo(1);
      assertThat(again.fingerprint(picture))
          .isEqualTo(Inspection.fingerprint(again.picture(picture)))
          .isEqualTo(first.fingerprint(picture));
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void listsNoFolderAgainThatHasNotChanged() throws IOException {
    open();
    byte[] before = Files.readAllBytes(index());
    Files.setLastModifiedTime(index(), FileTime.from(LONG_AGO));
    // The folder's time is set back: only an index that was believed can miss this picture.
    write("cat/aa.png", PictureWriter.png(TestResources.row(1)));
    settle();

    assertThat(names(open())).containsExactly("a.png", "b.png", "c.png", "d.png");
    assertThat(Files.readAllBytes(index())).isEqualTo(before);
    assertThat(Files.getLastModifiedTime(index())).isEqualTo(FileTime.from(LONG_AGO));
  }

  @Test
  void believesNoFolderThatChangedAMomentAgo() throws IOException {
    Files.setLastModifiedTime(folder.resolve("cat"), FileTime.from(Instant.now()));
    FileTime time = Files.getLastModifiedTime(folder.resolve("cat"));
    open();
    write("cat/aa.png", PictureWriter.png(TestResources.row(1)));
    Files.setLastModifiedTime(folder.resolve("cat"), time);

    assertThat(names(open())).contains("aa.png");
  }

  @Test
  void noticesAddedRemovedAndRenamedPictures() throws IOException {
    inspected();
    write("cat/aa.png", PictureWriter.png(TestResources.row(1)));
    Files.delete(folder.resolve("dog/c.png"));
    Files.move(folder.resolve("dog/d.png"), folder.resolve("dog/e.png"));

    FolderDataset again = open();
    assertThat(names(again)).containsExactly("a.png", "aa.png", "b.png", "e.png");
    assertThat(decoded(again)).containsExactly("a.png", "b.png");
    assertThat(decoded(inspected())).isEqualTo(names(again));
  }

  @Test
  void noticesAPictureThatWasWrittenOver() throws IOException {
    long before = inspected().fingerprint(0);
    // A line of the same length elsewhere in time, and one of another length at the same time.
    Files.write(folder.resolve("cat/a.png"), PictureWriter.png(TestResources.row(200)));
    write("cat/b.png", PictureWriter.png(TestResources.row(1, 2, 3, 200, 7, 9)));
    settle();

    FolderDataset again = open();
    assertThat(decoded(again)).containsExactly("c.png", "d.png");
    assertThat(again.fingerprint(0)).isNotEqualTo(before);
  }

  @Test
  void noticesThatAPictureHasGoneWhoseFolderSeemsUnchanged() throws IOException {
    inspected();
    Files.delete(folder.resolve("cat/b.png"));
    settle();
    assertThat(names(open())).containsExactly("a.png", "c.png", "d.png");
  }

  @Test
  void noticesClassesThatComeAndGo() throws IOException {
    inspected();
    write("bird/x.png", PictureWriter.png(TestResources.row(1)));
    FolderDataset three = open();
    assertThat(three.labels()).containsExactly("bird", "cat", "dog");
    assertThat(three.label(4)).isEqualTo(2);
    assertThat(decoded(three)).containsExactly("a.png", "b.png", "c.png", "d.png");

    Files.delete(folder.resolve("cat/a.png"));
    Files.delete(folder.resolve("cat/b.png"));
    Files.delete(folder.resolve("cat"));
    FolderDataset two = open();
    assertThat(two.labels()).containsExactly("bird", "dog");
    assertThat(two.label(1)).isEqualTo(1);
    assertThat(decoded(two)).containsExactly("c.png", "d.png");
  }

  @Test
  void looksAgainAtWhatWasCorrupt() throws IOException {
    write("cat/b.png", new byte[9]);
    settle();
    FolderDataset dataset = open();
    assertThat(Inspection.of(dataset, 2, notepad).faults()).containsOnlyKeys(1);
    assertThat(Inspection.of(open(), 2, notepad).faults()).containsOnlyKeys(1);

    write("cat/b.png", PictureWriter.png(TestResources.row(5)));
    settle();
    assertThat(Inspection.of(open(), 2, notepad).faults()).isEmpty();
  }

  @Test
  void makesABrokenIndexAnewAndSaysSo() throws IOException {
    inspected();
    byte[] whole = Files.readAllBytes(index());
    List<byte[]> broken = new ArrayList<>();
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x40;
      broken.add(flipped);
      broken.add(Arrays.copyOf(whole, at));
    }
    broken.add(Arrays.copyOf(whole, whole.length + 1));
    for (byte[] content : broken) {
      Files.write(index(), content);
      notes.clear();
      assertThat(names(open())).containsExactly("a.png", "b.png", "c.png", "d.png");
      assertThat(notes)
          .singleElement()
          .asString()
          .contains(index().toString(), "is broken", "made anew");
    }
    notes.clear();
    open();
    assertThat(notes).isEmpty();
  }

  @Test
  void keepsItsIndexInTheUsersCacheWhereTheFolderTakesNone() throws IOException {
    Files.createDirectories(index().resolve("in the way"));
    inspected();
    assertThat(decoded(open())).containsExactly("a.png", "b.png", "c.png", "d.png");
    try (var files = Files.list(cache.resolve("indexes"))) {
      assertThat(files).singleElement().asString().endsWith(".index");
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void saysWhereItCanKeepNoIndexAtAll() throws IOException {
    Files.createDirectories(index().resolve("in the way"));
    Files.write(cache.resolve("indexes"), new byte[1]);
    assertThat(names(open())).hasSize(4);
    assertThat(notes).singleElement().asString().contains("could not be kept");
  }

  @Test
  void leavesNothingElseBehind() throws IOException {
    inspected();
    open();
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("cat", "dog", IndexFile.NAME);
    }
  }
}
