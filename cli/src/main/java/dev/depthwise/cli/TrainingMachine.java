package dev.depthwise.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What computes a training, and in how much memory. */
final class TrainingMachine extends EngineOptions {
  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "How much a training may hold besides Java's heap, like 2g or 1500m; what does not fit is"
              + " computed twice: slower, and the same to the bit (default: as much as it needs).")
  @Nullable String memory;

  /** The bytes that a training may hold; 0 for as many as it needs. */
  long memory() {
    return memory == null ? 0 : MemorySize.parse(memory);
  }
}
