package dev.depthwise.cli;

/** Bars made of characters. */
final class Bars {
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

  private Bars() {}

  /**
   * A bar.
   *
   * @param fraction how full, in [0, 1]
   * @param width columns of a full bar; the result has as many, filled up with blanks
   * @param unicode whether eighths of a column can be shown
   */
  static String bar(double fraction, int width, boolean unicode) {
    double columns = Math.max(0, Math.min(1, fraction)) * width;
    int full;
    String rest = "";
    if (unicode) {
      int eighths = (int) Math.round(columns * 8);
      full = eighths / 8;
      rest = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8, eighths % 8 + 1);
    } else {
      full = (int) Math.round(columns);
    }
    String bar = (unicode ? "█" : "#").repeat(full) + rest;
    return bar + " ".repeat(width - bar.length());
  }
}
