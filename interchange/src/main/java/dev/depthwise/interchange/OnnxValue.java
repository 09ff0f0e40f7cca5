package dev.depthwise.interchange;

import dev.depthwise.network.Value;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a value of an ONNX graph is while the graph is read. */
sealed interface OnnxValue {
  /** What it is, for messages. */
  String extent();

  /**
   * Something that depends on the picture.
   *
   * @param flow its dimensions without the first, which is that of the batch
   */
  record Traced(Flow flow) implements OnnxValue {
    @Override
    public String extent() {
      return flow.extent();
    }
  }

  /**
   * Integers that are known: extents, axes, indexes.
   *
   * @param dimensions none for a single number
   */
  record Integers(List<Integer> dimensions, List<Long> values) implements OnnxValue {
    public Integers {
      dimensions = List.copyOf(dimensions);
      values = List.copyOf(values);
    }

    /** Integers of these dimensions. */
    static Integers of(List<Integer> dimensions, long... values) {
      return new Integers(dimensions, Arrays.stream(values).boxed().toList());
    }

    /** A list of integers. */
    static Integers of(long... values) {
      return of(List.of(values.length), values);
    }

    long[] array() {
      return values.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public String extent() {
      return values.toString();
    }
  }

  /**
   * Numbers that are known: weights, constants. They are read when somebody needs them.
   *
   * @param dimensions none for a single number
   * @param values row-major
   */
  record Numbers(List<Integer> dimensions, Supplier<FloatBuffer> values) implements OnnxValue {
    public Numbers {
      dimensions = List.copyOf(dimensions);
    }

    /** Numbers that were computed. */
    static Numbers of(List<Integer> dimensions, float... values) {
      return new Numbers(dimensions, () -> FloatBuffer.wrap(values));
    }

    /** A copy of the values. */
    float[] array() {
      float[] array = new float[size()];
      values.get().get(array);
      return array;
    }

    int size() {
      return dimensions.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }

    @Override
    public String extent() {
      return dimensions.isEmpty()
          ? "a number"
          : dimensions.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
  }

  /**
   * A step on the way to a function that older sets of operators have no operator for.
   *
   * @param stage how far it is
   * @param flow what the function is of
   * @param number what was said on the way: a factor, an epsilon
   */
  record Partial(Stage stage, Flow flow, double number) implements OnnxValue {
    /** The value that it is of. */
    Value base() {
      return flow.value();
    }

    @Override
    public String extent() {
      return flow.extent();
    }
  }

  /** The steps of a GELU, {@code x * (1 + erf(x / sqrt(2))) / 2}, and of a layer norm. */
  enum Stage {
    /** {@code number * erf(x / sqrt(2))}. */
    ERF,
    /** {@code number * (1 + erf(x / sqrt(2)))}. */
    ONE_AND_ERF,
    /** {@code number * x * (1 + erf(x / sqrt(2)))}. */
    TWICE_GELU,
    /** The mean of the channels at each place. */
    MEAN,
    /** {@code x - mean}. */
    CENTERED,
    /** {@code (x - mean)^2}. */
    SQUARED,
    /** The mean of that over the channels, and an epsilon. */
    VARIANCE,
    /** {@code sqrt(variance + epsilon)}. */
    DEVIATION
  }
}
