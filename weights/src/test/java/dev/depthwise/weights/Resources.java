package dev.depthwise.weights;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

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
}
