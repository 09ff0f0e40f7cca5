package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.vision.PictureFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The pictures that a person names. */
final class Pictures {
  private Pictures() {}

  /** A file itself; of a folder, the pictures in it. */
  static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> walk = Files.walk(path)) {
      List<Path> files =
          walk.filter(PictureFormat::isNamed).filter(Files::isRegularFile).sorted().toList();
      if (files.isEmpty()) {
        throw new InputException(
            "%s holds no picture (%s)".formatted(path, PictureFormat.allEndings()));
      }
      return files;
    } catch (IOException e) {
      throw new InputException(Failures.message(e), e);
    } catch (UncheckedIOException e) {
      throw new InputException(Failures.message(e), e);
    }
  }
}
