package dev.depthwise.interchange;

import dev.depthwise.network.Flatten.Order;
import dev.depthwise.network.Value;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What flows along an edge of the model that is read: a value of the graph, and the extent that the
 * other library gives it.
 *
 * <p>Here every value is a picture as long as possible, a vector one of a single place; what the
 * other library only reshapes stays as it is.
 *
 * @param value in the graph
 * @param dimensions without the batch, in the order of the other library
 * @param order where the other library has the channels of a picture
 */
record Flow(Value value, List<Integer> dimensions, Order order) {
  Flow {
    dimensions = List.copyOf(dimensions);
  }

  /** The same elements with other dimensions. */
  Flow reshaped(List<Integer> other) {
    return new Flow(value, other, order);
  }

  /** What was made of it without a change of its dimensions. */
  Flow with(Value other) {
    return new Flow(other, dimensions, order);
  }

  /** The number of elements. */
  int size() {
    return value.shape().size();
  }

  /** Where its channels are, if it is a picture. */
  int channelAxis() {
    return order == Order.HWC ? dimensions.size() - 1 : 0;
  }

  /** The dimensions as a message shows them. */
  String extent() {
    return dimensions.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
