package dev.depthwise.cli;

import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Names;
import dev.depthwise.network.Network;
import dev.depthwise.training.RunDirectory;
import dev.depthwise.vision.Data;
import dev.depthwise.weights.ModelDirectory;
import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.Request;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The models that a person may name: those in directories, and the architectures of the zoo. */
final class Models {
  /** The network that comes with the program, in its folder. */
  static final Path SHIPPED = Path.of("models", "fashion-resnet");

  private Models() {}

  /** Where the network that comes with the program is, if it is there. */
  static Optional<Path> shipped() {
    return Optional.ofNullable(System.getProperty(Data.HOME_PROPERTY))
        .map(home -> Path.of(home).resolve(SHIPPED))
        .filter(ModelDirectory::isModelDirectory);
  }

  /**
   * The network that comes with the program.
   *
   * @throws InputException if it is not there
   */
  static Path requireShipped() {
    return shipped()
        .orElseThrow(
            () ->
                new InputException(
                    "the network that comes with the program is not there (%s); name a model"
                            .formatted(SHIPPED)
                        + " directory, such as depthwise train makes"));
  }

  /** Whether a directory holds a model, or a run that has made one. */
  static boolean isModel(Path directory) {
    return Files.isDirectory(directory)
        && ModelDirectory.isModelDirectory(RunDirectory.model(directory));
  }

  /**
   * Reads a model directory, or the model of a run.
   *
   * @throws InputException if it is none
   */
  static Network read(Path directory) {
    return ModelDirectory.read(RunDirectory.model(directory));
  }

  /**
   * An architecture with weights of a file, which may be of the network with its top or its
   * auxiliary heads.
   *
   * @throws InputException if they do not fit, naming all that does not
   */
  static Model read(Path weights, Architecture architecture, Options options) {
    return read(WeightFiles.open(weights), architecture, options);
  }

  /** The same of a file that is open already. */
  static Model read(NamedTensors weights, Architecture architecture, Options options) {
    Graph graph = architecture.graph(options);
    Request request =
        Request.of(graph)
            .within(architecture.whole(options))
            .renaming(architecture.today(architecture.style(options)));
    return new Model(graph, WeightFiles.select(weights, request));
  }

  /** The directory that a name means, if it means one rather than an architecture. */
  static Optional<Path> directory(String name) {
    Path path = path(name);
    boolean architecture =
        Zoo.architectures().stream()
            .anyMatch(known -> known.id().equals(name.toLowerCase(Locale.ROOT)));
    boolean looksLikeOne = name.contains("/") || name.contains("\\") || name.startsWith(".");
    return !architecture && (looksLikeOne || Files.exists(path))
        ? Optional.of(path)
        : Optional.empty();
  }

  /**
   * The architecture of a name.
   *
   * @throws InputException if there is none
   */
  static Architecture architecture(String name) {
    List<String> known = Zoo.architectures().stream().map(Architecture::id).toList();
    if (!known.contains(name.toLowerCase(Locale.ROOT))) {
      throw new InputException(
          "there is no model '%s', and no such directory; %s (depthwise models lists all)"
              .formatted(name, Names.suggest(name, known)));
    }
    return Zoo.find(name);
  }

  /**
   * A path as a person wrote it.
   *
   * @throws InputException if no file can have that name
   */
  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new InputException("'%s' is no path: %s".formatted(text, e.getReason()), e);
    }
  }
}
