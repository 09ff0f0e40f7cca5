package dev.depthwise.vision;

import java.util.Arrays;

/**
 * What is added to the prediction of a macroblock: coefficients, and the transforms that make
 * samples of them.
 *
 * <p>Source: RFC 6386, sections 13 and 14.
 */
final class Vp8Residuals {
  /** Blocks of a macroblock: 16 of luminance, 4 and 4 of chrominance. */
  static final int BLOCKS = 24;

  private static final int LUMINANCE = 16;

  private static final int PLANE_AFTER_SECOND_ORDER = 0;
  private static final int PLANE_SECOND_ORDER = 1;
  private static final int PLANE_CHROMINANCE = 2;
  private static final int PLANE_LUMINANCE = 3;

  private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
  private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
  private static final int[][] EXTRA_BITS = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
  };

  /** Steps between values: of the first coefficient of a block and of the others. */
  record Steps(int first, int other) {}

  /** The steps of a segment. */
  record Quantizer(Steps luminance, Steps secondOrder, Steps chrominance) {}

  /**
   * Which blocks along an edge had coefficients: 4 of luminance, 2 and 2 of chrominance, and the
   * second order's.
   */
  static final class Edge {
    private final int[] nonZero = new int[9];

    void clear(boolean secondOrder) {
      Arrays.fill(nonZero, 0, secondOrder ? 9 : 8, 0);
    }
  }

  private final int[][][][] probabilities;
  private final int[][] coefficients = new int[BLOCKS][16];
  private final boolean[] nonZero = new boolean[BLOCKS];
  private final int[] second = new int[16];

  Vp8Residuals(int[][][][] probabilities) {
    this.probabilities = probabilities;
  }

  void clear() {
    for (int block = 0; block < BLOCKS; block++) {
      if (nonZero[block]) {
        Arrays.fill(coefficients[block], 0);
        nonZero[block] = false;
      }
    }
  }

  /**
   * Reads the coefficients of a macroblock.
   *
   * @param whole whether its luminance is predicted as a whole: then its blocks' first coefficients
   *     are coded as a block of their own
   * @return whether any is not zero
   */
  boolean read(Vp8Bits bits, Edge above, Edge left, Quantizer quantizer, boolean whole) {
    clear();
    int first = 0;
    int plane = PLANE_LUMINANCE;
    if (whole) {
      Arrays.fill(second, 0);
      int context = above.nonZero[8] + left.nonZero[8];
      int end = block(bits, PLANE_SECOND_ORDER, context, quantizer.secondOrder(), 0, second);
      above.nonZero[8] = end > 0 ? 1 : 0;
      left.nonZero[8] = above.nonZero[8];
      spread();
      first = 1;
      plane = PLANE_AFTER_SECOND_ORDER;
    }
    boolean any = false;
    for (int block = 0; block < BLOCKS; block++) {
      boolean luminance = block < LUMINANCE;
      int column = luminance ? block % 4 : 4 + (block - LUMINANCE) / 4 * 2 + block % 2;
      int row = luminance ? block / 4 : 4 + (block - LUMINANCE) / 4 * 2 + block / 2 % 2;
      int start = luminance ? first : 0;
      int[] target = coefficients[block];
      int end =
          block(
              bits,
              luminance ? plane : PLANE_CHROMINANCE,
              above.nonZero[column] + left.nonZero[row],
              luminance ? quantizer.luminance() : quantizer.chrominance(),
              start,
              target);
      above.nonZero[column] = end > start ? 1 : 0;
      left.nonZero[row] = above.nonZero[column];
      nonZero[block] = end > 1 || target[0] != 0;
      any |= nonZero[block];
    }
    return any;
  }

  /**
   * Reads a block's coefficients.
   *
   * @return behind the last one that was coded; {@code start} if there is none
   */
  private int block(Vp8Bits bits, int plane, int context, Steps steps, int start, int[] target) {
    int[][][] bands = probabilities[plane];
    int[] p = bands[BANDS[start]][context];
    for (int n = start; n < 16; n++) {
      if (!bits.bit(p[0])) {
        return n;
      }
      while (!bits.bit(p[1])) {
        n++;
        p = bands[BANDS[n]][0];
        if (n == 16) {
          return 16;
        }
      }
      int magnitude = 1;
      int next = 1;
      if (bits.bit(p[2])) {
        magnitude = large(bits, p);
        next = 2;
      }
      p = bands[BANDS[n + 1]][next];
      int step = n == 0 ? steps.first() : steps.other();
      target[ZIGZAG[n]] = (short) ((bits.flag() ? -magnitude : magnitude) * step);
    }
    return 16;
  }

  private static int large(Vp8Bits bits, int[] p) {
    if (!bits.bit(p[3])) {
      return bits.bit(p[4]) ? 3 + bits.one(p[5]) : 2;
    }
    if (!bits.bit(p[6])) {
      return bits.bit(p[7]) ? 7 + 2 * bits.one(165) + bits.one(145) : 5 + bits.one(159);
    }
    int upper = bits.one(p[8]);
    int category = 2 * upper + bits.one(p[9 + upper]);
    int extra = 0;
    for (int probability : EXTRA_BITS[category]) {
      extra = 2 * extra + bits.one(probability);
    }
    return 3 + (8 << category) + extra;
  }

  /** The inverse Walsh-Hadamard transform, to the first coefficients of the blocks. */
  private void spread() {
    int[] columns = new int[16];
    for (int i = 0; i < 4; i++) {
      int a = second[i] + second[12 + i];
      int b = second[4 + i] + second[8 + i];
      int c = second[4 + i] - second[8 + i];
      int d = second[i] - second[12 + i];
      columns[i] = a + b;
      columns[4 + i] = d + c;
      columns[8 + i] = a - b;
      columns[12 + i] = d - c;
    }
    for (int i = 0; i < 4; i++) {
      int at = 4 * i;
      int rounded = columns[at] + 3;
      int a = rounded + columns[at + 3];
      int b = columns[at + 1] + columns[at + 2];
      int c = columns[at + 1] - columns[at + 2];
      int d = rounded - columns[at + 3];
      coefficients[at][0] = (short) ((a + b) >> 3);
      coefficients[at + 1][0] = (short) ((d + c) >> 3);
      coefficients[at + 2][0] = (short) ((a - b) >> 3);
      coefficients[at + 3][0] = (short) ((d - c) >> 3);
    }
  }

  /**
   * Adds a block, inversely transformed, to its prediction.
   *
   * @param at the block's upper left sample
   */
  void add(int block, int[] samples, int at, int stride) {
    if (!nonZero[block]) {
      return;
    }
    int[] in = coefficients[block];
    int[] columns = new int[16];
    for (int i = 0; i < 4; i++) {
      int a = in[i] + in[8 + i];
      int b = in[i] - in[8 + i];
      int c = sine(in[4 + i]) - cosine(in[12 + i]);
      int d = cosine(in[4 + i]) + sine(in[12 + i]);
      columns[4 * i] = a + d;
      columns[4 * i + 1] = b + c;
      columns[4 * i + 2] = b - c;
      columns[4 * i + 3] = a - d;
    }
    for (int y = 0; y < 4; y++) {
      int rounded = columns[y] + 4;
      int a = rounded + columns[8 + y];
      int b = rounded - columns[8 + y];
      int c = sine(columns[4 + y]) - cosine(columns[12 + y]);
      int d = cosine(columns[4 + y]) + sine(columns[12 + y]);
      int to = at + y * stride;
      samples[to] = clamp(samples[to] + ((a + d) >> 3));
      samples[to + 1] = clamp(samples[to + 1] + ((b + c) >> 3));
      samples[to + 2] = clamp(samples[to + 2] + ((b - c) >> 3));
      samples[to + 3] = clamp(samples[to + 3] + ((a - d) >> 3));
    }
  }

  /** By the square root of 2 times the cosine of pi / 8, in 65536ths. */
  private static int cosine(int value) {
    return value + ((value * 20091) >> 16);
  }

  /** By the square root of 2 times the sine of pi / 8, in 65536ths. */
  private static int sine(int value) {
    return (value * 35468) >> 16;
  }

  static int clamp(int sample) {
    return Math.min(Math.max(sample, 0), 255);
  }
}
