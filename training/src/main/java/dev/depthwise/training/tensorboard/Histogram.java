package dev.depthwise.training.tensorboard;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * How values are distributed: counts in the buckets that TensorFlow's summaries have, whose limits
 * grow by a tenth from 1e-12 to 1e20 on both sides of 0.
 *
 * @param min the smallest value
 * @param max the largest
 * @param count how many values; at least 1
 * @param sum of the values
 * @param sumOfSquares of the values
 * @param limits the upper limit of each bucket, not in it; ascending
 * @param counts how many values lie in each bucket; several empty ones in a row are one
 */
@SuppressWarnings("ArrayRecordComponent") // Made and written, never compared.
record Histogram(
    double min,
    double max,
    long count,
    double sum,
    double sumOfSquares,
    double[] limits,
    double[] counts) {
  private static final double[] LIMITS = everyLimit();

  private static double[] everyLimit() {
    double[] positive =
        DoubleStream.concat(
                DoubleStream.iterate(1e-12, limit -> limit < 1e20, limit -> 1.1 * limit),
                DoubleStream.of(Double.MAX_VALUE))
            .toArray();
    int size = positive.length;
    double[] limits = new double[2 * size + 1];
    for (int i = 0; i < size; i++) {
      limits[size - 1 - i] = -positive[i];
      limits[size + 1 + i] = positive[i];
    }
    return limits;
  }

  /**
   * The distribution of what remains in a buffer, which is not moved. What is not finite is left
   * out; where nothing is left, it is that of one 0.
   */
  static Histogram of(FloatBuffer values) {
    long[] counts = new long[LIMITS.length];
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    long count = 0;
    double sum = 0;
    double sumOfSquares = 0;
    for (int at = values.position(); at < values.limit(); at++) {
      double value = values.get(at);
      if (Double.isFinite(value)) {
        counts[bucket(value)]++;
        min = Math.min(min, value);
        max = Math.max(max, value);
        count++;
        sum += value;
        sumOfSquares += value * value;
      }
    }
    return count == 0
        ? of(FloatBuffer.allocate(1))
        : compressed(counts, min, max, count, sum, sumOfSquares);
  }

  /** The first bucket whose limit is larger than a value. */
  private static int bucket(double value) {
    int found = Arrays.binarySearch(LIMITS, value);
    return found >= 0 ? found + 1 : -found - 1;
  }

  private static Histogram compressed(
      long[] counts, double min, double max, long count, double sum, double sumOfSquares) {
    double[] limits = new double[counts.length];
    double[] kept = new double[counts.length];
    int size = 0;
    for (int i = 0; i < counts.length; i++) {
      if (size > 0 && counts[i] == 0 && kept[size - 1] == 0) {
        size--;
      }
      limits[size] = LIMITS[i];
      kept[size++] = counts[i];
    }
    return new Histogram(
        min, max, count, sum, sumOfSquares, Arrays.copyOf(limits, size), Arrays.copyOf(kept, size));
  }
}
