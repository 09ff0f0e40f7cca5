package dev.depthwise.draw;

import dev.depthwise.draw.Mark.Box;
import dev.depthwise.draw.Mark.Line;
import dev.depthwise.draw.Mark.Part;
import dev.depthwise.draw.Mark.Point;
import dev.depthwise.draw.Mark.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** A scene as an SVG document: text is text, and everything else shapes. */
public final class Svg {
  /** Fonts about as wide as the table that widths are estimated with. */
  private static final String FONTS =
      "'Helvetica Neue',Helvetica,'DejaVu Sans Condensed',Arial,'Liberation Sans',sans-serif";

  private Svg() {}

  /** The document. */
  public static String of(Scene scene) {
    StringBuilder svg = new StringBuilder();
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\"");
    svg.append(" width=\"").append(number(scene.width()));
    svg.append("\" height=\"").append(number(scene.height())).append("\" viewBox=\"0 0 ");
    svg.append(number(scene.width())).append(' ').append(number(scene.height()));
    svg.append("\" role=\"img\" font-family=\"").append(FONTS).append("\">\n<title>");
    svg.append(escaped(scene.title())).append("</title>\n");
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    append(svg, scene.marks());
    return svg.append("</svg>\n").toString();
  }

  /** Marks as elements. */
  static void append(StringBuilder svg, List<Mark> marks) {
    for (Mark mark : marks) {
      if (mark instanceof Box box) {
        box(svg, box);
      } else if (mark instanceof Line line) {
        line(svg, line);
      } else if (mark instanceof Words words) {
        words(svg, words);
      } else if (mark instanceof Part part) {
        svg.append("<g><title>").append(escaped(part.name()));
        part.details().forEach(detail -> svg.append('\n').append(escaped(detail)));
        svg.append("</title>\n");
        append(svg, part.marks());
        svg.append("</g>\n");
      }
    }
  }

  private static void box(StringBuilder svg, Box box) {
    svg.append("<rect x=\"").append(number(box.x())).append("\" y=\"").append(number(box.y()));
    svg.append("\" width=\"").append(number(box.width()));
    svg.append("\" height=\"").append(number(box.height()));
    if (box.radius() > 0) {
      svg.append("\" rx=\"").append(number(box.radius()));
    }
    svg.append("\" fill=\"").append(box.fill());
    stroke(svg, box.stroke(), box.strokeWidth());
    svg.append("\"/>\n");
  }

  private static void line(StringBuilder svg, Line line) {
    svg.append("<path d=\"").append(path(line)).append("\" fill=\"").append(line.fill());
    stroke(svg, line.stroke(), line.strokeWidth());
    if (line.dashed()) {
      svg.append("\" stroke-dasharray=\"5 4");
    }
    svg.append("\"/>\n");
    if (line.arrow()) {
      List<Point> head = Geometry.head(line);
      svg.append("<path d=\"M");
      head.forEach(point -> svg.append(place(point)).append(' '));
      svg.append("Z\" fill=\"").append(line.stroke()).append("\"/>\n");
    }
  }

  private static String path(Line line) {
    StringBuilder path = new StringBuilder();
    for (Geometry.Step step : Geometry.steps(line)) {
      path.append(step.kind());
      for (int index = 0; index < step.points().size(); index++) {
        path.append(index == 0 ? "" : " ").append(place(step.points().get(index)));
      }
    }
    return path.toString();
  }

  private static void words(StringBuilder svg, Words words) {
    svg.append("<text x=\"").append(number(words.x())).append("\" y=\"");
    svg.append(number(words.y())).append("\" font-size=\"").append(number(words.size()));
    switch (words.anchor()) {
      case START -> {}
      case MIDDLE -> svg.append("\" text-anchor=\"middle");
      case END -> svg.append("\" text-anchor=\"end");
    }
    if (words.bold()) {
      svg.append("\" font-weight=\"bold");
    }
    svg.append("\" fill=\"").append(words.fill()).append("\">");
    svg.append(escaped(words.text())).append("</text>\n");
  }

  private static void stroke(StringBuilder svg, String stroke, double width) {
    if (!stroke.equals("none")) {
      svg.append("\" stroke=\"").append(stroke);
      if (width != 1) {
        svg.append("\" stroke-width=\"").append(number(width));
      }
    }
  }

  private static String place(Point point) {
    return number(point.x()) + " " + number(point.y());
  }

  /** To a tenth of a pixel. */
  static String number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** Plain text as XML; what XML cannot hold becomes a question mark. */
  static String escaped(String text) {
    return text.replaceAll("[^\\t\\n\\x20-\\uD7FF\\uE000-\\uFFFD]", "?")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
