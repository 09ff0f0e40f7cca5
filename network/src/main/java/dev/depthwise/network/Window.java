package dev.depthwise.network;

/**
 * The window that a convolution or a pooling slides over a picture.
 *
 * <p>In the language it is written {@code k(3).stride(2).same()}. The padding may then still depend
 * on the picture; {@link #over} settles it, and operations hold settled windows only.
 *
 * @param kernelHeight rows, at least 1 and at most 16384
 * @param kernelWidth columns, at least 1 and at most 16384
 * @param strideHeight rows from one place to the next, at least 1
 * @param strideWidth columns from one place to the next, at least 1
 * @param dilationHeight distance of neighbouring rows of the kernel, 1 without gaps
 * @param dilationWidth distance of neighbouring columns of the kernel, 1 without gaps
 * @param padding what lies over the edge
 */
public record Window(
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int dilationHeight,
    int dilationWidth,
    Padding padding) {
  /** Keeps the reach of a window within an {@code int}. */
  private static final int LARGEST = 1 << 14;

  public Window {
    if (kernelHeight < 1 || kernelWidth < 1) {
      throw new IllegalArgumentException(
          "a kernel must be at least 1x1, was %dx%d".formatted(kernelHeight, kernelWidth));
    }
    if (strideHeight < 1 || strideWidth < 1 || dilationHeight < 1 || dilationWidth < 1) {
      throw new IllegalArgumentException("stride and dilation must be at least 1");
    }
    if (Math.max(kernelHeight, kernelWidth) > LARGEST
        || Math.max(strideHeight, strideWidth) > LARGEST
        || Math.max(dilationHeight, dilationWidth) > LARGEST) {
      throw new IllegalArgumentException("kernel, stride and dilation must be at most " + LARGEST);
    }
  }

  /** A square window of stride 1, padded by half of it. */
  public static Window k(int size) {
    return k(size, size);
  }

  /** A window of stride 1, padded by half of it. */
  public static Window k(int height, int width) {
    return new Window(height, width, 1, 1, 1, 1, new Padding.Half());
  }

  /** This window at every {@code stride}-th row and column. */
  public Window stride(int stride) {
    return new Window(
        kernelHeight, kernelWidth, stride, stride, dilationHeight, dilationWidth, padding);
  }

  /** This window with gaps. */
  public Window dilation(int dilation) {
    return new Window(
        kernelHeight, kernelWidth, strideHeight, strideWidth, dilation, dilation, padding);
  }

  /** This window with TensorFlow's padding. */
  public Window same() {
    return pad(new Padding.Same());
  }

  /** This window without padding. */
  public Window valid() {
    return pad(0);
  }

  /** This window with the same padding on all four sides. */
  public Window pad(int all) {
    return pad(new Padding.Explicit(all, all, all, all));
  }

  /** This window with another padding; in ceil mode it stays there. */
  public Window pad(Padding other) {
    boolean ceil = padding instanceof Padding.Ceil && !(other instanceof Padding.Ceil);
    return padded(ceil ? new Padding.Ceil(other) : other);
  }

  /** This window in PyTorch's ceil mode: the last one may hang over, see {@link Padding.Ceil}. */
  public Window ceil() {
    return padding instanceof Padding.Ceil ? this : padded(new Padding.Ceil(padding));
  }

  /** This window without ceil mode. */
  Window floor() {
    return padding instanceof Padding.Ceil ceil ? padded(ceil.padding()) : this;
  }

  private Window padded(Padding other) {
    return new Window(
        kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, other);
  }

  /** This window with its padding settled for a picture of that shape. */
  public Window over(Shape picture) {
    if (padding instanceof Padding.Half) {
      int rows = (reachHeight() - 1) / 2;
      int columns = (reachWidth() - 1) / 2;
      return pad(new Padding.Explicit(rows, columns, rows, columns));
    }
    if (padding instanceof Padding.Same) {
      int rows = missing(picture.height(), reachHeight(), strideHeight);
      int columns = missing(picture.width(), reachWidth(), strideWidth);
      return pad(
          new Padding.Explicit(rows / 2, columns / 2, rows - rows / 2, columns - columns / 2));
    }
    if (padding instanceof Padding.Ceil) {
      Window floor = floor().over(picture);
      int top = floor.top();
      int left = floor.left();
      int rows = overhang(picture.height(), top, floor.bottom(), reachHeight(), strideHeight);
      int columns = overhang(picture.width(), left, floor.right(), reachWidth(), strideWidth);
      return floor.pad(
          new Padding.Explicit(top, left, floor.bottom() + rows, floor.right() + columns));
    }
    return this;
  }

  /** PyTorch's {@code pooling_output_shape}, solved for what must be added behind. */
  private static int overhang(int extent, int before, int behind, int reach, int stride) {
    long last = (long) extent + before + behind - reach;
    long places = Math.floorDiv(last + stride - 1, stride) + 1L;
    if ((places - 1) * stride >= (long) extent + before) {
      places--;
    }
    return (int) Math.max(0, (places - 1) * stride - last);
  }

  private static int missing(int extent, int reach, int stride) {
    long places = ((long) extent + stride - 1) / stride;
    return (int) Math.max(0, (places - 1) * stride + reach - extent);
  }

  /** The rows from the first to the last of the kernel, gaps included. */
  public int reachHeight() {
    return (kernelHeight - 1) * dilationHeight + 1;
  }

  /** The columns from the first to the last of the kernel, gaps included. */
  public int reachWidth() {
    return (kernelWidth - 1) * dilationWidth + 1;
  }

  /** Rows of padding above. */
  public int top() {
    return settled().top();
  }

  /** Columns of padding before. */
  public int left() {
    return settled().left();
  }

  /** Rows of padding below. */
  public int bottom() {
    return settled().bottom();
  }

  /** Columns of padding behind. */
  public int right() {
    return settled().right();
  }

  /** Whether the padding no longer depends on the picture. */
  public boolean isSettled() {
    return padding instanceof Padding.Explicit;
  }

  private Padding.Explicit settled() {
    if (padding instanceof Padding.Explicit explicit) {
      return explicit;
    }
    throw new IllegalStateException("the padding of " + this + " is not settled: call over(shape)");
  }

  /**
   * The extent of what this window makes of a picture, with as many channels as given.
   *
   * @throws IllegalArgumentException if the window does not fit into the padded picture
   */
  public Shape outputShape(Shape picture, int channels) {
    long rows = (long) picture.height() + top() + bottom() - reachHeight();
    long columns = (long) picture.width() + left() + right() - reachWidth();
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          "a window of %dx%d does not fit into a picture of %s"
              .formatted(reachHeight(), reachWidth(), picture));
    }
    return Shape.of(channels, (int) (rows / strideHeight + 1), (int) (columns / strideWidth + 1));
  }

  /** Refuses a window whose padding still depends on the picture. */
  void requireSettled() {
    if (!isSettled()) {
      throw new IllegalArgumentException("an operation needs settled padding: call over(shape)");
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(kernelHeight).append('x').append(kernelWidth);
    if (strideHeight > 1 || strideWidth > 1) {
      text.append("/").append(strideHeight);
      if (strideHeight != strideWidth) {
        text.append('x').append(strideWidth);
      }
    }
    if (dilationHeight > 1 || dilationWidth > 1) {
      text.append(" dilation ").append(dilationHeight).append('x').append(dilationWidth);
    }
    return text.toString();
  }
}
