package dev.depthwise.engine.reference;

import dev.depthwise.network.Shape;

/** Copies between a picture and the part of a larger one that lies inside its border. */
final class Border {
  private final Shape whole;
  private final Shape inner;
  private final int top;
  private final int left;

  Border(Shape whole, Shape inner, int top, int left) {
    this.whole = whole;
    this.inner = inner;
    this.top = top;
    this.left = left;
  }

  /** Takes the inner part out of the whole. */
  void cut(double[] from, double[] to, int count) {
    for (int row = 0; row < count * inner.channels() * inner.height(); row++) {
      System.arraycopy(from, inWhole(row), to, row * inner.width(), inner.width());
    }
  }

  /** Puts the inner part into the whole, whose border stays as it is. */
  void paste(double[] from, double[] to, int count) {
    for (int row = 0; row < count * inner.channels() * inner.height(); row++) {
      System.arraycopy(from, row * inner.width(), to, inWhole(row), inner.width());
    }
  }

  /** Where a row of the inner part, counted over all planes, begins in the whole. */
  private int inWhole(int row) {
    int plane = row / inner.height();
    return (plane * whole.height() + row % inner.height() + top) * whole.width() + left;
  }
}
