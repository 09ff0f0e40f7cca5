package dev.depthwise.vision;

/**
 * Luminance, and chrominance of half its width and height, of whole macroblocks; and how they
 * become colours.
 *
 * <p>Source of the colours: libwebp, {@code upsampling.c} and {@code yuv.h}: chrominance is
 * interpolated between the centres of its samples, 9 to 3 to 3 to 1.
 */
final class Vp8Planes {
  private final int width;
  private final int height;
  private final int columns;
  private final byte[][] planes = new byte[3][];

  Vp8Planes(int width, int height) {
    this.width = width;
    this.height = height;
    columns = (width + 15) / 16;
    int macroblocks = columns * rows();
    planes[0] = new byte[Math.multiplyExact(256, macroblocks)];
    planes[1] = new byte[64 * macroblocks];
    planes[2] = new byte[64 * macroblocks];
  }

  /** Macroblocks in a row. */
  int columns() {
    return columns;
  }

  /** Rows of macroblocks. */
  int rows() {
    return (height + 15) / 16;
  }

  /** Luminance (0) or one of the chrominances. */
  byte[] samples(int plane) {
    return planes[plane];
  }

  int stride(int plane) {
    return columns * (plane == 0 ? 16 : 8);
  }

  Picture picture() {
    byte[] colors = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    int chromaWidth = (width + 1) / 2;
    int chromaRows = (height + 1) / 2;
    int[] nearU = new int[chromaWidth];
    int[] nearV = new int[chromaWidth];
    int[] farU = new int[chromaWidth];
    int[] farV = new int[chromaWidth];
    for (int y = 0; y < height; y++) {
      int near = y / 2;
      int far = Math.min(Math.max(y % 2 == 0 ? near - 1 : near + 1, 0), chromaRows - 1);
      load(1, near, nearU);
      load(2, near, nearV);
      load(1, far, farU);
      load(2, far, farV);
      for (int x = 0; x < width; x++) {
        int beside = Math.min(Math.max(x % 2 == 0 ? x / 2 - 1 : x / 2 + 1, 0), chromaWidth - 1);
        int u = interpolated(nearU, farU, x / 2, beside);
        int v = interpolated(nearV, farV, x / 2, beside);
        color(planes[0][y * stride(0) + x] & 0xff, u, v, colors, 3 * (y * width + x));
      }
    }
    return Picture.owning(width, height, 3, colors);
  }

  private void load(int plane, int row, int[] target) {
    int from = row * stride(plane);
    for (int i = 0; i < target.length; i++) {
      target[i] = planes[plane][from + i] & 0xff;
    }
  }

  /** In libwebp's two steps, whose roundings differ from those of one. */
  private static int interpolated(int[] near, int[] far, int at, int beside) {
    if (at == beside) {
      return (3 * near[at] + far[at] + 2) >> 2;
    }
    int all = near[at] + near[beside] + far[at] + far[beside] + 8;
    int diagonal = (all + 2 * (near[beside] + far[at])) >> 3;
    return (diagonal + near[at]) >> 1;
  }

  private static void color(int luma, int u, int v, byte[] colors, int at) {
    int y = (luma * 19077) >> 8;
    colors[at] = sample(y + ((v * 26149) >> 8) - 14234);
    colors[at + 1] = sample(y - ((u * 6419) >> 8) - ((v * 13320) >> 8) + 8708);
    colors[at + 2] = sample(y + ((u * 33050) >> 8) - 17685);
  }

  private static byte sample(int value) {
    return (byte) Vp8Residuals.clamp(value >> 6);
  }
}
