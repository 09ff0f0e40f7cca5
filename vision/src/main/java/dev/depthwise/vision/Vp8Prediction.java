package dev.depthwise.vision;

import java.util.Arrays;

/**
 * Predicts blocks from the samples above and to the left of them, which lie around them in the same
 * array.
 *
 * <p>Source: RFC 6386, section 12.
 */
final class Vp8Prediction {
  // As the modes are coded. Blocks of 4x4 have all of them, larger ones the first four.
  static final int MEAN = 0;
  static final int TRUE_MOTION = 1;
  static final int VERTICAL = 2;
  static final int HORIZONTAL = 3;
  private static final int LEFT_DOWN = 4;
  private static final int RIGHT_DOWN = 5;
  private static final int VERTICAL_RIGHT = 6;
  private static final int VERTICAL_LEFT = 7;
  private static final int HORIZONTAL_DOWN = 8;
  private static final int HORIZONTAL_UP = 9;

  private Vp8Prediction() {}

  /**
   * Predicts the luminance of a macroblock, or one of its chrominances, as a whole.
   *
   * @param at the block's upper left sample
   * @param size 16 or 8
   * @param hasAbove whether there is a macroblock above; for means
   */
  static void whole(
      int mode, int[] s, int at, int stride, int size, boolean hasAbove, boolean hasLeft) {
    switch (mode) {
      case MEAN -> fill(s, at, stride, size, mean(s, at, stride, size, hasAbove, hasLeft));
      case TRUE_MOTION -> trueMotion(s, at, stride, size);
      case VERTICAL -> {
        for (int y = 0; y < size; y++) {
          System.arraycopy(s, at - stride, s, at + y * stride, size);
        }
      }
      case HORIZONTAL -> {
        for (int y = 0; y < size; y++) {
          int row = at + y * stride;
          Arrays.fill(s, row, row + size, s[row - 1]);
        }
      }
      default -> throw new IllegalArgumentException("no mode of whole macroblocks: " + mode);
    }
  }

  private static int mean(
      int[] s, int at, int stride, int size, boolean hasAbove, boolean hasLeft) {
    if (!hasAbove && !hasLeft) {
      return 128;
    }
    int sum = 0;
    for (int i = 0; i < size; i++) {
      sum += hasAbove ? s[at - stride + i] : 0;
      sum += hasLeft ? s[at + i * stride - 1] : 0;
    }
    int count = hasAbove && hasLeft ? 2 * size : size;
    return (sum + count / 2) / count;
  }

  private static void fill(int[] s, int at, int stride, int size, int value) {
    for (int y = 0; y < size; y++) {
      Arrays.fill(s, at + y * stride, at + y * stride + size, value);
    }
  }

  private static void trueMotion(int[] s, int at, int stride, int size) {
    int corner = s[at - stride - 1];
    for (int y = 0; y < size; y++) {
      int row = at + y * stride;
      int change = s[row - 1] - corner;
      for (int x = 0; x < size; x++) {
        s[row + x] = Vp8Residuals.clamp(s[at - stride + x] + change);
      }
    }
  }

  /**
   * Predicts a block of 4x4.
   *
   * @param at the block's upper left sample; the row above reaches 4 samples further to the right
   */
  static void small(int mode, int[] s, int at, int stride) {
    switch (mode) {
      case MEAN -> fill(s, at, stride, 4, mean(s, at, stride, 4, true, true));
      case TRUE_MOTION -> trueMotion(s, at, stride, 4);
      case VERTICAL -> {
        for (int x = 0; x < 4; x++) {
          int value = smooth(s, at - stride + x, 1);
          for (int y = 0; y < 4; y++) {
            s[at + y * stride + x] = value;
          }
        }
      }
      case HORIZONTAL -> {
        int[] edge = edge(s, at, stride);
        for (int y = 0; y < 4; y++) {
          int below = edge[Math.max(2 - y, 0)];
          int value = (edge[4 - y] + 2 * edge[3 - y] + below + 2) >> 2;
          Arrays.fill(s, at + y * stride, at + y * stride + 4, value);
        }
      }
      case LEFT_DOWN -> leftDown(s, at, stride);
      case VERTICAL_LEFT -> verticalLeft(s, at, stride);
      case RIGHT_DOWN -> rightDown(s, at, stride);
      case VERTICAL_RIGHT -> verticalRight(s, at, stride);
      case HORIZONTAL_DOWN -> horizontalDown(s, at, stride);
      case HORIZONTAL_UP -> horizontalUp(s, at, stride);
      default -> throw new IllegalArgumentException("no mode of small blocks: " + mode);
    }
  }

