package dev.depthwise.draw;

import dev.depthwise.draw.Mark.Line;
import dev.depthwise.draw.Mark.Point;
import java.util.ArrayList;
import java.util.List;

/** Lines with round corners and heads, alike in every kind of file. */
final class Geometry {
  private static final double RADIUS = 7;
  private static final double HEAD_LENGTH = 7;
  private static final double HEAD_WIDTH = 3.2;

  private Geometry() {}

  /**
   * A step of a pen.
   *
   * @param kind M moves, L draws a line, Q a quadratic and C a cubic curve
   */
  record Step(char kind, List<Point> points) {}

  /** The pen's way along a line. */
  static List<Step> steps(Line line) {
    List<Point> points = line.arrow() ? shortened(line) : line.points();
    List<Step> steps = new ArrayList<>();
    steps.add(new Step('M', List.of(points.get(0))));
    if (line.curved()) {
      for (int index = 1; index < points.size(); index += 3) {
        steps.add(new Step('C', points.subList(index, index + 3)));
      }
      return steps;
    }
    for (int index = 1; index < points.size(); index++) {
      Point point = points.get(index);
      if (index == points.size() - 1) {
        steps.add(new Step('L', List.of(point)));
        continue;
      }
      Point before = points.get(index - 1);
      Point after = points.get(index + 1);
      double radius =
          Math.min(RADIUS, Math.min(distance(before, point), distance(point, after)) / 2);
      steps.add(new Step('L', List.of(towards(point, before, radius))));
      steps.add(new Step('Q', List.of(point, towards(point, after, radius))));
    }
    return steps;
  }

  /** The three corners of a line's head. */
  static List<Point> head(Line line) {
    List<Point> points = line.points();
    Point tip = points.get(points.size() - 1);
    Point before = points.get(points.size() - 2);
    double length = Math.max(1e-9, distance(before, tip));
    double x = (tip.x() - before.x()) / length;
    double y = (tip.y() - before.y()) / length;
    Point foot = new Point(tip.x() - x * HEAD_LENGTH, tip.y() - y * HEAD_LENGTH);
    return List.of(
        tip,
        new Point(foot.x() - y * HEAD_WIDTH, foot.y() + x * HEAD_WIDTH),
        new Point(foot.x() + y * HEAD_WIDTH, foot.y() - x * HEAD_WIDTH));
  }

  /** Up to the foot of the head, whose tip a thick line would blunt. */
  private static List<Point> shortened(Line line) {
    List<Point> points = new ArrayList<>(line.points());
    int last = points.size() - 1;
    Point tip = points.get(last);
    double length = distance(points.get(last - 1), tip);
    points.set(last, towards(tip, points.get(last - 1), Math.min(length, HEAD_LENGTH - 1)));
    return points;
  }

  private static Point towards(Point from, Point to, double length) {
    double whole = distance(from, to);
    double part = whole == 0 ? 0 : length / whole;
    return new Point(from.x() + (to.x() - from.x()) * part, from.y() + (to.y() - from.y()) * part);
  }

  private static double distance(Point one, Point other) {
    return Math.hypot(one.x() - other.x(), one.y() - other.y());
  }
}
