package dev.depthwise.network;

import java.util.ArrayList;
import java.util.List;

/**
 * A fully connected layer: {@code kernel * x + bias}.
 *
 * @param units length of the output
 * @param bias whether it adds one number per unit
 */
public record Dense(int units, boolean bias) implements Op {
  public Dense {
    if (units < 1) {
      throw new IllegalArgumentException("units must be at least 1, was " + units);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Op.onlyVector(inputs);
    return Shape.of(units);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter(Role.KERNEL, Shape.of(units, inputs.get(0).size())));
    if (bias) {
      parameters.add(new Parameter(Role.BIAS, Shape.of(units)));
    }
    return parameters;
  }

  @Override
  public long multiplyAdds(List<Shape> inputs, Shape output) {
    return (long) units * inputs.get(0).size();
  }
}
