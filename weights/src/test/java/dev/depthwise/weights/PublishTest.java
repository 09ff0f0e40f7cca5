package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishTest {
  private static final Publish.Writer FULL_DISK =
      path -> {
        Path file = Files.isDirectory(path) ? path.resolve("part") : path;
        Files.writeString(file, "half of");
        throw new FileSystemException(file.toString(), null, "No space left on device");
      };

  @TempDir Path directory;

  @Test
  void writesAFileAndTheNextOverIt() throws IOException {
    Path target = directory.resolve("new/file");
    Publish.file(target, path -> Files.writeString(path, "one"));
    assertThat(target).hasContent("one");
    Publish.file(target, path -> Files.writeString(path, "two"));
    assertThat(target).hasContent("two");
    assertThat(names(directory.resolve("new"))).containsExactly("file");
  }

  @Test
  void keepsTheOldFileWhenTheDiskIsFull() throws IOException {
    Path target = directory.resolve("file");
    Files.writeString(target, "old");
    assertThatThrownBy(() -> Publish.file(target, FULL_DISK))
        .isInstanceOf(WriteException.class)
        .hasMessage("could not write " + target + ": No space left on device; nothing was changed");
    assertThat(target).hasContent("old");
    assertThat(names(directory)).containsExactly("file");
  }

  @Test
  void keepsTheOldFileWhenTheWriterHasAFault() throws IOException {
    Path target = directory.resolve("file");
    Files.writeString(target, "old");
    assertThatThrownBy(
            () ->
                Publish.file(
                    target,
                    path -> {
                      Files.writeString(path, "half of");
                      throw new IllegalStateException("fault");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(target).hasContent("old");
    assertThat(names(directory)).containsExactly("file");
  }

  @Test
  void writesThroughALink() throws IOException {
    Path target = directory.resolve("file");
    Files.writeString(target, "old");
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
    Publish.file(link, path -> Files.writeString(path, "new"));
    assertThat(target).hasContent("new");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void doesNotWriteAFileOverADirectory() {
    assertThatThrownBy(() -> Publish.file(directory, path -> Files.writeString(path, "x")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it is no file");
  }

  @Test
  void saysWhyAPlaceCannotBeWrittenTo() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "old");
    assertThatThrownBy(
            () -> Publish.file(file.resolve("below"), path -> Files.writeString(path, "x")))
        .isInstanceOf(WriteException.class)
        .hasMessageStartingWith("could not write " + file.resolve("below") + ": ")
        .hasMessageEndingWith("; nothing was changed");
  }

  @Test
  void writesADirectoryWhole() throws IOException {
    Path target = directory.resolve("a/b");
    Publish.newDirectory(target, this::two);
    assertThat(names(target)).containsExactly("one", "sub");
    assertThat(target.resolve("sub/two")).hasContent("2");
    assertThat(names(directory.resolve("a"))).containsExactly("b");
  }

  @Test
  void leavesNothingOfADirectoryWhenTheDiskIsFull() throws IOException {
    Path target = directory.resolve("model");
    assertThatThrownBy(() -> Publish.newDirectory(target, FULL_DISK))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining("No space left on device");
    assertThat(names(directory)).isEmpty();
  }

  @Test
  void namesTheTargetAndNotThePartThatFailed() {
    Path target = directory.resolve("model");
    assertThatThrownBy(
            () ->
                Publish.newDirectory(
                    target, path -> Publish.file(path.resolve("inner"), FULL_DISK)))
        .isInstanceOf(WriteException.class)
        .hasMessage("could not write " + target + ": No space left on device; nothing was changed");
  }

  @Test
  void takesAnEmptyDirectoryForNew() throws IOException {
    Path target = Files.createDirectory(directory.resolve("empty"));
    Publish.newDirectory(target, this::two);
    assertThat(names(target)).containsExactly("one", "sub");
  }

  @Test
  void refusesADirectoryThatIsThere() throws IOException {
    Path target = directory.resolve("model");
    Publish.newDirectory(target, this::two);
    assertThatThrownBy(() -> Publish.newDirectory(target, FULL_DISK))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("exists already");
    assertThat(names(target)).containsExactly("one", "sub");
  }

  @Test
  void replacesADirectory() throws IOException {
    Path target = directory.resolve("model");
    Publish.newDirectory(target, this::two);
    Publish.replaceDirectory(
        target, Set.of("one", "sub"), path -> Files.writeString(path.resolve("one"), "new"));
    assertThat(names(target)).containsExactly("one");
    assertThat(target.resolve("one")).hasContent("new");
    assertThat(names(directory)).containsExactly("model");
  }

  @Test
  void keepsTheOldDirectoryWhenTheDiskIsFull() throws IOException {
    Path target = directory.resolve("model");
    Publish.newDirectory(target, this::two);
    assertThatThrownBy(() -> Publish.replaceDirectory(target, Set.of("one", "sub"), FULL_DISK))
        .isInstanceOf(WriteException.class);
    assertThat(names(target)).containsExactly("one", "sub");
    assertThat(names(directory)).containsExactly("model");
  }

  @Test
  void doesNotReplaceADirectoryWithSomethingElseInIt() throws IOException {
    Path target = directory.resolve("home");
    Publish.newDirectory(target, this::two);
    assertThatThrownBy(() -> Publish.replaceDirectory(target, Set.of("one"), this::two))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it also holds 'sub' (1 other in all)");
    assertThat(target.resolve("sub/two")).hasContent("2");
  }

  private void two(Path path) throws IOException {
    Files.writeString(path.resolve("one"), "1");
    Files.createDirectory(path.resolve("sub"));
    Files.writeString(path.resolve("sub/two"), "2");
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
