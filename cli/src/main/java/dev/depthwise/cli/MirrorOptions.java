package dev.depthwise.cli;

import dev.depthwise.catalogue.Mirror;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where published files are fetched from, in place of where they are published. */
final class MirrorOptions {
  @Option(
      names = "--mirror",
      paramLabel = "URL|FOLDER",
      description =
          "Fetch published files from this folder or address (default: what DEPTHWISE_MIRROR"
              + " says).")
  @Nullable String mirror;

  Optional<Mirror> mirror() {
    return Optional.ofNullable(mirror)
        .or(() -> Optional.ofNullable(System.getenv(Mirror.VARIABLE)))
        .filter(text -> !text.isBlank())
        .map(Mirror::parse);
  }
}
