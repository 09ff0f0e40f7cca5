package dev.depthwise.network;

import java.util.stream.IntStream;

/**
 * A picture's rows (or columns) shared among a fixed number of windows as evenly as whole ones can
 * be, as PyTorch's adaptive pooling does it: windows may differ by one in size, and overlap.
 *
 * @param extent rows that there are
 * @param count windows that there shall be
 */
record AdaptivePool(int extent, int count) {
  /** The mean of each of {@code rows} x {@code columns} windows. */
  static Value means(Scope scope, Value input, int rows, int columns) {
    AdaptivePool height = new AdaptivePool(input.shape().height(), rows);
    AdaptivePool width = new AdaptivePool(input.shape().width(), columns);
    if (height.isRegular() && width.isRegular()) {
      return mean(
          scope,
          input,
          new Window(
              height.size(0),
              width.size(0),
              height.stride(),
              width.stride(),
              1,
              1,
              new Padding.Explicit(0, 0, 0, 0)));
    }
    // All windows of one row of them have the same rows, so that one direction follows the other.
    return width.along(
        false, scope.child("columns"), height.along(true, scope.child("rows"), input));
  }

  /** The means in one direction; of pieces, where no ordinary window meets all of them. */
  private Value along(boolean rows, Scope scope, Value input) {
    if (isRegular()) {
      Padding none = new Padding.Explicit(0, 0, 0, 0);
      return mean(
          scope,
          input,
          rows
              ? new Window(size(0), 1, stride(), 1, 1, 1, none)
              : new Window(1, size(0), 1, stride(), 1, 1, none));
    }
    if (count % extent == 0) {
      int factor = count / extent;
      return scope.emit(
          new Upsample(rows ? factor : 1, rows ? 1 : factor, Upsample.Mode.NEAREST), input);
    }
    Value sum = piece(0, rows, scope, input);
    for (int index = 1; index < count; index++) {
      sum = scope.child("add").emit(new Add(), sum, piece(index, rows, scope, input));
    }
    return sum;
  }

  /** One window's mean at its place, and zeros elsewhere. */
  private Value piece(int index, boolean rows, Scope scope, Value input) {
    int before = start(index);
    int behind = extent - end(index);
    int after = count - 1 - index;
    Block crop =
        rows
            ? Blocks.crop("crop", before, 0, behind, 0)
            : Blocks.crop("crop", 0, before, 0, behind);
    Block place =
        rows
            ? Blocks.zeroPad("place", index, 0, after, 0)
            : Blocks.zeroPad("place", 0, index, 0, after);
    Window whole = rows ? Window.k(size(index), 1).valid() : Window.k(1, size(index)).valid();
    return place.apply(scope, mean(scope.child("mean"), crop.apply(scope, input), whole));
  }

  private static Value mean(Scope scope, Value input, Window window) {
    boolean alone = window.equals(Window.k(1).valid());
    return alone ? input : scope.emit(new AveragePool(window, false), input);
  }

  /** The first row of a window. */
  private int start(int index) {
    return (int) ((long) index * extent / count);
  }

  /** The row behind the last one of a window. */
  private int end(int index) {
    return (int) (((index + 1L) * extent + count - 1) / count);
  }

  private int size(int index) {
    return end(index) - start(index);
  }

  private int stride() {
    return count == 1 ? 1 : start(1);
  }

  /** Whether an ordinary window, slid in equal steps, meets all of them. */
  private boolean isRegular() {
    return stride() > 0
        && IntStream.range(0, count)
            .allMatch(index -> size(index) == size(0) && start(index) == index * stride());
  }
}
