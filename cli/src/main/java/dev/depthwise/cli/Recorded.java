package dev.depthwise.cli;

import org.jspecify.annotations.Nullable;

/** A command as it can be given again. */
final class Recorded {
  private final StringBuilder text;

  Recorded(String command) {
    text = new StringBuilder(command);
  }

  /** Adds an option; nothing where it was not given. */
  void add(String option, @Nullable Object value) {
    if (value != null) {
      text.append(' ').append(option).append(' ').append(value);
    }
  }

  /** Adds an option without a value, if it holds. */
  void flag(String option, boolean holds) {
    if (holds) {
      text.append(' ').append(option);
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
