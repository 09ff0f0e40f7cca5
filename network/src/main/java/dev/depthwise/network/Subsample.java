package dev.depthwise.network;

import java.util.List;
import java.util.Optional;

/**
 * Every {@code stride}-th row and column, from the first (He et al. 2015, Section 3.3: the shortcut
 * where sizes differ "is performed with a stride of 2").
 *
 * @param stride at least 2
 */
public record Subsample(int stride) implements Op {
  public Subsample {
    if (stride < 2) {
      throw new IllegalArgumentException("the stride must be at least 2, was " + stride);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape input = Op.onlyPicture(inputs);
    return picker().outputShape(input, input.channels());
  }

  @Override
  public Optional<Window> view() {
    return Optional.of(picker());
  }

  private Window picker() {
    return Window.k(1).stride(stride).valid();
  }
}
