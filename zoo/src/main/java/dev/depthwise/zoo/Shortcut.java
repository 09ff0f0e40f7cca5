package dev.depthwise.zoo;

import dev.depthwise.network.InputException;

/** What a shortcut does where it cannot be the identity (He et al. 2015, Section 3.3 and 4.1). */
public enum Shortcut {
  /** Takes every second place and fills up with channels of zeros: no parameters. */
  A,
  /** Projects where the shape changes, passes on elsewhere. */
  B,
  /** Projects everywhere. */
  C;

  /**
   * The option of that letter, in any case.
   *
   * @throws InputException if there is none
   */
  public static Shortcut parse(String letter) {
    for (Shortcut shortcut : values()) {
      if (shortcut.name().equalsIgnoreCase(letter)) {
        return shortcut;
      }
    }
    throw new InputException(
        "there is no shortcut option '%s'; take A (no parameters), B or C (projections)"
            .formatted(letter));
  }
}
