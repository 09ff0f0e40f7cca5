package dev.depthwise.engine.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;

/** How near two lists of numbers are, as vectors. */
final class Closeness {
  /** Below this root mean square, numbers count as this large: rounding is not relative to 0. */
  private static final double FLOOR = 1e-2;

  private Closeness() {}

  /** The length of the difference, relative to the expected. */
  static double relative(double[] actual, double[] expected) {
    double difference = 0;
    double length = 0;
    for (int index = 0; index < expected.length; index++) {
      difference += (actual[index] - expected[index]) * (actual[index] - expected[index]);
      length += expected[index] * expected[index];
    }
    return Math.sqrt(difference / Math.max(length, FLOOR * FLOOR * expected.length));
  }

  static void assertClose(String what, double[] actual, double[] expected, double tolerance) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double error = relative(actual, expected);
    // Written so that a NaN fails.
    if (!(error <= tolerance)) {
      throw new AssertionError(
          "%s: relative error %.3g, allowed %.3g; %s"
              .formatted(what, error, tolerance, firstDifference(actual, expected, tolerance)));
    }
  }

  private static String firstDifference(double[] actual, double[] expected, double tolerance) {
    for (int index = 0; index < expected.length; index++) {
      double allowed = tolerance * Math.max(Math.abs(expected[index]), FLOOR);
      if (!(Math.abs(actual[index] - expected[index]) <= allowed)) {
        return "first at %d of %d: %s, expected %s"
            .formatted(index, expected.length, actual[index], expected[index]);
      }
    }
    return "no single element stands out";
  }

  static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int index = 0; index < result.length; index++) {
      result[index] = values[index];
    }
    return result;
  }

  static double[] doubles(FloatBuffer values) {
    return doubles(floats(values));
  }

  static float[] floats(FloatBuffer values) {
    float[] result = new float[values.remaining()];
    values.duplicate().get(result);
    return result;
  }
}
