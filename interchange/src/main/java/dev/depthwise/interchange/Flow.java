package dev.depthwise.interchange;

import dev.depthwise.network.Value;
import java.util.List;

/**
 * What flows along an edge of the model that is read: a value of the graph, and the extent that the
 * other library gives it.
 *
 * <p>Here every value is a picture as long as possible, a vector one of a single place; what the
 * other library only reshapes stays as it is.
 *
 * @param value in the graph
 * @param dimensions without the batch, in the order of the other library
 */
record Flow(Value value, List<Integer> dimensions) {
  Flow {
    dimensions = List.copyOf(dimensions);
  }

  /** The same elements with other dimensions. */
  Flow reshaped(List<Integer> other) {
    return new Flow(value, other);
  }

  /** The number of elements. */
  int size() {
    return value.shape().size();
  }

  /** The dimensions as a message shows them. */
  String extent() {
    return dimensions.stream()
        .map(String::valueOf)
        .collect(java.util.stream.Collectors.joining("x"));
  }
}
