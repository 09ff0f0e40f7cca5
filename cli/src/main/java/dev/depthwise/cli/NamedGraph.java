package dev.depthwise.cli;

import dev.depthwise.network.Graph;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A network without its weights, and what a person calls it.
 *
 * @param id the architecture's, or the name of the model directory
 * @param origin whence in the zoo it is; nothing for a model directory
 */
record NamedGraph(String id, Optional<Origin> origin, Graph graph) {
  /** Whence in the zoo a network is. */
  record Origin(Architecture architecture, Style style) {}

  /** Of a model directory, or a run. */
  static NamedGraph ofDirectory(String name, Path directory) {
    return new NamedGraph(name, Optional.empty(), Models.read(directory).model().graph());
  }

  /** Of the zoo. */
  static NamedGraph of(Architecture architecture, Options options) {
    return new NamedGraph(
        architecture.id(),
        Optional.of(new Origin(architecture, architecture.style(options))),
        architecture.graph(options));
  }

  /** The id with the style behind, such as {@code resnet50 (keras)}. */
  String title() {
    return origin.map(from -> "%s (%s)".formatted(id, from.style())).orElse(id);
  }
}
