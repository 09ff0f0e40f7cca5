package dev.depthwise.draw;

import dev.depthwise.draw.Mark.Anchor;
import dev.depthwise.draw.Mark.Box;
import dev.depthwise.draw.Mark.Words;
import java.util.List;
import java.util.Locale;

/** Colours and the usual sizes. */
final class Paint {
  static final String INK = "#1f2937";
  static final String FAINT = "#6b7280";
  static final String WIRE = "#4b5563";
  static final String SHORTCUT = "#d1335b";
  static final String FRAME = "#cbd5e1";
  static final String GROUND = "#f8fafc";
  static final String WHITE = "#ffffff";

  private static final int[][] HEAT = {
    {255, 250, 240}, {254, 227, 190}, {253, 187, 132}, {239, 101, 72}, {190, 25, 30}
  };

  private Paint() {}

  /** The colour of a part, in [0, 1], of the largest cost. */
  static String heat(double part) {
    double place = Math.sqrt(Math.max(0, Math.min(1, part))) * (HEAT.length - 1);
    int low = (int) Math.min(HEAT.length - 2, Math.floor(place));
    StringBuilder colour = new StringBuilder("#");
    for (int channel = 0; channel < 3; channel++) {
      double value =
          HEAT[low][channel] + (HEAT[low + 1][channel] - HEAT[low][channel]) * (place - low);
      colour.append(String.format(Locale.ROOT, "%02x", Math.round(value)));
    }
    return colour.toString();
  }

  /** Whether white text is read better on the colour of a part. */
  static boolean isDark(double part) {
    return part > 0.55;
  }

  static Words words(double x, double y, double size, Anchor anchor, String fill, String text) {
    return new Words(x, y, size, false, anchor, fill, text);
  }

  static Words bold(double x, double y, double size, Anchor anchor, String fill, String text) {
    return new Words(x, y, size, true, anchor, fill, text);
  }

  /** A frame around several things. */
  static Box frame(double x, double y, double width, double height, String fill) {
    return new Box(x, y, width, height, 10, fill, FRAME, 1);
  }

  /** The width of the widest of some lines. */
  static double widest(List<String> lines, double size, boolean bold) {
    return lines.stream().mapToDouble(line -> Glyphs.width(line, size, bold)).max().orElse(0);
  }
}
