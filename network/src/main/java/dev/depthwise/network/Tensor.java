package dev.depthwise.network;

import java.nio.FloatBuffer;

/**
 * Immutable float32 numbers with a shape, row-major (the last dimension is contiguous).
 *
 * <p>The numbers may lie on the heap, outside of it, or in a mapped file; whoever makes a tensor of
 * a buffer must not write to it afterwards.
 *
 * @param shape its {@link Shape#size()} is the number of values
 * @param values read only, from position 0; every call of the accessor gives a view of its own
 */
public record Tensor(Shape shape, FloatBuffer values) {
  public Tensor {
    if (values.remaining() != shape.size()) {
      throw new IllegalArgumentException(
          "shape %s needs %d values, got %d".formatted(shape, shape.size(), values.remaining()));
    }
    values = values.slice().asReadOnlyBuffer();
  }

  /** A tensor over an array, which must not be written to afterwards. */
  public static Tensor of(Shape shape, float... values) {
    return new Tensor(shape, FloatBuffer.wrap(values));
  }

  /** A tensor whose every value is the same. */
  public static Tensor filled(Shape shape, float value) {
    float[] values = new float[shape.size()];
    java.util.Arrays.fill(values, value);
    return of(shape, values);
  }

  @Override
  public FloatBuffer values() {
    return values.duplicate();
  }

  /** A copy of the values. */
  public float[] toArray() {
    float[] array = new float[shape.size()];
    values().get(array);
    return array;
  }

  @Override
  public String toString() {
    return "Tensor[" + shape + "]";
  }
}
