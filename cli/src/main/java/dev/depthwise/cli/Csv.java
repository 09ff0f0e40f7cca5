package dev.depthwise.cli;

/** Comma-separated values (RFC 4180). */
final class Csv {
  private Csv() {}

  /** A text as one field. */
  static String quoted(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
