package dev.depthwise.network;

import java.util.List;

/**
 * Rows and columns of zeros around a picture: Keras' {@code ZeroPadding2D}.
 *
 * <p>Before a convolution it is the same as that convolution's own padding. Before a max pooling it
 * is not: these zeros can win.
 *
 * @param top rows above
 * @param left columns before
 * @param bottom rows below
 * @param right columns behind
 */
public record ZeroPad(int top, int left, int bottom, int right) implements Op {
  public ZeroPad {
    sides(top, left, bottom, right);
  }

  /** The same as a window's padding. */
  public Padding.Explicit sides() {
    return sides(top, left, bottom, right);
  }

  private static Padding.Explicit sides(int top, int left, int bottom, int right) {
    return new Padding.Explicit(top, left, bottom, right);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape input = Op.onlyPicture(inputs);
    return Window.k(1).pad(sides()).outputShape(input, input.channels());
  }

  @Override
  public String description() {
    return "ZeroPad %d,%d,%d,%d".formatted(top, left, bottom, right);
  }
}
