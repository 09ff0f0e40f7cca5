package dev.depthwise.network;

import java.util.List;
import java.util.Optional;

/**
 * An operation: its attributes, what it needs, and the shape of what it makes.
 *
 * <p>The set is small and closed. A separable convolution is two convolutions, not an operation of
 * its own; what fuses or runs backward belongs to the engine. Attributes are validated where they
 * are constructed, shapes in {@link #infer}.
 */
public sealed interface Op
    permits Activation,
        Add,
        AveragePool,
        BatchNorm,
        Concat,
        Conv2d,
        Crop,
        Dense,
        Dropout,
        Flatten,
        GlobalAveragePool,
        Input,
        LayerNorm,
        LayerScale,
        LocalResponseNorm,
        MaxPool,
        Multiply,
        PRelu,
        PadChannels,
        Relu,
        Scale,
        Softmax,
        Standardization,
        StochasticDepth,
        Subsample,
        Upsample,
        ZeroPad {

  /**
   * The shape of the output.
   *
   * @throws IllegalArgumentException if the inputs do not fit this operation
   */
  Shape infer(List<Shape> inputs);

  /** The tensors it needs for inputs of these shapes, in the order of their roles. */
  default List<Parameter> parameters(List<Shape> inputs) {
    return List.of();
  }

  /** Multiply-adds for one picture; element-wise work counts as none, as the papers count. */
  default long multiplyAdds(List<Shape> inputs, Shape output) {
    return 0;
  }

  /** The window it looks through, if it slides one over its input. */
  default Optional<Window> view() {
    return Optional.empty();
  }

  /** What it is, for people: its name, and the attributes that shapes do not show. */
  default String description() {
    String name = getClass().getSimpleName();
    return view().map(window -> name + " " + window).orElse(name);
  }

  /** The shape of the only input. */
  static Shape only(List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException("needs one input, got " + inputs.size());
    }
    return inputs.get(0);
  }

  /** The shape of the only input, which must be channels x height x width. */
  static Shape onlyPicture(List<Shape> inputs) {
    Shape shape = only(inputs);
    if (!shape.isPicture()) {
      throw new IllegalArgumentException("needs channels x height x width, got " + shape);
    }
    return shape;
  }

  /** The shape of the only input, which must be a vector. */
  static Shape onlyVector(List<Shape> inputs) {
    Shape shape = only(inputs);
    if (shape.rank() != 1) {
      throw new IllegalArgumentException("needs a vector, got " + shape + ": flatten it first");
    }
    return shape;
  }
}
