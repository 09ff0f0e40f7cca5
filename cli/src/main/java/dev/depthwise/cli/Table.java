package dev.depthwise.cli;

import java.util.ArrayList;
import java.util.List;

/** Text in columns, each as wide as its widest cell. */
final class Table {
  /** On which side of a column its text stands. */
  enum Align {
    LEFT,
    RIGHT
  }

  private final List<String> heads;
  private final List<Align> aligns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param heads a name for each column; one that begins with {@code >} has its text on the right
   */
  Table(String... heads) {
    this.heads =
        java.util.Arrays.stream(heads)
            .map(head -> head.startsWith(">") ? head.substring(1) : head)
            .toList();
    this.aligns =
        java.util.Arrays.stream(heads)
            .map(head -> head.startsWith(">") ? Align.RIGHT : Align.LEFT)
            .toList();
  }

  /** Adds a row. */
  Table row(String... cells) {
    if (cells.length != heads.size()) {
      throw new IllegalArgumentException(
          "a row needs %d cells, got %d".formatted(heads.size(), cells.length));
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The table's lines, its heads first. */
  List<String> lines(Screen screen) {
    int[] widths = new int[heads.size()];
    measure(widths, heads);
    rows.forEach(row -> measure(widths, row));
    List<String> lines = new ArrayList<>();
    lines.add(screen.toned(Screen.Tone.STRONG, line(widths, heads)));
    rows.forEach(row -> lines.add(line(widths, row)));
    return lines;
  }

  private static void measure(int[] widths, List<String> cells) {
    for (int column = 0; column < widths.length; column++) {
      widths[column] = Math.max(widths[column], cells.get(column).length());
    }
  }

  private String line(int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String gap = " ".repeat(widths[column] - cells.get(column).length());
      line.append(column == 0 ? "" : "  ");
      line.append(aligns.get(column) == Align.RIGHT ? gap : "").append(cells.get(column));
      line.append(aligns.get(column) == Align.LEFT ? gap : "");
    }
    return line.toString().stripTrailing();
  }
}
