package dev.depthwise.interchange;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.Text;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.weights.WriteException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Whole models in files of other libraries: what they compute, and their weights.
 *
 * <p>Keras' {@code .keras} and {@code .h5} are read, of Keras 2, tf.keras and Keras 3, and ONNX'
 * {@code .onnx}. Nothing that stands in a file is run.
 */
public final class ModelFiles {
  private static final int MOST_LISTED = 50;

  private ModelFiles() {}

  /**
   * Reads a model whose file says the size of its pictures; their samples go into it as they are.
   *
   * @throws InputException if the file cannot be read, or naming all that it has and Depthwise
   *     lacks
   */
  public static Network read(Path file) {
    return read(file, Reading.usual());
  }

  /**
   * Reads a model.
   *
   * @param reading what the file does not say
   * @throws InputException if the file cannot be read, or naming all that it has and Depthwise
   *     lacks
   */
  public static Network read(Path file, Reading reading) {
    NamedTensors tensors = WeightFiles.open(file);
    return switch (tensors.metadata().getOrDefault("format", "")) {
      case "keras" -> KerasReader.read(tensors, reading);
      case "onnx" -> OnnxReader.read(file, reading);
      default ->
          throw new InputException(
              file
                  + ": holds weights, but not the network that they are of; models in .keras and"
                  + " .h5 can be read (weights alone: --model NAME --weights FILE)");
    };
  }

  /**
   * Writes a model in ONNX' operators (version 17) as it is used: what only training needs is left
   * out. It takes pictures of floats, any number x channels x height x width, its weights have the
   * names that Depthwise's own files give them.
   *
   * @param name of the graph
   * @throws InputException naming an operation that ONNX cannot express, or if the file would be
   *     larger than 2 GiB
   * @throws WriteException if the file could not be written; an older one is unharmed then
   */
  public static void writeOnnx(Path file, Model model, String name) {
    OnnxExport.write(file, model, name, Map.of());
  }

  /**
   * Writes a whole model of Keras to an {@code .h5} file, which Keras 2 and 3 load ({@code
   * load_model}). It takes pictures of floats, any number x height x width x channels.
   *
   * @param name of the model
   * @throws InputException naming all operations that Keras has no layer for
   * @throws WriteException if the file could not be written; an older one is unharmed then
   */
  public static void writeKeras(Path file, Model model, String name) {
    KerasExport.write(file, model, name);
  }

  /**
   * A side of the pictures that a model takes.
   *
   * @param said by the file, in pixels
   * @param given by whoever reads it
   */
  static int side(Path file, String what, OptionalInt said, OptionalInt given) {
    if (said.isEmpty()) {
      return given.orElseThrow(
          () ->
              new InputException(
                  file + ": takes pictures of any size; say which (--size HEIGHTxWIDTH)"));
    }
    if (given.isPresent() && given.getAsInt() != said.getAsInt()) {
      throw new InputException(
          "%s: takes pictures with a %s of %d, not %d"
              .formatted(file, what, said.getAsInt(), given.getAsInt()));
    }
    return said.getAsInt();
  }

  /** The model that a sketch became. */
  static Model finish(Path file, Sketch sketch, Map<String, Flow> outputs) {
    try {
      return sketch.finish(outputs);
    } catch (Unsupported e) {
      throw new InputException("%s: its output %s".formatted(file, Text.line(e)), e);
    }
  }

  /** The fault of a file with parts that cannot be expressed here. */
  static InputException unsupported(Path file, List<String> faults) {
    List<String> listed = faults.subList(0, Math.min(MOST_LISTED, faults.size()));
    return new InputException(
        "%s: %d of its layers cannot be read: %s%s"
            .formatted(
                file,
                faults.size(),
                String.join("; ", listed),
                faults.size() > MOST_LISTED ? "; ..." : ""));
  }
}
