package dev.depthwise.cli;

import dev.depthwise.catalogue.Cache;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where published files are kept. */
final class CacheOptions {
  @Option(
      names = "--cache",
      paramLabel = "FOLDER",
      description =
          "Where published files are kept (default: weights in DEPTHWISE_HOME, else in the user's"
              + " cache folder).")
  @Nullable String folder;

  Cache cache() {
    return folder == null ? Cache.usual() : new Cache(Models.path(folder));
  }
}
