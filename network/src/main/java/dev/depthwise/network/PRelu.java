package dev.depthwise.network;

import java.util.List;

/**
 * The rectifier with a learned slope below 0: {@code x} above 0, else {@code slope * x} (He et al.
 * 2015a, "Delving Deep into Rectifiers", Section 2.1).
 *
 * @param shared whether all channels have one slope, or each its own
 */
public record PRelu(boolean shared) implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    return List.of(new Parameter(Role.SLOPE, Shape.of(shared ? 1 : inputs.get(0).channels())));
  }
}