  /** The edge from the lowest sample on the left over the corner (4) to the right. */
  private static int[] edge(int[] s, int at, int stride) {
    int[] edge = new int[9];
    for (int i = 0; i < 4; i++) {
      edge[i] = s[at + (3 - i) * stride - 1];
      edge[5 + i] = s[at - stride + i];
    }
    edge[4] = s[at - stride - 1];
    return edge;
  }

  private static int smooth(int[] s, int at, int step) {
    return (s[at - step] + 2 * s[at] + s[at + step] + 2) >> 2;
  }

  private static int between(int[] s, int at) {
    return (s[at] + s[at + 1] + 1) >> 1;
  }

  private static void leftDown(int[] s, int at, int stride) {
    int[] diagonals = new int[7];
    int above = at - stride;
    for (int i = 0; i < 6; i++) {
      diagonals[i] = smooth(s, above + i + 1, 1);
    }
    diagonals[6] = (s[above + 6] + 3 * s[above + 7] + 2) >> 2;
    for (int y = 0; y < 4; y++) {
      System.arraycopy(diagonals, y, s, at + y * stride, 4);
    }
  }

  private static void verticalLeft(int[] s, int at, int stride) {
    int above = at - stride;
    int[] means = new int[4];
    int[] smoothed = new int[6];
    for (int i = 0; i < 4; i++) {
      means[i] = between(s, above + i);
    }
    for (int i = 0; i < 6; i++) {
      smoothed[i] = smooth(s, above + i + 1, 1);
    }
    put(s, at, means[0], means[1], means[2], means[3]);
    put(s, at + stride, smoothed[0], smoothed[1], smoothed[2], smoothed[3]);
    put(s, at + 2 * stride, means[1], means[2], means[3], smoothed[4]);
    put(s, at + 3 * stride, smoothed[1], smoothed[2], smoothed[3], smoothed[5]);
  }

  private static void rightDown(int[] s, int at, int stride) {
    int[] edge = edge(s, at, stride);
    int[] diagonals = new int[7];
    for (int i = 0; i < 7; i++) {
      diagonals[i] = smooth(edge, i + 1, 1);
    }
    for (int y = 0; y < 4; y++) {
      System.arraycopy(diagonals, 3 - y, s, at + y * stride, 4);
    }
  }

  private static void verticalRight(int[] s, int at, int stride) {
    int[] edge = edge(s, at, stride);
    int[] means = new int[4];
    int[] smoothed = new int[6];
    for (int i = 0; i < 4; i++) {
      means[i] = between(edge, 4 + i);
    }
    for (int i = 0; i < 6; i++) {
      smoothed[i] = smooth(edge, i + 2, 1);
    }
    put(s, at, means[0], means[1], means[2], means[3]);
    put(s, at + stride, smoothed[2], smoothed[3], smoothed[4], smoothed[5]);
    put(s, at + 2 * stride, smoothed[1], means[0], means[1], means[2]);
    put(s, at + 3 * stride, smoothed[0], smoothed[2], smoothed[3], smoothed[4]);
  }

  private static void horizontalDown(int[] s, int at, int stride) {
    int[] edge = edge(s, at, stride);
    int[] means = new int[4];
    int[] smoothed = new int[6];
    for (int i = 0; i < 4; i++) {
      means[i] = between(edge, i);
    }
    for (int i = 0; i < 6; i++) {
      smoothed[i] = smooth(edge, i + 1, 1);
    }
    put(s, at, means[3], smoothed[3], smoothed[4], smoothed[5]);
    put(s, at + stride, means[2], smoothed[2], means[3], smoothed[3]);
    put(s, at + 2 * stride, means[1], smoothed[1], means[2], smoothed[2]);
    put(s, at + 3 * stride, means[0], smoothed[0], means[1], smoothed[1]);
  }

  private static void horizontalUp(int[] s, int at, int stride) {
    int[] left = new int[4];
    for (int y = 0; y < 4; y++) {
      left[y] = s[at + y * stride - 1];
    }
    int[] steps = {
      between(left, 0),
      smooth(left, 1, 1),
      between(left, 1),
      smooth(left, 2, 1),
      between(left, 2),
      (left[2] + 3 * left[3] + 2) >> 2,
      left[3],
      left[3],
      left[3],
      left[3]
    };
    for (int y = 0; y < 4; y++) {
      System.arraycopy(steps, 2 * y, s, at + y * stride, 4);
    }
  }

  private static void put(int[] s, int at, int a, int b, int c, int d) {
    s[at] = a;
    s[at + 1] = b;
    s[at + 2] = c;
    s[at + 3] = d;
  }
}
