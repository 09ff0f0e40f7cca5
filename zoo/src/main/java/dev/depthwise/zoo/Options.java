package dev.depthwise.zoo;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import java.util.Optional;

/**
 * What a person may choose about an architecture; what is left out takes the architecture's own
 * default.
 *
 * @param style whose port
 * @param input channels x height x width
 * @param classes length of the output; 1 to {@value #MOST_CLASSES}
 * @param shortcut what shortcuts do where they cannot be the identity
 */
public record Options(
    Optional<Style> style,
    Optional<Shape> input,
    Optional<Integer> classes,
    Optional<Shortcut> shortcut) {
  /** The most classes that a network may tell apart. */
  public static final int MOST_CLASSES = 1_000_000;

  public Options {
    input.ifPresent(
        shape -> {
          if (!shape.isPicture()) {
            throw new InputException(
                "the input must be channels x height x width, such as 3x224x224, was " + shape);
          }
        });
    classes.ifPresent(
        count -> {
          if (count < 1 || count > MOST_CLASSES) {
            throw new InputException(
                "the number of classes must be 1 to %d, was %d".formatted(MOST_CLASSES, count));
          }
        });
  }

  /** The architecture's own choice in everything. */
  public static Options defaults() {
    return new Options(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** These options with a style. */
  public Options withStyle(Style chosen) {
    return new Options(Optional.of(chosen), input, classes, shortcut);
  }

  /**
   * These options with an input of channels x height x width.
   *
   * @throws InputException if it is no picture
   */
  public Options withInput(Shape chosen) {
    return new Options(style, Optional.of(chosen), classes, shortcut);
  }

  /**
   * These options with a number of classes.
   *
   * @throws InputException if it is less than 1 or more than {@value #MOST_CLASSES}
   */
  public Options withClasses(int chosen) {
    return new Options(style, input, Optional.of(chosen), shortcut);
  }

  /** These options with a kind of shortcut. */
  public Options withShortcut(Shortcut chosen) {
    return new Options(style, input, classes, Optional.of(chosen));
  }
}
