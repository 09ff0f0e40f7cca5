package dev.depthwise.network;

import java.util.List;

/** Probabilities of a vector of logits: {@code exp(x) / sum(exp(x))}. */
public record Softmax() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.onlyVector(inputs);
  }
}
