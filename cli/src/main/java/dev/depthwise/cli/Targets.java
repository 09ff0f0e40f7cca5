package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Places that a command will write to. */
final class Targets {
  private Targets() {}

  /**
   * The path, if something can be written there: better said before an hour of work than after.
   *
   * @throws InputException if a file stands where a folder is needed, or permission is missing
   */
  static Path writable(String text) {
    Path path = Models.path(text);
    Path above = path.toAbsolutePath().normalize().getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above == null) {
      throw new InputException("%s cannot be written: it is the root of the disk".formatted(text));
    }
    if (!Files.isDirectory(above)) {
      throw new InputException(
          "%s cannot be written: %s is a file, where a folder is needed".formatted(text, above));
    }
    if (!Files.isWritable(above)) {
      throw new InputException(
          "%s cannot be written: no permission to write to %s".formatted(text, above));
    }
    return path;
  }
}
