package dev.depthwise.weights;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The files that the tests read. */
final class Resources {
  private Resources() {}

  static Path path(String name) {
    URL url = Objects.requireNonNull(Resources.class.getResource(name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A file that is kept compressed, unpacked into a directory. */
  static Path unpacked(String name, Path directory) throws IOException {
    Path file = directory.resolve(name.replaceFirst("\\.gz$", ""));
    try (InputStream packed = new GZIPInputStream(Files.newInputStream(path(name)))) {
      Files.copy(packed, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }
}
