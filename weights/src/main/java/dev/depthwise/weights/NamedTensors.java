package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import dev.depthwise.network.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tensors of a file by name.
 *
 * @param file where they are
 * @param tensors in the order of the file
 * @param metadata what else the file says
 */
public record NamedTensors(
    Path file, Map<String, StoredTensor> tensors, Map<String, String> metadata) {
  public NamedTensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads one tensor, rounded to float32.
   *
   * @throws InputException if there is none of that name, or it cannot be read
   */
  public Tensor read(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw InputFile.fault(
          file,
          "has no tensor %s; %s"
              .formatted(Text.quote(name), Text.clean(Names.suggest(name, tensors.keySet()))));
    }
    return tensor.read();
  }
}
