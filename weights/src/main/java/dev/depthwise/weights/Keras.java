package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Weights as Keras saves them: {@code .h5} of Keras 2 (weights, or a whole model), {@code
 * .weights.h5} and {@code .keras} of Keras 3. A tensor is called {@code LAYER/WEIGHT}; its elements
 * stand as Keras has them.
 */
final class Keras {
  /** The key under which the metadata holds the configuration of the model, as JSON. */
  static final String CONFIG = "model_config";

  private Keras() {}

  /**
   * Reads which tensors an HDF5 file holds; their elements are read when they are asked for.
   *
   * @throws InputException naming the file and what is wrong with it
   */
  static NamedTensors read(Path path) {
    try (InputFile file = InputFile.open(path)) {
      return read(path, file, () -> InputFile.open(path), Optional.empty());
    }
  }

  /**
   * The same for a file that is open.
   *
   * @param opener opens it again
   * @param config of the model, if it stands outside of the file
   */
  static NamedTensors read(
      Path path, InputFile file, InputFile.Opener opener, Optional<KerasConfig.Layer> config) {
    KerasTensors tensors = new KerasTensors(path, opener);
    Map<String, String> metadata = new LinkedHashMap<>(Naming.KERAS.metadata());
    guarded(
        file,
        () -> {
          read(file, config, tensors, metadata);
          return tensors;
        });
    return new NamedTensors(path, tensors.byName(), metadata);
  }

  /**
   * Does something with the structure of a file. Every part of it is a buffer of its own, whose
   * bounds are the test of what stands in it.
   */
  static <T> T guarded(InputFile file, Supplier<T> work) {
    try {
      return work.get();
    } catch (IndexOutOfBoundsException
        | BufferUnderflowException
        | IllegalArgumentException
        | ArithmeticException e) {
      throw file.fault("its structure is broken: a part is shorter than it should be", e);
    }
  }

  private static void read(
      InputFile file,
      Optional<KerasConfig.Layer> config,
      KerasTensors tensors,
      Map<String, String> metadata) {
    Hdf5Group root = Hdf5Group.root(Hdf5File.open(file));
    Hdf5Attributes attributes = Hdf5Attributes.of(root.object());
    Optional<String> ownConfig = attributes.text(CONFIG);
    ownConfig.ifPresent(text -> metadata.put(CONFIG, text));
    Optional<KerasConfig.Layer> model =
        config.or(() -> ownConfig.map(text -> KerasConfig.read(file, bytes(file, text))));
    Hdf5Group weights = root.group("model_weights").orElse(root);
    Hdf5Attributes described = Hdf5Attributes.of(weights.object());
    for (String key : List.of("backend", "keras_version")) {
      attributes.text(key).or(() -> described.text(key)).ifPresent(v -> metadata.put(key, v));
    }
    if (!Keras2.read(weights, tensors) && !Keras3.read(root, model, tensors)) {
      throw file.fault(
          "is an HDF5 file, but none of Keras': it has neither the attribute layer_names nor a"
              + " group 'layers'");
    }
  }

  private static byte[] bytes(InputFile file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > KerasConfig.LONGEST) {
      throw file.fault(
          "its configuration has %d bytes; at most %d are read"
              .formatted(bytes.length, KerasConfig.LONGEST));
    }
    return bytes;
  }
}
