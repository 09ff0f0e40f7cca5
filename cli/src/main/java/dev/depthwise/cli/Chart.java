package dev.depthwise.cli;

import java.util.List;

/**
 * Curves as an SVG element without a word in it: what it says stands in the page around it, where
 * it follows the reader's fonts, light and dark.
 */
final class Chart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 280;
  private static final int MOST_POINTS = 320;

  private Chart() {}

  /**
   * A curve.
   *
   * @param kind its class in the page's style sheet, which colours it
   * @param values one for each step, from the first
   */
  record Curve(String kind, List<Double> values) {
    Curve {
      values = List.copyOf(values);
    }
  }

  /**
   * A line from the lower edge to the upper.
   *
   * @param kind its class in the page's style sheet
   * @param at where, as a fraction of the width, in [0, 1]
   */
  record Mark(String kind, double at) {}

  /**
   * An SVG element of the curves, as wide as its place.
   *
   * @param marks below the curves
   * @param most the value at the upper edge; the lower is 0
   * @param grid the value from one line of the grid to the next
   * @param description for who cannot see it; plain text without quotes or angle brackets
   */
  static String svg(
      List<Curve> curves, List<Mark> marks, double most, double grid, String description) {
    StringBuilder svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"".formatted(WIDTH, HEIGHT));
    svg.append(description).append("\">\n");
    for (double value = grid; value <= most; value += grid) {
      svg.append("<path class=\"grid\" d=\"M0 %.1fH%d\"/>\n".formatted(height(value, most), WIDTH));
    }
    for (Mark mark : marks) {
      svg.append(
          "<path class=\"%s\" d=\"M%.1f 0V%d\"/>\n"
              .formatted(mark.kind(), WIDTH * mark.at(), HEIGHT));
    }
    for (Curve curve : curves) {
      svg.append("<path class=\"curve %s\" d=\"".formatted(curve.kind()));
      int size = curve.values().size();
      int points = Math.min(size, MOST_POINTS);
      for (int point = 0; point < points; point++) {
        int step = points == 1 ? 0 : (int) ((long) point * (size - 1) / (points - 1));
        svg.append(
            "%s%.1f %.1f"
                .formatted(
                    point == 0 ? "M" : "L",
                    size == 1 ? 0 : (double) WIDTH * step / (size - 1),
                    height(curve.values().get(step), most)));
      }
      svg.append("\"/>\n");
    }
    return svg.append("</svg>").toString();
  }

  private static double height(double value, double most) {
    return HEIGHT * (1 - Math.max(0, Math.min(1, value / most)));
  }
}
