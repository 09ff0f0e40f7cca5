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
 * @param alpha what the widths are multiplied with (MobileNet)
 * @param top whether the network ends in its classifier
 * @param pooling of the last features, where there is no top
 * @param auxiliary whether it has its auxiliary heads, which help in training only
 */
public record Options(
    Optional<Style> style,
    Optional<Shape> input,
    Optional<Integer> classes,
    Optional<Shortcut> shortcut,
    Optional<Double> alpha,
    boolean top,
    Pooling pooling,
    boolean auxiliary) {
  /** The most classes that a network may tell apart. */
  public static final int MOST_CLASSES = 1_000_000;

  private static final double LARGEST_ALPHA = 16;

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
    alpha.ifPresent(
        factor -> {
          if (!(factor > 0 && factor <= LARGEST_ALPHA)) {
            throw new InputException(
                "alpha must be more than 0 and at most %.0f, was %s"
                    .formatted(LARGEST_ALPHA, factor));
          }
        });
    if (top && pooling != Pooling.NONE) {
      throw new InputException(
          "pooling %s is for a network without its top; leave one of the two out"
              .formatted(pooling));
    }
    if (!top && classes.isPresent()) {
      throw new InputException(
          "a network without its top tells no classes apart; leave one of the two out");
    }
  }

  /** The architecture's own choice in everything: with its top, without auxiliary heads. */
  public static Options defaults() {
    return new Options(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true,
        Pooling.NONE,
        false);
  }

  /** These options with a style. */
  public Options withStyle(Style chosen) {
    return new Options(
        Optional.of(chosen), input, classes, shortcut, alpha, top, pooling, auxiliary);
  }

  /**
   * These options with an input of channels x height x width.
   *
   * @throws InputException if it is no picture
   */
  public Options withInput(Shape chosen) {
    return new Options(
        style, Optional.of(chosen), classes, shortcut, alpha, top, pooling, auxiliary);
  }

  /**
   * These options with a number of classes.
   *
   * @throws InputException if it is less than 1 or more than {@value #MOST_CLASSES}, or if there is
   *     no top
   */
  public Options withClasses(int chosen) {
    return new Options(style, input, Optional.of(chosen), shortcut, alpha, top, pooling, auxiliary);
  }

  /** These options with a kind of shortcut. */
  public Options withShortcut(Shortcut chosen) {
    return new Options(style, input, classes, Optional.of(chosen), alpha, top, pooling, auxiliary);
  }

  /**
   * These options with a factor for all widths.
   *
   * @throws InputException if it is not positive, or very large
   */
  public Options withAlpha(double chosen) {
    return new Options(
        style, input, classes, shortcut, Optional.of(chosen), top, pooling, auxiliary);
  }

  /** These options without the classifier: the last features, pooled or not. */
  public Options withoutTop(Pooling chosen) {
    return new Options(style, input, Optional.empty(), shortcut, alpha, false, chosen, auxiliary);
  }

  /** These options with the auxiliary heads as further outputs. */
  public Options withAuxiliary() {
    return new Options(style, input, classes, shortcut, alpha, top, pooling, true);
  }
}
