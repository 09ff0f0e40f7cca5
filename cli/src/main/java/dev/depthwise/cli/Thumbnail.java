package dev.depthwise.cli;

import dev.depthwise.network.Interpolation;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.Resize;
import java.util.ArrayList;
import java.util.List;

/** A picture made of characters, each two pixels high. */
final class Thumbnail {
  private static final String SHADES = " .:-=+*#%@";
  private static final int[] CUBE = {0, 95, 135, 175, 215, 255};

  private Thumbnail() {}

  /**
   * The picture's lines.
   *
   * @param columns of each line; there are half as many lines for a square picture
   */
  static List<String> lines(Picture picture, int columns, Screen screen) {
    int rows = Math.max(2, Math.round((float) columns * picture.height() / picture.width()));
    rows = Math.min(2 * columns, rows + rows % 2);
    Picture small = Resize.resize(picture, columns, rows, Interpolation.BILINEAR);
    List<String> lines = new ArrayList<>();
    for (int y = 0; y < rows; y += 2) {
      lines.add(
          screen.hasColors() && screen.unicode() ? colored(small, y, screen) : shaded(small, y));
    }
    return lines;
  }

  /** Text to the right of a picture, in the middle of its height. */
  static List<String> beside(List<String> picture, int columns, List<String> text) {
    int above = Math.max(0, (picture.size() - text.size()) / 2);
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < Math.max(picture.size(), above + text.size()); row++) {
      String left = row < picture.size() ? picture.get(row) : " ".repeat(columns);
      int at = row - above;
      lines.add(left + (at >= 0 && at < text.size() ? "  " + text.get(at) : ""));
    }
    return lines;
  }

  /** Cells beside each other, filled row by row; a blank line follows each row of cells. */
  static List<String> inColumns(List<List<String>> cells, int columns, int width) {
    List<String> lines = new ArrayList<>();
    for (int first = 0; first < cells.size(); first += columns) {
      List<List<String>> row = cells.subList(first, Math.min(cells.size(), first + columns));
      int height = row.stream().mapToInt(List::size).max().orElse(0);
      for (int y = 0; y < height; y++) {
        StringBuilder line = new StringBuilder();
        for (List<String> cell : row) {
          String text = y < cell.size() ? cell.get(y) : "";
          line.append(text).append(" ".repeat(Math.max(1, width - Screen.columns(text))));
        }
        lines.add(line.toString().stripTrailing());
      }
      lines.add("");
    }
    return lines;
  }

  private static String colored(Picture picture, int y, Screen screen) {
    StringBuilder line = new StringBuilder();
    String before = "";
    for (int x = 0; x < picture.width(); x++) {
      String colors =
          "\u001b[38;%s;48;%sm"
              .formatted(color(picture, x, y, screen), color(picture, x, y + 1, screen));
      line.append(colors.equals(before) ? "" : colors).append('▀');
      before = colors;
    }
    return line.append("\u001b[0m").toString();
  }

  private static String color(Picture picture, int x, int y, Screen screen) {
    int last = picture.channels() - 1;
    int red = picture.sample(x, y, 0);
    int green = picture.sample(x, y, last / 2);
    int blue = picture.sample(x, y, last);
    return screen.colors() == Screen.Colors.TRUE
        ? "2;%d;%d;%d".formatted(red, green, blue)
        : "5;" + palette(red, green, blue);
  }

  /** The nearest of xterm's 256 colours: 24 greys, and a cube of 6 x 6 x 6. */
  private static int palette(int red, int green, int blue) {
    if (red == green && green == blue) {
      return red < 4 ? 16 : red > 246 ? 231 : 232 + Math.min(23, Math.max(0, (red - 3) / 10));
    }
    return 16 + 36 * nearest(red) + 6 * nearest(green) + nearest(blue);
  }

  private static int nearest(int sample) {
    int best = 0;
    for (int index = 1; index < CUBE.length; index++) {
      if (Math.abs(CUBE[index] - sample) < Math.abs(CUBE[best] - sample)) {
        best = index;
      }
    }
    return best;
  }

  private static String shaded(Picture picture, int y) {
    Picture grey = picture.to(1);
    StringBuilder line = new StringBuilder();
    for (int x = 0; x < grey.width(); x++) {
      int mean = (grey.sample(x, y, 0) + grey.sample(x, y + 1, 0)) / 2;
      line.append(SHADES.charAt(mean * SHADES.length() / 256));
    }
    return line.toString();
  }
}
