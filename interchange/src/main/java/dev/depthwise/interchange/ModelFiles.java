package dev.depthwise.interchange;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.WeightFiles;
import java.nio.file.Path;
import java.util.List;

/**
 * Whole models in files of other libraries: what they compute, and their weights.
 *
 * <p>Keras' {@code .keras} and {@code .h5} are read, of Keras 2, tf.keras and Keras 3. Nothing that
 * stands in a file is run.
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
      default ->
          throw new InputException(
              file
                  + ": holds weights, but not the network that they are of; models in .keras and"
                  + " .h5 can be read (weights alone: --model NAME --weights FILE)");
    };
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
