package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 2g}, {@code 1500m}; powers of 1000. */
final class MemorySize {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})([mg])b?");

  private MemorySize() {}

  /**
   * The number of bytes, at least 1.
   *
   * @throws InputException if the text is something else
   */
  static long parse(String text) {
    Matcher matcher = TEXT.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      throw new InputException(
          "--memory must be a number of megabytes or gigabytes, like 1500m or 2g; got " + text);
    }
    return Long.parseLong(matcher.group(1))
        * (matcher.group(2).equals("g") ? 1_000_000_000 : 1_000_000);
  }
}
