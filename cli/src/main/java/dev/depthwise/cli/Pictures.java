package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureFormat;
import dev.depthwise.vision.PictureReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The pictures that a person names.
 *
 * @param files all of them, in order
 * @param strict whether one that cannot be read is an error; else it is skipped
 */
record Pictures(List<Path> files, boolean strict) {
  /** A picture that could be read. */
  @FunctionalInterface
  interface Use {
    void accept(Path file, Picture picture);
  }

  /** The pictures of several arguments. */
  static Pictures of(List<Path> paths, boolean strict) {
    return new Pictures(paths.stream().flatMap(path -> files(path).stream()).toList(), strict);
  }

  /**
   * Reads one after the other.
   *
   * @param use takes each; what it cannot use for itself is an input error too
   * @return why each of the others was skipped
   * @throws InputException if one cannot be used and is not to be skipped, or none can
   */
  Map<Path, String> read(Screen screen, Use use) {
    Map<Path, String> skipped = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        use.accept(file, PictureReader.read(file));
      } catch (InputException e) {
        if (strict) {
          throw e;
        }
        skipped.put(file, Failures.message(e));
        screen.note("skipped: " + Failures.message(e));
      }
    }
    if (skipped.size() == files.size()) {
      throw new InputException(
          files.size() == 1
              ? "the picture cannot be read"
              : "none of the %d pictures can be read".formatted(files.size()));
    }
    return skipped;
  }

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
