package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pictures of the documentation are what their commands make. */
final class DrawnPicturesTest {
  private static final Path PICTURES = Path.of("..", "docs", "pictures");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @Test
  void everyPictureIsWhatItsCommandMakes() throws IOException {
    List<String> commands =
        Files.readAllLines(PICTURES.resolve("README.md")).stream()
            .filter(line -> line.startsWith("depthwise "))
            .toList();
    for (String command : commands) {
      String[] words = command.split(" ");
      String name = words[words.length - 1].replace("docs/pictures/", "");
      Path made = folder.resolve(name);
      words[words.length - 1] = made.toString();
      Outcome.of((Object[]) Stream.of(words).skip(1).toArray(String[]::new)).succeeds();
      assertThat(made).as(command).hasSameTextualContentAs(PICTURES.resolve(name));
    }
    try (Stream<Path> files = Files.list(PICTURES)) {
      assertThat(files.filter(file -> file.toString().endsWith(".svg")))
          .hasSameSizeAs(commands)
          .hasSizeGreaterThan(10);
    }
  }
}
