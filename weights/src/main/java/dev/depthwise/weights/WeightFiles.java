package dev.depthwise.weights;

import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Parameter;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Weights in files of any format that is known. */
public final class WeightFiles {
  private WeightFiles() {}

  /**
   * Reads the tensors of a file.
   *
   * @throws InputException if its format is not known, or it is broken
   */
  public static NamedTensors open(Path file) {
    return Format.of(file).reader().apply(file);
  }

  /**
   * Reads the weights of a network: all of its parameters and nothing else. Whose names the file
   * uses, it says itself; of one that does not say, the naming is taken that fits best.
   *
   * @throws InputException if the file cannot be read, or naming what does not fit the network
   */
  public static Weights read(Path file, Graph graph) {
    return read(file, Request.of(graph));
  }

  /**
   * Reads the weights that are asked for.
   *
   * @throws InputException if the file cannot be read, or naming all that does not fit
   */
  public static Weights read(Path file, Request request) {
    return select(open(file), request);
  }

  /**
   * Picks the weights that are asked for from a file's tensors.
   *
   * @throws InputException naming all that is missing, unexpected or of another shape; nothing is
   *     read before everything is known to fit
   */
  public static Weights select(NamedTensors tensors, Request request) {
    return Matching.of(tensors, request).weights();
  }

  /**
   * Writes the weights of a network, in the order in which whoever has the naming lists its layers.
   *
   * @throws InputException if the format is not known, or if they are not of this network
   * @throws WriteException if the file could not be written; an older one is unharmed then
   */
  public static void write(Path file, Model model, Naming naming) {
    Format.Writer writer = Format.writer(file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Node node : naming.order(model.graph())) {
      for (Parameter parameter : node.parameters()) {
        tensors.put(
            naming.names(node, parameter.role()).get(0),
            naming
                .arrangement(node, parameter)
                .toFile(model.weights().get(node.name(), parameter.role())));
      }
      tensors.putAll(naming.besides(node));
    }
    writer.write(file, tensors, naming.metadata());
  }

  /**
   * Writes a whole model of Keras to an {@code .h5} file.
   *
   * @param configuration what it computes, in Keras' JSON
   * @param tensors called {@code LAYER/WEIGHT}, in the order of Keras' layers, laid out as Keras
   *     does
   * @throws InputException if a name is of another form
   * @throws WriteException if the file could not be written; an older one is unharmed then
   */
  public static void writeKeras(Path file, String configuration, Map<String, Tensor> tensors) {
    Keras2Writer.write(file, tensors, Optional.of(configuration));
  }

  /**
   * Writes tensors as float32 under their names, in the order of the map.
   *
   * @param metadata what the file should say besides, if its format has a place for it
   * @throws InputException if the format is not known or cannot hold these names
   * @throws WriteException if the file could not be written; an older one is unharmed then
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    Format.writer(file).write(file, tensors, metadata);
  }
}
