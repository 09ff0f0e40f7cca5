package dev.depthwise.network;

import java.util.List;

/** The element-wise sum of two inputs of one shape: where a shortcut meets its body. */
public record Add() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new IllegalArgumentException("add needs two inputs, got " + inputs.size());
    }
    if (!inputs.get(0).equals(inputs.get(1))) {
      throw new IllegalArgumentException(
          "add needs equal shapes, got %s and %s".formatted(inputs.get(0), inputs.get(1)));
    }
    return inputs.get(0);
  }
}
