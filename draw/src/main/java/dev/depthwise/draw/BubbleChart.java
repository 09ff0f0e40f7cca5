package dev.depthwise.draw;

import dev.depthwise.draw.Mark.Anchor;
import dev.depthwise.draw.Mark.Box;
import dev.depthwise.draw.Mark.Line;
import dev.depthwise.draw.Mark.Part;
import dev.depthwise.draw.Mark.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Networks by what they cost and how often they are right: multiply-adds to the right, on a
 * logarithmic scale, top-1 accuracy upwards, parameters as the area of a bubble (Canziani et al.
 * 2016, "An Analysis of Deep Neural Network Models for Practical Applications", Fig. 2).
 */
public final class BubbleChart {
  private static final double WIDTH = 860;
  private static final double HEIGHT = 560;
  private static final double LEFT = 76;
  private static final double RIGHT = 830;
  private static final double TOP = 92;
  private static final double BOTTOM = 500;

  /** The radius of the largest bubble. */
  private static final double LARGEST = 34;

  private static final double LETTERS = 11;

  private static final double[] STEPS = {1, 2, 5};

  private BubbleChart() {}

  /**
   * A network.
   *
   * @param name what to write beside it
   * @param multiplyAdds for one picture, at least 1
   * @param parameters at least 1
   * @param top1 the part of pictures that it names rightly, in per cent
   */
  public record Bubble(String name, long multiplyAdds, long parameters, double top1) {
    public Bubble {
      if (multiplyAdds < 1 || parameters < 1 || !(top1 >= 0 && top1 <= 100)) {
        throw new IllegalArgumentException(
            "%s: %d multiply-adds, %d parameters, %s %%"
                .formatted(name, multiplyAdds, parameters, top1));
      }
    }
  }

  /** The chart of one network or more. */
  public static Scene of(List<Bubble> bubbles) {
    if (bubbles.isEmpty()) {
      throw new IllegalArgumentException("no network to draw");
    }
    double least = bubbles.stream().mapToLong(Bubble::multiplyAdds).min().orElseThrow() / 1.6;
    double most = bubbles.stream().mapToLong(Bubble::multiplyAdds).max().orElseThrow() * 1.6;
    double low = Math.floor(bubbles.stream().mapToDouble(Bubble::top1).min().orElseThrow() - 1.5);
    double high = Math.ceil(bubbles.stream().mapToDouble(Bubble::top1).max().orElseThrow() + 1.5);
    long parameters = bubbles.stream().mapToLong(Bubble::parameters).max().orElseThrow();
    List<Mark> marks = new ArrayList<>();
    marks.add(Paint.bold(32, 42, 20, Anchor.START, Paint.INK, "Accuracy and what it costs"));
    marks.add(
        Paint.words(
            32,
            64,
            12,
            Anchor.START,
            Paint.FAINT,
            "published top-1 accuracy on ImageNet; the area of a bubble: parameters, at most "
                + Amounts.rounded(parameters)));
    grid(marks, least, most, low, high);
    // Large ones first, so that none hides another; names last, so that none is hidden.
    List<Bubble> sorted =
        bubbles.stream().sorted(Comparator.comparingLong(Bubble::parameters).reversed()).toList();
    List<Box> circles = new ArrayList<>();
    for (Bubble bubble : sorted) {
      double radius = LARGEST * Math.sqrt((double) bubble.parameters() / parameters);
      circles.add(
          circle(
              across((double) bubble.multiplyAdds(), least, most),
              up(bubble.top1(), low, high),
              radius));
    }
    for (int index = 0; index < circles.size(); index++) {
      marks.add(part(sorted.get(index), circles.get(index)));
    }
    List<Box> taken = new ArrayList<>(circles);
    for (int index = 0; index < circles.size(); index++) {
      marks.add(label(sorted.get(index).name(), circles.get(index), taken));
    }
    return new Scene("Accuracy and what it costs", WIDTH, HEIGHT, marks);
  }

