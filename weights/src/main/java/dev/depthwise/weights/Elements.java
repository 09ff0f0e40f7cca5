package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The elements of a tensor in a file, row-major from the first to the last, in as many parts as
 * suit who reads them: so that a large tensor need not be there twice where its axes change their
 * order.
 */
@FunctionalInterface
public interface Elements {
  /**
   * Hands over all elements.
   *
   * @param parts takes one or more whole elements at a time, from the position of the buffer to its
   *     limit and in its byte order; only a part that holds all elements may be kept
   */
  void read(Consumer<ByteBuffer> parts);
}
