package dev.depthwise.vision;

import dev.depthwise.network.Interpolation;

/**
 * Resampling that equals Pillow's to the byte, because published accuracies were measured behind
 * it.
 *
 * <p>Source: Pillow, {@code Resample.c}: weights in fixed point of 22 bits, a horizontal pass then
 * a vertical one, each rounded to 8 bits.
 */
public final class Resize {
  /** 32 bits less 8 for the sample and 2 for the overshoot of filters with negative lobes. */
  private static final int PRECISION_BITS = 32 - 8 - 2;

  private Resize() {}

  /** The picture at another size; the same picture where the size is its own. */
  public static Picture resize(
      Picture picture, int width, int height, Interpolation interpolation) {
    return resize(picture, width, height, interpolation, Box.of(picture));
  }

  /**
   * A part of the picture at another size. As in Pillow, samples beside the box count at its edges:
   * it is not the same as to cut and then to resize.
   *
   * @param box inside the picture
   */
  public static Picture resize(
      Picture picture, int width, int height, Interpolation interpolation, Box box) {
    if (box.right() > picture.width() || box.bottom() > picture.height()) {
      throw new IllegalArgumentException("%s is not inside %s".formatted(box, picture));
    }
    return resample(
        picture,
        interpolation,
        new Axis(box.left(), box.right(), width, 0, width),
        new Axis(box.top(), box.bottom(), height, 0, height));
  }

  /**
   * A window of the picture at another size, of which no more is computed.
   *
   * @param left where the window begins; it lies inside the resized picture
   */
  static Picture window(
      Picture picture,
      int width,
      int height,
      Interpolation interpolation,
      int left,
      int top,
      int windowWidth,
      int windowHeight) {
    return resample(
        picture,
        interpolation,
        new Axis(0, picture.width(), width, left, windowWidth),
        new Axis(0, picture.height(), height, top, windowHeight));
  }

  /**
   * Columns or rows of the target.
   *
   * @param begin of what becomes the target, in the source
   * @param end of what becomes the target, in the source
   * @param length of the whole target
   * @param from the first position that is wanted
   * @param count how many are wanted
   */
  private record Axis(float begin, float end, int length, int from, int count) {
    Axis {
      if (length < 1 || from < 0 || count < 1 || count > length - from) {
        throw new IllegalArgumentException(
            "a picture's size must be positive, was %d of %d from %d"
                .formatted(count, length, from));
      }
    }

    boolean isIdentity(int source) {
      return length == source && begin == 0 && end == length;
    }

    double scale() {
      return (double) (end - begin) / length;
    }
  }

  private static Picture resample(
      Picture picture, Interpolation interpolation, Axis columns, Axis rows) {
    if (interpolation == Interpolation.NEAREST) {
      return nearest(
          picture, positions(picture.width(), columns), positions(picture.height(), rows));
    }
    if (rows.isIdentity(picture.height())) {
      return horizontally(picture, interpolation, columns, rows.from(), rows.count());
    }
    Kernel kernel = Kernel.of(picture.height(), rows, interpolation);
    int begin = kernel.begin();
    Picture band = horizontally(picture, interpolation, columns, begin, kernel.end() - begin);
    return vertically(band, kernel, begin);
  }

  /**
   * For each target position, where its source samples begin and their weights. Both ends of their
   * ranges never decrease.
   *
   * @param first per target position
   * @param weights per target position, fixed point
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier between two methods, never compared.
  private record Kernel(int[] first, int[][] weights) {
    static Kernel of(int source, Axis axis, Interpolation interpolation) {
      double scale = axis.scale();
      double filterScale = Math.max(scale, 1);
      double support = Filter.support(interpolation) * filterScale;
      double inverse = 1 / filterScale;
      int[] first = new int[axis.count()];
      int[][] weights = new int[axis.count()][];
      for (int i = 0; i < axis.count(); i++) {
        double center = axis.begin() + (axis.from() + i + 0.5) * scale;
        int from = Math.max((int) (center - support + 0.5), 0);
        int to = Math.min((int) (center + support + 0.5), source);
        double[] exact = new double[to - from];
        double sum = 0;
        for (int k = 0; k < exact.length; k++) {
          exact[k] = Filter.weight(interpolation, (k + from - center + 0.5) * inverse);
          sum += exact[k];
        }
        first[i] = from;
        weights[i] = new int[exact.length];
        for (int k = 0; k < exact.length; k++) {
          double normalized = sum == 0 ? exact[k] : exact[k] / sum;
          weights[i][k] =
              (int) (normalized * (1 << PRECISION_BITS) + (normalized < 0 ? -0.5 : 0.5));
        }
      }
      return new Kernel(first, weights);
    }

    /** The first source sample that counts. */
    int begin() {
      return first[0];
    }

