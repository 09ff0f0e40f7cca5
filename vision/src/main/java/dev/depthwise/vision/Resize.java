package dev.depthwise.vision;

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
  public static Picture resize(Picture picture, int width, int height, Filter filter) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a picture's size must be positive, was %dx%d".formatted(width, height));
    }
    if (filter == Filter.NEAREST) {
      return nearest(picture, width, height);
    }
    Picture resized = picture;
    if (width != resized.width()) {
      resized = horizontally(resized, width, filter);
    }
    if (height != resized.height()) {
      resized = vertically(resized, height, filter);
    }
    return resized;
  }

  /**
   * For each target position, where its source samples begin and their weights.
   *
   * @param first per target position
   * @param weights per target position, fixed point
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier between two methods, never compared.
  private record Kernel(int[] first, int[][] weights) {
    static Kernel of(int source, int target, Filter filter) {
      double scale = (double) source / target;
      double filterScale = Math.max(scale, 1);
      double support = filter.support() * filterScale;
      double inverse = 1 / filterScale;
      int[] first = new int[target];
      int[][] weights = new int[target][];
      for (int i = 0; i < target; i++) {
        double center = (i + 0.5) * scale;
        int from = Math.max((int) (center - support + 0.5), 0);
        int to = Math.min((int) (center + support + 0.5), source);
        double[] exact = new double[to - from];
        double sum = 0;
        for (int k = 0; k < exact.length; k++) {
          exact[k] = filter.weight((k + from - center + 0.5) * inverse);
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
  }

  private static Picture horizontally(Picture picture, int width, Filter filter) {
    Kernel kernel = Kernel.of(picture.width(), width, filter);
    int channels = picture.channels();
    byte[] source = picture.samples();
    byte[] target =
        new byte[Math.multiplyExact(Math.multiplyExact(width, picture.height()), channels)];
    int out = 0;
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < width; x++) {
        int begin = (y * picture.width() + kernel.first()[x]) * channels;
        int[] weights = kernel.weights()[x];
        for (int channel = 0; channel < channels; channel++) {
          target[out++] = weighted(source, begin + channel, channels, weights);
        }
      }
    }
    return Picture.owning(width, picture.height(), channels, target);
  }

  private static Picture vertically(Picture picture, int height, Filter filter) {
    Kernel kernel = Kernel.of(picture.height(), height, filter);
    int rowLength = picture.width() * picture.channels();
    byte[] source = picture.samples();
    byte[] target = new byte[Math.multiplyExact(rowLength, height)];
    int out = 0;
    for (int y = 0; y < height; y++) {
      int begin = kernel.first()[y] * rowLength;
      int[] weights = kernel.weights()[y];
      for (int i = 0; i < rowLength; i++) {
        target[out++] = weighted(source, begin + i, rowLength, weights);
      }
    }
    return Picture.owning(picture.width(), height, picture.channels(), target);
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
  private static Picture nearest(Picture picture, int width, int height) {
    int[] columns = nearestPositions(picture.width(), width);
    int[] rows = nearestPositions(picture.height(), height);
    int channels = picture.channels();
    byte[] target = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    int out = 0;
    for (int row : rows) {
      for (int column : columns) {
        int from = (row * picture.width() + column) * channels;
        System.arraycopy(picture.samples(), from, target, out, channels);
        out += channels;
      }
    }
    return Picture.owning(width, height, channels, target);
  }

  private static int[] nearestPositions(int source, int target) {
    double scale = (double) source / target;
    int[] positions = new int[target];
    // Added up, not multiplied: the rounding must fall where Pillow's does.
    double position = scale * 0.5;
    for (int i = 0; i < target; i++) {
      positions[i] = Math.min((int) position, source - 1);
      position += scale;
    }
    return positions;
  }
}
