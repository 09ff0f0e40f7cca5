package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.util.List;

/** Elements that do not lie in row-major order. */
final class Strided {
  private Strided() {}

  /**
   * The number of elements from the first to the last one, with all that lie between.
   *
   * @param size the extent
   * @param strides from one element to the next along each dimension, in elements, 0 or more
   */
  static long span(List<Long> size, List<Long> strides) {
    if (size.contains(0L)) {
      return 0;
    }
    long span = 1;
    for (int axis = 0; axis < size.size(); axis++) {
      span += (size.get(axis) - 1) * strides.get(axis);
    }
    return span;
  }

  /**
   * The elements in row-major order: the source itself, if they lie so.
   *
   * @param source begins at the first element; its byte order is kept
   */
  static ByteBuffer rowMajor(
      ByteBuffer source, int elementBytes, List<Long> size, List<Long> strides) {
    long count = 1;
    boolean contiguous = true;
    for (int axis = size.size() - 1; axis >= 0; axis--) {
      contiguous &= size.get(axis) == 1 || strides.get(axis) == count;
      count *= size.get(axis);
    }
    if (contiguous || count == 0) {
      return source;
    }
    byte[] result = new byte[Math.toIntExact(count * elementBytes)];
    int rank = size.size();
    long[] index = new long[rank];
    long element = 0;
    for (int at = 0; at < result.length; at += elementBytes) {
      source.get((int) (element * elementBytes), result, at, elementBytes);
      for (int axis = rank - 1; axis >= 0; axis--) {
        element += strides.get(axis);
        index[axis]++;
        if (index[axis] < size.get(axis)) {
          break;
        }
        element -= strides.get(axis) * index[axis];
        index[axis] = 0;
      }
    }
    return ByteBuffer.wrap(result).order(source.order());
  }
}
