package dev.depthwise.cli;

import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Engines;
import dev.depthwise.network.InputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What computes. */
class EngineOptions {
  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "What computes (default: the fastest there is; see depthwise engines).")
  @Nullable String name;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "How many processors to use; 0 for all (default: ${DEFAULT-VALUE}).")
  int threads;

  /** The engine that was asked for, or the fastest. */
  Engine engine() {
    return name == null ? Engines.best() : Engines.named(name);
  }

  /** How many threads; 0 for all processors. */
  int threads() {
    if (threads < 0 || threads > 4096) {
      throw new InputException("--threads must be 0 (all) to 4096, was " + threads);
    }
    return threads;
  }
}
