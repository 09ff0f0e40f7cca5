package dev.depthwise.draw;

import java.util.List;

/**
 * Something drawn on a scene. Lengths are in pixels, y grows downwards, colours are {@code
 * #rrggbb}.
 */
public sealed interface Mark permits Mark.Box, Mark.Line, Mark.Words, Mark.Part {
  /** This mark elsewhere. */
  Mark moved(double dx, double dy);

  /** A place. */
  record Point(double x, double y) {
    Point moved(double dx, double dy) {
      return new Point(x + dx, y + dy);
    }
  }

  /**
   * A rectangle.
   *
   * @param radius of its corners; half the side makes a circle
   * @param fill a colour, or "none"
   * @param stroke a colour, or "none"
   */
  record Box(
      double x,
      double y,
      double width,
      double height,
      double radius,
      String fill,
      String stroke,
      double strokeWidth)
      implements Mark {
    public Box {
      if (!(width >= 0 && height >= 0 && radius >= 0)) {
        throw new IllegalArgumentException("a box of %sx%s".formatted(width, height));
      }
    }

    @Override
    public Box moved(double dx, double dy) {
      return new Box(x + dx, y + dy, width, height, radius, fill, stroke, strokeWidth);
    }
  }

  /**
   * A line through points, or a curve.
   *
   * @param points at least two; of a curve, a start and three for each piece (Bézier)
   * @param curved whether it is a curve; the corners of others are rounded
   * @param fill a colour for the area it encloses, or "none"
   * @param arrow whether it ends in a head
   * @param dashed whether it has gaps
   */
  record Line(
      List<Point> points,
      boolean curved,
      String stroke,
      double strokeWidth,
      String fill,
      boolean arrow,
      boolean dashed)
      implements Mark {
    public Line {
      points = List.copyOf(points);
      if (points.size() < 2 || (curved && points.size() % 3 != 1)) {
        throw new IllegalArgumentException("a line of %d points".formatted(points.size()));
      }
    }

    /** A line that ends in a head. */
    static Line arrow(String stroke, List<Point> points) {
      return new Line(points, false, stroke, 1.4, "none", true, false);
    }

    @Override
    public Line moved(double dx, double dy) {
      return new Line(
          points.stream().map(point -> point.moved(dx, dy)).toList(),
          curved,
          stroke,
          strokeWidth,
          fill,
          arrow,
          dashed);
    }
  }

  /** On which side of its place a text stands. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /**
   * A line of text.
   *
   * @param y of its base line
   * @param size of the letters
   */
  record Words(
      double x, double y, double size, boolean bold, Anchor anchor, String fill, String text)
      implements Mark {
    @Override
    public Words moved(double dx, double dy) {
      return new Words(x + dx, y + dy, size, bold, anchor, fill, text);
    }

    /** The place of its left end. */
    double left() {
      double width = Glyphs.width(text, size, bold);
      return switch (anchor) {
        case START -> x;
        case MIDDLE -> x - width / 2;
        case END -> x - width;
      };
    }
  }

  /**
   * Marks that are one thing to a reader.
   *
   * @param name what it is, in a few words; a reader's pointer shows it
   * @param details one line each, of what the picture has no room for
   */
  record Part(String name, List<String> details, List<Mark> marks) implements Mark {
    public Part {
      details = List.copyOf(details);
      marks = List.copyOf(marks);
    }

    @Override
    public Part moved(double dx, double dy) {
      return new Part(name, details, marks.stream().map(mark -> mark.moved(dx, dy)).toList());
    }
  }
}