    /** Behind the last source sample that counts. */
    int end() {
      return first[first.length - 1] + weights[weights.length - 1].length;
    }
  }

  /** Some rows of the picture, their columns resampled. */
  private static Picture horizontally(
      Picture picture, Interpolation interpolation, Axis columns, int top, int height) {
    if (columns.isIdentity(picture.width())) {
      return columns.count() == picture.width() && height == picture.height()
          ? picture
          : picture.window(columns.from(), top, columns.count(), height, 0);
    }
    Kernel kernel = Kernel.of(picture.width(), columns, interpolation);
    int width = columns.count();
    int channels = picture.channels();
    byte[] source = picture.samples();
    byte[] target = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    int out = 0;
    for (int y = top; y < top + height; y++) {
      for (int x = 0; x < width; x++) {
        int begin = (y * picture.width() + kernel.first()[x]) * channels;
        int[] weights = kernel.weights()[x];
        for (int channel = 0; channel < channels; channel++) {
          target[out++] = weighted(source, begin + channel, channels, weights);
        }
      }
    }
    return Picture.owning(width, height, channels, target);
  }

  /**
   * All rows of the target.
   *
   * @param band the source's rows from {@code top} on
   */
  private static Picture vertically(Picture band, Kernel kernel, int top) {
    int height = kernel.first().length;
    int rowLength = band.width() * band.channels();
    byte[] source = band.samples();
    byte[] target = new byte[Math.multiplyExact(rowLength, height)];
    int out = 0;
    for (int y = 0; y < height; y++) {
      int begin = (kernel.first()[y] - top) * rowLength;
      int[] weights = kernel.weights()[y];
      for (int i = 0; i < rowLength; i++) {
        target[out++] = weighted(source, begin + i, rowLength, weights);
      }
    }
    return Picture.owning(band.width(), height, band.channels(), target);
  }

  private static byte weighted(byte[] source, int begin, int step, int[] weights) {
    int sum = 1 << (PRECISION_BITS - 1);
    int at = begin;
    for (int weight : weights) {
      sum += (source[at] & 0xff) * weight;
      at += step;
    }
    return (byte) Math.min(Math.max(sum >> PRECISION_BITS, 0), 255);
  }

  /** Source: Pillow, {@code Geometry.c}, the scaling affine transform. */
  private static Picture nearest(Picture picture, int[] columns, int[] rows) {
    int channels = picture.channels();
    byte[] target =
        new byte[Math.multiplyExact(Math.multiplyExact(columns.length, rows.length), channels)];
    int out = 0;
    for (int row : rows) {
      for (int column : columns) {
        int from = (row * picture.width() + column) * channels;
        System.arraycopy(picture.samples(), from, target, out, channels);
        out += channels;
      }
    }
    return Picture.owning(columns.length, rows.length, channels, target);
  }

  private static int[] positions(int source, Axis axis) {
    double scale = axis.scale();
    int[] positions = new int[axis.count()];
    // Added up, not multiplied: the rounding must fall where Pillow's does.
    double position = axis.begin() + scale * 0.5;
    for (int i = 0; i < axis.from(); i++) {
      position += scale;
    }
    for (int i = 0; i < positions.length; i++) {
      positions[i] = Math.min((int) position, source - 1);
      position += scale;
    }
    return positions;
  }
}
