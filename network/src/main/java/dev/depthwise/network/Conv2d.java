package dev.depthwise.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A two-dimensional convolution (cross-correlation, as everywhere in the field).
 *
 * <p>With as many groups as channels it is a depthwise convolution.
 *
 * @param filters channels of the output; a multiple of the groups
 * @param window its padding settled
 * @param groups input and output channels are split into so many independent convolutions
 * @param bias whether it adds one number per filter
 */
public record Conv2d(int filters, Window window, int groups, boolean bias) implements Op {
  public Conv2d {
    window.requireSettled();
    if (groups < 1) {
      throw new IllegalArgumentException("groups must be at least 1, was " + groups);
    }
    if (filters < 1 || filters % groups != 0) {
      throw new IllegalArgumentException(
          "filters must be a positive multiple of %d groups, was %d".formatted(groups, filters));
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape input = Op.onlyPicture(inputs);
    if (input.channels() % groups != 0) {
      throw new IllegalArgumentException(
          "%d channels do not split into %d groups".formatted(input.channels(), groups));
    }
    return window.outputShape(input, filters);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(
        new Parameter(
            Role.KERNEL,
            Shape.of(
                filters,
                inputs.get(0).channels() / groups,
                window.kernelHeight(),
                window.kernelWidth())));
    if (bias) {
      parameters.add(new Parameter(Role.BIAS, Shape.of(filters)));
    }
    return parameters;
  }

  @Override
  public long multiplyAdds(List<Shape> inputs, Shape output) {
    long kernel = (long) window.kernelHeight() * window.kernelWidth();
    return output.size() * kernel * (inputs.get(0).channels() / groups);
  }

  @Override
  public Optional<Window> view() {
    return Optional.of(window);
  }
}
