package dev.depthwise.cli;

/** Times as people say them. */
final class Durations {
  private Durations() {}

  /** "0.8 s", "42 s", "3 min 12 s", "2 h 5 min". */
  static String text(double seconds) {
    if (seconds < 9.95) {
      return "%.1f s".formatted(seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return "%d min %d s".formatted(whole / 60, whole % 60);
    }
    return "%d h %d min".formatted(whole / 3600, whole % 3600 / 60);
  }
}
