package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.ImageNet;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which network looks at pictures: a model directory, or an architecture with a file of weights.
 */
final class ModelOptions {
  private static final long LARGEST_LABELS = 16 << 20;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "A model directory or a run; or an architecture (with --weights).")
  @Nullable String model;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "An architecture's weights under the names of its style; pictures are then prepared as for"
              + " the published weights of that style.")
  @Nullable String weights;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "The names of the classes, one a line (default: the model's; of 1000 classes, ImageNet's).")
  @Nullable String labels;

  @Mixin final ZooOptions zoo = new ZooOptions();

  /**
   * A network and what a person calls it.
   *
   * @param name the directory, or the architecture's id
   */
  record Named(String name, Network network) {}

  /**
   * The network that is meant: the option's, or a model directory that stands before the pictures
   * and is taken away from them, or the one that is shipped.
   *
   * @param paths the arguments
   * @param features whether an architecture is to end in pooled features, unless a choice was made
   */
  Named network(List<Path> paths, boolean features) {
    Named named = unlabelled(paths, features);
    return labels == null
        ? named
        : new Named(named.name(), labelled(named.network(), Models.path(labels)));
  }

  private Named unlabelled(List<Path> paths, boolean features) {
    if (model != null && Models.directory(model).isEmpty()) {
      return new Named(model, ofArchitecture(Models.architecture(model), features));
    }
    Path directory;
    if (model != null) {
      directory = Models.path(model);
    } else if (!paths.isEmpty() && Models.isModel(paths.get(0))) {
      directory = paths.remove(0);
    } else {
      directory = Models.requireShipped();
    }
    if (paths.isEmpty()) {
      throw new InputException(
          "%s is the model; needs pictures too, such as data/pictures".formatted(directory));
    }
    zoo.refuse(directory.toString());
    if (weights != null) {
      throw new InputException(directory + " holds a whole model: leave out --weights");
    }
    return new Named(directory.toString(), Models.read(directory));
  }

  private Network ofArchitecture(Architecture architecture, boolean features) {
    if (weights == null) {
      throw new InputException(
          "%s is an architecture: needs --weights FILE".formatted(architecture.id()));
    }
    Options chosen = zoo.options(Optional.empty());
    Options options =
        features && chosen.top() && chosen.classes().isEmpty()
            ? chosen.withoutTop(Pooling.AVG)
            : chosen;
    Preprocessing preprocessing =
        architecture
            .preprocessing(options)
            .orElseThrow(
                () ->
                    new InputException(
                        "how to prepare pictures for %s is not known; a model directory says it"
                            .formatted(architecture.id())));
    Model read = Models.read(Models.path(weights), architecture, options);
    Network network = Network.of(read, preprocessing);
    boolean imageNet = read.graph().output().shape().size() == ImageNet.CLASSES && options.top();
    return imageNet ? network.withLabels(ImageNet.labels()) : network;
  }

  private static Network labelled(Network network, Path file) {
    List<String> lines;
    try {
      if (Files.size(file) > LARGEST_LABELS) {
        throw new InputException(file + ": is too large for a list of names");
      }
      lines = Files.readAllLines(file).stream().map(String::strip).toList();
    } catch (IOException e) {
      throw new InputException("%s: %s".formatted(file, Failures.message(e)), e);
    }
    // A file may end in empty lines; a class has a name.
    int count = lines.size();
    while (count > 0 && lines.get(count - 1).isEmpty()) {
      count--;
    }
    int classes = network.model().graph().output().shape().size();
    if (count != classes) {
      throw new InputException(
          "%s: has %d names, but the network tells %d classes apart"
              .formatted(file, count, classes));
    }
    return network.withLabels(lines.subList(0, count));
  }
}
