package dev.depthwise.interchange;

import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.weights.Arrangement;
import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.StoredTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The weights of a Keras file, by the path of their layer.
 *
 * @param tensors of the file
 */
record KerasWeights(NamedTensors tensors) {
  /** Whether a layer has a weight of one of these names. */
  boolean has(List<String> path, String... names) {
    return find(path, names).isPresent();
  }

  /**
   * A weight, read when it is asked for.
   *
   * @param dimensions that it must have; axes of one element may be there or not
   * @param parameter the shape that it gets
   * @param names that it may have
   * @throws Unsupported if there is none, or it has another shape
   */
  Supplier<Tensor> get(
      List<String> path,
      List<Integer> dimensions,
      Arrangement arrangement,
      Shape parameter,
      String... names) {
    StoredTensor tensor =
        find(path, names)
            .orElseThrow(
                () ->
                    new Unsupported(
                        "has no weight %s in the file".formatted(String.join(" or ", names))));
    if (!withoutOnes(tensor.dimensions())
        .equals(withoutOnes(dimensions.stream().map(Integer::longValue).toList()))) {
      throw new Unsupported(
          "has a weight %s of %s, should be %s"
              .formatted(names[0], tensor.extent(), new Shape(dimensions)));
    }
    return () -> arrangement.fromFile(tensor, parameter);
  }

  /** A weight whose elements lie in an order of their own. */
  Supplier<Tensor> get(
      List<String> path, Arrangement arrangement, Shape parameter, String... names) {
    return get(path, arrangement.shape().dimensions(), arrangement, parameter, names);
  }

  /** A weight with one number for each channel. */
  Supplier<Tensor> get(List<String> path, int channels, String... names) {
    Shape shape = Shape.of(channels);
    return get(path, Arrangement.asHere(shape), shape, names);
  }

  private static List<Long> withoutOnes(List<Long> dimensions) {
    return dimensions.stream().filter(dimension -> dimension != 1).toList();
  }

  private Optional<StoredTensor> find(List<String> path, String... names) {
    List<String> layers = new ArrayList<>();
    layers.add(String.join("/", path));
    if (path.size() > 1) {
      // In .h5, a model's weights stand under its own name and that of their layer, or, of a model
      // with a single such layer, under its own.
      layers.add(path.get(0) + "/" + path.get(path.size() - 1));
      layers.add(path.get(0));
    }
    for (String layer : layers) {
      for (String name : names) {
        StoredTensor tensor = tensors.tensors().get(layer + "/" + name);
        if (tensor != null) {
          return Optional.of(tensor);
        }
      }
    }
    return Optional.empty();
  }
}
