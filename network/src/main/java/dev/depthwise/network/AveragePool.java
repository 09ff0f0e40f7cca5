package dev.depthwise.network;

import java.util.List;
import java.util.Optional;

/**
 * The mean of each window.
 *
 * @param window its padding settled, smaller than the kernel on every side
 * @param countPadding whether padding counts as zeros in the mean (PyTorch's default) or is left
 *     out of it (TensorFlow)
 */
public record AveragePool(Window window, boolean countPadding) implements Op {
  public AveragePool {
    window.requireSettled();
    requireSomePicture(window);
  }

  /** Refuses windows that could lie in the padding altogether. */
  static void requireSomePicture(Window window) {
    if (Math.max(window.top(), window.bottom()) >= window.reachHeight()
        || Math.max(window.left(), window.right()) >= window.reachWidth()) {
      throw new IllegalArgumentException(
          "padding must be smaller than the window, was " + window.padding() + " of " + window);
    }
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
