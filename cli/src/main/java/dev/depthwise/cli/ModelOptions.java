package dev.depthwise.cli;

import dev.depthwise.catalogue.PublishedWeights;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.ImageNet;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Pooling;
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
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "A model directory or a run; or an architecture (with --weights).")
  @Nullable String model;

  @Mixin private final WeightsOptions weights = new WeightsOptions();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "The names of the classes: a file of one a line, a class index of Keras (.json), or keras for"
              + " the published one (default: the model's; of 1000 classes, ImageNet's).")
  @Nullable String labels;

  @Mixin final NetworkOptions zoo = new NetworkOptions();

  /**
   * A network and what a person calls it.
   *
   * @param name the directory, or the architecture's id
   * @param published what is known about its weights, if they are published ones
   */
  record Named(String name, Network network, Optional<PublishedWeights> published) {
    Named withNetwork(Network other) {
      return new Named(name, other, published);
    }
  }

  /**
   * The network that is meant: the option's, or a model directory that stands before the pictures
   * and is taken away from them, or the one that is shipped.
   *
   * @param paths the arguments
   * @param features whether an architecture is to end in pooled features, unless a choice was made
   * @param screen shows how published weights come, if a mirror was named
   */
  Named network(List<Path> paths, boolean features, Screen screen) {
    if (model != null && Models.directory(model).isEmpty()) {
      return labelled(ofArchitecture(Models.architecture(model), features, screen), screen);
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
    return labelled(ofDirectory(directory), screen);
  }

  /**
   * The network that is meant, with its classifier: the option's, or the argument's, or the one
   * that is shipped.
   *
   * @param argument a model directory or an architecture; null if there is none
   * @param screen shows how published weights come, if a mirror was named
   * @throws InputException if there are an option and an argument
   */
  Named network(@Nullable String argument, Screen screen) {
    if (model != null && argument != null) {
      throw new InputException(
          "the model is given twice, as '%s' and as --model %s".formatted(argument, model));
    }
    zoo.requireTop();
    String name = argument == null ? model : argument;
    if (name == null) {
      return labelled(ofDirectory(Models.requireShipped()), screen);
    }
    return labelled(
        Models.directory(name)
            .map(this::ofDirectory)
            .orElseGet(() -> ofArchitecture(Models.architecture(name), false, screen)),
        screen);
  }

  private Named labelled(Named named, Screen screen) {
    if (labels == null) {
      return named;
    }
    Path file = labels.equalsIgnoreCase("keras") ? weights.classIndex(screen) : Models.path(labels);
    return named.withNetwork(labelled(named.network(), file));
  }

  private Named ofDirectory(Path directory) {
    zoo.refuse(directory.toString());
    weights.refuse(directory.toString());
    return new Named(directory.toString(), Models.read(directory), Optional.empty());
  }

  private Named ofArchitecture(Architecture architecture, boolean features, Screen screen) {
    Options chosen = zoo.options();
    Options options =
        features && chosen.top() && chosen.classes().isEmpty()
            ? chosen.withoutTop(Pooling.AVG)
            : chosen;
    WeightsOptions.Chosen set = weights.chosen(architecture, options, screen);
    Preprocessing preprocessing =
        set.preprocessing(architecture)
            .orElseThrow(
                () ->
                    new InputException(
                        "how to prepare pictures for %s is not known; a model directory says it"
                            .formatted(architecture.id())));
    Model read = Models.read(set.file(), architecture, set.options());
    Network network = Network.of(read, preprocessing);
    boolean imageNet = read.graph().output().shape().size() == ImageNet.CLASSES && options.top();
    return new Named(
        architecture.id(),
        imageNet ? network.withLabels(ImageNet.labels()) : network,
        set.known(architecture));
  }

  /**
   * A network whose classes have the names in a file, one in a line.
   *
   * @throws InputException if the file cannot be read, or has another number of them
   */
  static Network labelled(Network network, Path file) {
    List<String> names = Labels.read(file);
    int classes = network.model().graph().output().shape().size();
    if (names.size() != classes) {
      throw new InputException(
          "%s: has %d names, but the network tells %d classes apart"
              .formatted(file, names.size(), classes));
    }
    return network.withLabels(names);
  }
}
