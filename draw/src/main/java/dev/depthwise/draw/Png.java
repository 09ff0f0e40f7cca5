package dev.depthwise.draw;

import dev.depthwise.draw.Mark.Box;
import dev.depthwise.draw.Mark.Line;
import dev.depthwise.draw.Mark.Part;
import dev.depthwise.draw.Mark.Point;
import dev.depthwise.draw.Mark.Words;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import javax.imageio.ImageIO;

/** A scene as pixels. No font of the machine is asked for. */
public final class Png {
  /** Beyond these many pixels a picture is painted smaller. */
  private static final double MOST_PIXELS = 60e6;

  private Png() {}

  /**
   * Writes a picture.
   *
   * @param scale pixels for each of the scene; less where the picture would be huge
   */
  public static void write(Scene scene, double scale, OutputStream out) throws IOException {
    ImageIO.write(paint(scene, scale), "png", out);
  }

  /** The picture. */
  static BufferedImage paint(Scene scene, double scale) {
    double area = scene.width() * scene.height();
    double side = Math.max(scene.width(), scene.height());
    double fitting = Math.min(scale, Math.min(Math.sqrt(MOST_PIXELS / area), Scene.LARGEST / side));
    int width = (int) Math.max(1, Math.ceil(scene.width() * fitting));
    int height = (int) Math.max(1, Math.ceil(scene.height() * fitting));
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
    pen.scale(fitting, fitting);
    paint(pen, scene.marks());
    pen.dispose();
    return image;
  }

  private static void paint(Graphics2D pen, List<Mark> marks) {
    for (Mark mark : marks) {
      if (mark instanceof Box box) {
        RoundRectangle2D shape =
            new RoundRectangle2D.Double(
                box.x(), box.y(), box.width(), box.height(), 2 * box.radius(), 2 * box.radius());
        if (!box.fill().equals("none")) {
          pen.setColor(Color.decode(box.fill()));
          pen.fill(shape);
        }
        if (!box.stroke().equals("none")) {
          pen.setColor(Color.decode(box.stroke()));
          pen.setStroke(new BasicStroke((float) box.strokeWidth()));
          pen.draw(shape);
        }
      } else if (mark instanceof Line line) {
        paint(pen, line);
      } else if (mark instanceof Words words) {
        pen.setColor(Color.decode(words.fill()));
        pen.fill(Glyphs.outline(words.text(), words.left(), words.y(), words.size(), words.bold()));
      } else if (mark instanceof Part part) {
        paint(pen, part.marks());
      }
    }
  }

  private static void paint(Graphics2D pen, Line line) {
    Path2D path = new Path2D.Double();
    for (Geometry.Step step : Geometry.steps(line)) {
      List<Point> to = step.points();
      Point first = to.get(0);
      switch (step.kind()) {
        case 'M' -> path.moveTo(first.x(), first.y());
        case 'L' -> path.lineTo(first.x(), first.y());
        case 'Q' -> path.quadTo(first.x(), first.y(), to.get(1).x(), to.get(1).y());
        default ->
            path.curveTo(
                first.x(), first.y(), to.get(1).x(), to.get(1).y(), to.get(2).x(), to.get(2).y());
      }
    }
    if (!line.fill().equals("none")) {
      pen.setColor(Color.decode(line.fill()));
      pen.fill(path);
    }
    if (line.stroke().equals("none")) {
      return;
    }
    pen.setColor(Color.decode(line.stroke()));
    pen.setStroke(
        line.dashed()
            ? new BasicStroke(
                (float) line.strokeWidth(),
                BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_ROUND,
                10,
                new float[] {5, 4},
                0)
            : new BasicStroke(
                (float) line.strokeWidth(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    pen.draw(path);
    if (line.arrow()) {
      Path2D head = new Path2D.Double();
      List<Point> corners = Geometry.head(line);
      head.moveTo(corners.get(0).x(), corners.get(0).y());
      head.lineTo(corners.get(1).x(), corners.get(1).y());
      head.lineTo(corners.get(2).x(), corners.get(2).y());
      head.closePath();
      pen.fill(head);
    }
  }
}
