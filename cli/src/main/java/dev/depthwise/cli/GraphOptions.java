package dev.depthwise.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which network is looked at without its weights: an architecture, or that of a directory. */
final class GraphOptions {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "An architecture (see depthwise models) or a model directory.")
  @Nullable String model;

  @Mixin final NetworkOptions network = new NetworkOptions();

  /**
   * The network of a name, as the options want it.
   *
   * @throws dev.depthwise.network.InputException if there is none, or a choice does not fit
   */
  NamedGraph graph(String name) {
    return Models.directory(name)
        .map(
            directory -> {
              network.refuse(name);
              return NamedGraph.ofDirectory(name, directory);
            })
        .orElseGet(() -> NamedGraph.of(Models.architecture(name), network.options()));
  }
}
