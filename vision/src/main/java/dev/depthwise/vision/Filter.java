package dev.depthwise.vision;

import dev.depthwise.network.Interpolation;

/** The weights of resampling filters, as in Pillow's {@code Resample.c}. */
final class Filter {
  private Filter() {}

  /** Half the width of the filter at scale 1, in source samples. */
  static double support(Interpolation interpolation) {
    return switch (interpolation) {
      case NEAREST -> 0;
      case BOX -> 0.5;
      case BILINEAR, HAMMING -> 1;
      case BICUBIC -> 2;
      case LANCZOS -> 3;
    };
  }

  /** The weight of a sample at this distance from the centre, not yet normalised. */
  static double weight(Interpolation interpolation, double x) {
    double distance = Math.abs(x);
    return switch (interpolation) {
      case NEAREST -> 1;
      case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
      case BILINEAR -> Math.max(1 - distance, 0);
      case HAMMING -> hamming(distance);
      case BICUBIC -> bicubic(distance);
      case LANCZOS -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    };
  }

  private static double hamming(double distance) {
    if (distance == 0) {
      return 1;
    }
    double angle = distance * Math.PI;
    return distance < 1
        ? StrictMath.sin(angle) / angle * (0.54f + 0.46f * StrictMath.cos(angle))
        : 0;
  }

  private static double bicubic(double distance) {
    double a = -0.5;
    if (distance < 1) {
      return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
    }
    return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * a : 0;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
  }
}
