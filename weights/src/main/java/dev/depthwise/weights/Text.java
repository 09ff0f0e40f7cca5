package dev.depthwise.weights;

/** What comes out of a file, made fit to stand in a one-line message. */
public final class Text {
  private static final int LONGEST = 80;
  private static final int LONGEST_LINE = 400;

  private Text() {}

  /** The text in quotes. */
  public static String quote(String text) {
    return "'" + clean(text) + "'";
  }

  /** The text without line breaks and other control characters, and not endless. */
  public static String clean(String text) {
    return cut(text, LONGEST);
  }

  /** What an error says, in one line and not endless. */
  public static String line(Throwable error) {
    return line(String.valueOf(error.getMessage()));
  }

  /** A message of a library in one line and not endless. */
  public static String line(String message) {
    return cut(message, LONGEST_LINE);
  }

  private static String cut(String text, int longest) {
    String start = text.length() > longest ? text.substring(0, longest) + "..." : text;
    return start.replaceAll("\\p{Cntrl}|\\p{Cf}|[\\u2028\\u2029]", "?");
  }
}
