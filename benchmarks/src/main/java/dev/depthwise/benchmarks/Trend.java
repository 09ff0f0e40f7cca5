package dev.depthwise.benchmarks;

import java.util.List;

/**
 * A straight line through measurements, by least squares.
 *
 * @param slope of the measured by one operation
 * @param error of the slope, one standard deviation, if the measurements scatter at random
 */
record Trend(double slope, double error) {
  /**
   * What was measured after so many operations.
   *
   * @param operations since the beginning
   * @param value in any unit
   */
  record Point(double operations, double value) {}

  /** The line through three points or more. */
  static Trend of(List<Point> points) {
    if (points.size() < 3) {
      throw new IllegalArgumentException("a trend needs 3 points, got " + points.size());
    }
    int count = points.size();
    double meanX = points.stream().mapToDouble(Point::operations).sum() / count;
    double meanY = points.stream().mapToDouble(Point::value).sum() / count;
    double xx = 0;
    double xy = 0;
    for (Point point : points) {
      xx += (point.operations() - meanX) * (point.operations() - meanX);
      xy += (point.operations() - meanX) * (point.value() - meanY);
    }
    double slope = xy / xx;
    double residuals = 0;
    for (Point point : points) {
      double residual = point.value() - meanY - slope * (point.operations() - meanX);
      residuals += residual * residual;
    }
    return new Trend(slope, Math.sqrt(residuals / (count - 2) / xx));
  }
}
