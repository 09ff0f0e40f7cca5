package dev.depthwise.network;

import java.util.List;
import java.util.Optional;

/**
 * The maximum in each window; padding never wins.
 *
 * @param window its padding settled, smaller than the kernel on every side
 */
public record MaxPool(Window window) implements Op {
  public MaxPool {
    window.requireSettled();
    AveragePool.requireSomePicture(window);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape input = Op.onlyPicture(inputs);
    return window.outputShape(input, input.channels());
  }

  @Override
  public Optional<Window> view() {
    return Optional.of(window);
  }
}
