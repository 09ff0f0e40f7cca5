package dev.depthwise.network;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The extent of a tensor in each dimension, outermost first.
 *
 * <p>Values of a {@link Graph} leave the batch out: a picture is {@code 3x224x224} (channels,
 * height, width), a vector of features is {@code 1000}. Parameters use the same type: a
 * convolution's kernel is {@code 64x3x7x7} (out, in / groups, height, width).
 *
 * @param dimensions each at least 1; their product fits an {@code int}
 */
public record Shape(List<Integer> dimensions) {
  public Shape {
    dimensions = List.copyOf(dimensions);
    long size = 1;
    for (int dimension : dimensions) {
      if (dimension < 1) {
        throw new IllegalArgumentException(
            "a dimension must be at least 1, was " + dimension + " in " + dimensions);
      }
      size *= dimension;
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a tensor of shape " + dimensions + " is too large");
      }
    }
  }

  /** A shape of the given dimensions; none gives a scalar. */
  public static Shape of(int... dimensions) {
    return new Shape(java.util.Arrays.stream(dimensions).boxed().toList());
  }

  /** The number of dimensions. */
  public int rank() {
    return dimensions.size();
  }

  /** The extent of one dimension. */
  public int dimension(int index) {
    return dimensions.get(index);
  }

  /** The number of elements. */
  public int size() {
    int size = 1;
    for (int dimension : dimensions) {
      size *= dimension;
    }
    return size;
  }

  /** Whether this is channels x height x width. */
  public boolean isPicture() {
    return rank() == 3;
  }

  /** Channels of a picture, or the length of a vector. */
  public int channels() {
    return dimension(0);
  }

  /** Height of a picture; 1 for a vector. */
  public int height() {
    return isPicture() ? dimension(1) : 1;
  }

  /** Width of a picture; 1 for a vector. */
  public int width() {
    return isPicture() ? dimension(2) : 1;
  }

  /** This picture's extent with other channels. */
  public Shape withChannels(int channels) {
    return of(channels, dimension(1), dimension(2));
  }

  @Override
  public String toString() {
    return rank() == 0
        ? "scalar"
        : dimensions.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
