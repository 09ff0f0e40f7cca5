package dev.depthwise.vision;

/**
 * Smooths the edges of blocks once a picture is reconstructed.
 *
 * <p>Source: RFC 6386, section 15.
 */
final class Vp8Filter {
  /**
   * How the blocks of a macroblock are smoothed.
   *
   * @param limit of the step across an edge within the macroblock; 0: not at all
   * @param interior limit of the steps beside it
   * @param variance above which only the samples at the edge are changed
   */
  record Strength(int limit, int interior, int variance) {
    /**
     * From a level.
     *
     * @param level 0 to 63, others are brought there
     * @param sharpness 0 to 7
     */
    static Strength of(int level, int sharpness) {
      int bounded = Math.min(Math.max(level, 0), 63);
      if (bounded == 0) {
        return new Strength(0, 0, 0);
      }
      int interior = bounded;
      if (sharpness > 0) {
        interior = Math.min(bounded >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
      }
      interior = Math.max(interior, 1);
      int variance = bounded >= 40 ? 2 : bounded >= 15 ? 1 : 0;
      return new Strength(2 * bounded + interior, interior, variance);
    }
  }

  private final boolean simple;

  Vp8Filter(boolean simple) {
    this.simple = simple;
  }

  /**
   * Smooths a macroblock's left and upper edges, and those within it.
   *
   * @param inner whether also those within
   */
  void apply(Vp8Planes planes, int column, int row, Strength strength, boolean inner) {
    if (strength.limit() == 0) {
      return;
    }
    for (int plane = 0; plane < (simple ? 1 : 3); plane++) {
      byte[] samples = planes.samples(plane);
      int stride = planes.stride(plane);
      int size = plane == 0 ? 16 : 8;
      int at = row * size * stride + column * size;
      if (column > 0) {
        outer(samples, at, 1, stride, size, strength);
      }
      for (int x = 4; inner && x < size; x += 4) {
        inner(samples, at + x, 1, stride, size, strength);
      }
      if (row > 0) {
        outer(samples, at, stride, 1, size, strength);
      }
      for (int y = 4; inner && y < size; y += 4) {
        inner(samples, at + y * stride, stride, 1, size, strength);
      }
    }
  }

  /**
   * An edge between macroblocks.
   *
   * @param across from one side of the edge to the other
   * @param along from one sample at the edge to the next
   */
  private void outer(byte[] s, int at, int across, int along, int size, Strength strength) {
    int limit = 2 * (strength.limit() + 4) + 1;
    for (int i = 0; i < size; i++) {
      int here = at + i * along;
      if (simple) {
        if (isWithin(s, here, across, limit)) {
          two(s, here, across);
        }
      } else if (isWithin(s, here, across, limit)
          && isSmooth(s, here, across, strength.interior())) {
        if (isVaried(s, here, across, strength.variance())) {
          two(s, here, across);
        } else {
          six(s, here, across);
        }
      }
    }
  }

  /** An edge between the blocks of a macroblock. */
  private void inner(byte[] s, int at, int across, int along, int size, Strength strength) {
    int limit = 2 * strength.limit() + 1;
    for (int i = 0; i < size; i++) {
      int here = at + i * along;
      if (simple) {
        if (isWithin(s, here, across, limit)) {
          two(s, here, across);
        }
      } else if (isWithin(s, here, across, limit)
          && isSmooth(s, here, across, strength.interior())) {
        if (isVaried(s, here, across, strength.variance())) {
          two(s, here, across);
        } else {
          four(s, here, across);
        }
      }
    }
  }

  private static int at(byte[] s, int index) {
    return s[index] & 0xff;
  }

  private static int difference(byte[] s, int index, int step) {
    return Math.abs(at(s, index) - at(s, index - step));
  }

  private static boolean isWithin(byte[] s, int here, int step, int limit) {
    return 4 * difference(s, here, step) + Math.abs(at(s, here + step) - at(s, here - 2 * step))
        <= limit;
  }

  private static boolean isSmooth(byte[] s, int here, int step, int interior) {
    for (int i = 1; i <= 3; i++) {
      if (difference(s, here + i * step, step) > interior
          || difference(s, here - i * step, step) > interior) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVaried(byte[] s, int here, int step, int variance) {
    return difference(s, here + step, step) > variance
        || difference(s, here - step, step) > variance;
  }

  private static void two(byte[] s, int here, int step) {
    int outer = signed(at(s, here - 2 * step) - at(s, here + step));
    int change = 3 * (at(s, here) - at(s, here - step)) + outer;
    move(s, here, step, fine((change + 3) >> 3), fine((change + 4) >> 3));
  }

  private static void four(byte[] s, int here, int step) {
    int change = 3 * (at(s, here) - at(s, here - step));
    int after = fine((change + 4) >> 3);
    move(s, here, step, fine((change + 3) >> 3), after);
    int half = (after + 1) >> 1;
    add(s, here - 2 * step, half);
    add(s, here + step, -half);
  }

  private static void six(byte[] s, int here, int step) {
    int outer = signed(at(s, here - 2 * step) - at(s, here + step));
    int change = signed(3 * (at(s, here) - at(s, here - step)) + outer);
    for (int i = 0; i < 3; i++) {
      int part = (9 * (3 - i) * change + 63) >> 7;
      add(s, here - (i + 1) * step, part);
      add(s, here + i * step, -part);
    }
  }

  private static void move(byte[] s, int here, int step, int before, int after) {
    add(s, here - step, before);
    add(s, here, -after);
  }

  private static void add(byte[] s, int index, int change) {
    s[index] = (byte) Vp8Residuals.clamp(at(s, index) + change);
  }

  private static int signed(int value) {
    return Math.min(Math.max(value, -128), 127);
  }

  private static int fine(int value) {
    return Math.min(Math.max(value, -16), 15);
  }
}
