package dev.depthwise.vision;

/**
 * A resampling filter, as Pillow defines it. All but {@link #NEAREST} widen with the scale when a
 * picture shrinks (antialias).
 */
public enum Filter {
  /** The nearest sample, with no antialias. */
  NEAREST(0) {
    @Override
    double weight(double x) {
      return 1;
    }
  },
  /** The mean over the source area. */
  BOX(0.5) {
    @Override
    double weight(double x) {
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    }
  },
  /** A triangle over two samples; the usual one for classification. */
  BILINEAR(1) {
    @Override
    double weight(double x) {
      return Math.max(1 - Math.abs(x), 0);
    }
  },
  /** Cubic convolution with a = -0.5 (Keys 1981). */
  BICUBIC(2) {
    @Override
    double weight(double x) {
      double a = -0.5;
      double distance = Math.abs(x);
      if (distance < 1) {
        return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
      }
      return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * a : 0;
    }
  },
  /** A sinc windowed by a sinc of three times the width. */
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  };

  private final double support;

  Filter(double support) {
    this.support = support;
  }

  /** Half the width of the filter at scale 1, in source samples. */
  double support() {
    return support;
  }

  /** The weight of a sample at this distance from the centre, not yet normalised. */
  abstract double weight(double x);

  private static double sinc(double x) {
    return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
  }
}
