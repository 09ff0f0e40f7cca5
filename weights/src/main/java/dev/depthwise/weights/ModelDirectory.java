package dev.depthwise.weights;

import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * The directory that every command makes and takes: {@code model.json} says what the model is,
 * {@code weights.safetensors} holds its numbers.
 *
 * <p>The description holds the SHA-256 of the weights, so that damage does not pass for a model.
 */
public final class ModelDirectory {
  /** The file that describes the model. */
  public static final String MODEL_FILE = "model.json";

  /** The file of its weights. */
  public static final String WEIGHTS_FILE = "weights.safetensors";

  private ModelDirectory() {}

  /** Whether there is a directory that says it is a model. */
  public static boolean isModelDirectory(Path directory) {
    return Files.isRegularFile(directory.resolve(MODEL_FILE));
  }

  /**
   * Reads a model; other files in its directory do not matter.
   *
   * @throws InputException naming the file and what is wrong with it
   */
  public static Network read(Path directory) {
    if (!Files.exists(directory)) {
      throw InputFile.fault(directory, "there is no such model directory");
    }
    if (!isModelDirectory(directory)) {
      throw InputFile.fault(
          directory,
          Files.isDirectory(directory)
              ? "is no model directory: it has no " + MODEL_FILE
              : "is a file; a model directory is expected");
    }
    Path modelFile = directory.resolve(MODEL_FILE);
    ModelJson json = ModelJson.read(modelFile);
    Graph graph = json.graph(modelFile);
    Path weightsFile = directory.resolve(WEIGHTS_FILE);
    String sha256 = sha256(weightsFile);
    if (!sha256.equals(json.weights().sha256())) {
      throw InputFile.fault(
          weightsFile,
          "is not the file that %s was written with, or it is damaged (SHA-256 %s)"
              .formatted(MODEL_FILE, sha256));
    }
    Weights weights = WeightFiles.read(weightsFile, graph);
    try {
      return new Network(
          new Model(graph, weights),
          json.preprocessing(),
          json.labels(),
          json.provenance(),
          json.metrics());
    } catch (IllegalArgumentException e) {
      throw new InputException(modelFile + ": " + Text.line(e), e);
    }
  }

  /**
   * Writes a model, which appears whole or not at all.
   *
   * @param replace whether a model that is there already may be replaced
   * @throws InputException if there is something already that may not be replaced
   * @throws WriteException if it could not be written; an older model is unharmed then
   */
  public static void write(Path directory, Network network, boolean replace) {
    Publish.Writer writer = temporary -> writeInto(temporary, network);
    if (replace) {
      Publish.replaceDirectory(directory, Set.of(MODEL_FILE, WEIGHTS_FILE), writer);
    } else {
      Publish.newDirectory(directory, writer);
    }
  }

  /**
   * Writes the files of a model into a directory that is about to be published with others (see
   * {@link Publish}).
   */
  public static void writeInto(Path directory, Network network) throws IOException {
    Path weightsFile = directory.resolve(WEIGHTS_FILE);
    WeightFiles.write(weightsFile, network.model(), Naming.DEPTHWISE);
    Files.write(
        directory.resolve(MODEL_FILE),
        ModelJson.of(network, sha256(weightsFile)).bytes(),
        StandardOpenOption.CREATE_NEW);
  }

  private static String sha256(Path path) {
    try (InputFile file = InputFile.open(path)) {
      return file.sha256();
    }
  }
}