  private static void grid(List<Mark> marks, double least, double most, double low, double high) {
    for (double decade = 1; decade <= most; decade *= 10) {
      for (double step : STEPS) {
        double value = decade * step;
        if (value >= least && value <= most) {
          double x = across(value, least, most);
          marks.add(line(new Point(x, TOP), new Point(x, BOTTOM)));
          marks.add(
              Paint.words(
                  x, BOTTOM + 20, 11, Anchor.MIDDLE, Paint.FAINT, Amounts.rounded((long) value)));
        }
      }
    }
    double every = high - low > 20 ? 5 : high - low > 8 ? 2 : 1;
    for (double value = Math.ceil(low / every) * every; value <= high; value += every) {
      double y = up(value, low, high);
      marks.add(line(new Point(LEFT, y), new Point(RIGHT, y)));
      marks.add(
          Paint.words(
              LEFT - 8,
              y + 4,
              11,
              Anchor.END,
              Paint.FAINT,
              String.format(Locale.ROOT, "%.0f %%", value)));
    }
    marks.add(
        Paint.words(
            (LEFT + RIGHT) / 2,
            BOTTOM + 44,
            12,
            Anchor.MIDDLE,
            Paint.INK,
            "multiply-adds for one picture"));
  }

  private static Box circle(double x, double y, double radius) {
    return new Box(
        x - radius,
        y - radius,
        2 * radius,
        2 * radius,
        radius,
        Kind.CONV.fill(),
        Kind.CONV.stroke(),
        1.4);
  }

  private static Mark part(Bubble bubble, Box circle) {
    List<String> details =
        List.of(
            String.format(Locale.ROOT, "top-1 %.1f %%", bubble.top1()),
            Amounts.rounded(bubble.parameters()) + " parameters",
            Amounts.rounded(bubble.multiplyAdds()) + " multiply-adds");
    return new Part(bubble.name(), details, List.of(circle));
  }

  /** A name above, below or beside its bubble, where it covers least of what is there already. */
  private static Mark label(String name, Box circle, List<Box> taken) {
    double width = Glyphs.width(name, LETTERS, true);
    double middle = circle.x() + circle.width() / 2;
    double centre = circle.y() + circle.height() / 2;
    List<Point> corners =
        List.of(
            new Point(middle - width / 2, circle.y() - LETTERS - 5),
            new Point(middle - width / 2, circle.y() + circle.height() + 4),
            new Point(circle.x() + circle.width() + 5, centre - LETTERS / 2),
            new Point(circle.x() - width - 5, centre - LETTERS / 2),
            new Point(middle - width / 2, centre - LETTERS / 2));
    Box best = box(corners.get(0), width);
    double least = Double.POSITIVE_INFINITY;
    for (Point corner : corners) {
      Box place = box(corner, width);
      double covered = taken.stream().mapToDouble(other -> common(place, other)).sum();
      boolean outside = corner.x() < 0 || corner.x() + width > WIDTH;
      if (!outside && covered < least) {
        least = covered;
        best = place;
      }
    }
    taken.add(best);
    return Paint.bold(best.x(), best.y() + LETTERS - 1, LETTERS, Anchor.START, Paint.INK, name);
  }

  private static Box box(Point corner, double width) {
    return new Box(corner.x(), corner.y(), width, LETTERS + 1, 0, "none", "none", 0);
  }

  /** The area that two boxes share. */
  private static double common(Box one, Box other) {
    double width =
        Math.min(one.x() + one.width(), other.x() + other.width()) - Math.max(one.x(), other.x());
    double height =
        Math.min(one.y() + one.height(), other.y() + other.height()) - Math.max(one.y(), other.y());
    return Math.max(0, width) * Math.max(0, height);
  }

  private static Line line(Point from, Point to) {
    return new Line(List.of(from, to), false, Paint.FRAME, 1, "none", false, false);
  }

  private static double across(double value, double least, double most) {
    return LEFT + (RIGHT - LEFT) * Math.log(value / least) / Math.log(most / least);
  }

  private static double up(double value, double low, double high) {
    return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low);
  }
}
