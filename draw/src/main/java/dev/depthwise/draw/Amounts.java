package dev.depthwise.draw;

import dev.depthwise.network.Shape;
import java.util.Locale;
import java.util.stream.Collectors;

/** Numbers as a reader wants them, the same in every country. */
final class Amounts {
  private Amounts() {}

  /** All digits: "4,089,184,256". */
  static String exact(long amount) {
    return String.format(Locale.ROOT, "%,d", amount);
  }

  /** Three digits: "25.6 M". */
  static String rounded(long amount) {
    if (amount < 1000) {
      return String.valueOf(amount);
    }
    String[] units = {"", " k", " M", " G", " T", " P"};
    int unit = 0;
    double rest = amount;
    while (rest >= 999.5 && unit < units.length - 1) {
      rest /= 1000;
      unit++;
    }
    String pattern = rest < 9.995 ? "%.2f" : rest < 99.95 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, pattern, rest) + units[unit];
  }

  /** As the papers write it: "256×56×56". */
  static String shape(Shape shape) {
    return shape.dimensions().stream().map(String::valueOf).collect(Collectors.joining("×"));
  }
}
