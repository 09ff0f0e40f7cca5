package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import java.util.List;

/**
 * What lies outside of a picture that is moved.
 *
 * @param kind how the outside follows from the picture
 * @param fill sample value of a constant outside, 0 to 255; 0 for the other kinds
 */
public record Border(Kind kind, int fill) {
  /** How the outside follows from the picture; the names and meanings are Keras'. */
  public enum Kind {
    /** It does not: one value everywhere. */
    CONSTANT,
    /** The picture mirrored in its edge: {@code dcba|abcd|dcba}. */
    REFLECT,
    /** The pixel at the edge: {@code aaaa|abcd|dddd}. */
    NEAREST,
    /** The picture over again: {@code abcd|abcd|abcd}. */
    WRAP
  }

  private static final List<String> WORDS = List.of("reflect", "nearest", "wrap");

  public Border {
    if (fill < 0 || fill > 255) {
      throw new InputException("the fill must lie in 0 to 255, was " + fill);
    }
    if (kind != Kind.CONSTANT && fill != 0) {
      throw new InputException("only a constant border has a fill, not " + kind);
    }
  }

  /** Black outside. */
  public static Border black() {
    return constant(0);
  }

  /** One sample value, 0 to 255, outside. */
  public static Border constant(int fill) {
    return new Border(Kind.CONSTANT, fill);
  }

  /** A border that follows from the picture. */
  public static Border of(Kind kind) {
    return new Border(kind, 0);
  }

  /**
   * What {@link #toString} writes: {@code reflect}, {@code nearest}, {@code wrap} or a sample
   * value.
   */
  static Border parse(String text) {
    return switch (text) {
      case "reflect" -> of(Kind.REFLECT);
      case "nearest" -> of(Kind.NEAREST);
      case "wrap" -> of(Kind.WRAP);
      default -> {
        try {
          yield constant(Integer.parseInt(text));
        } catch (NumberFormatException e) {
          throw new InputException(
              "there is no border '%s'; %s or a value of 0 to 255"
                  .formatted(text, Names.suggest(text, WORDS)),
              e);
        }
      }
    };
  }

  /** Where in a row or column of so many samples the value of a place outside is found. */
  int position(int at, int size) {
    if (at >= 0 && at < size) {
      return at;
    }
    return switch (kind) {
      case CONSTANT, NEAREST -> at < 0 ? 0 : size - 1;
      case WRAP -> Math.floorMod(at, size);
      case REFLECT -> {
        int folded = Math.floorMod(at, 2 * size);
        yield folded < size ? folded : 2 * size - 1 - folded;
      }
    };
  }

  @Override
  public String toString() {
    return switch (kind) {
      case CONSTANT -> Integer.toString(fill);
      case REFLECT -> "reflect";
      case NEAREST -> "nearest";
      case WRAP -> "wrap";
    };
  }
}
