package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Shows a part of the picture about the middle, or the picture and its surroundings: the width and
 * height that are seen are drawn from [1 - part, 1 + part], both the same, as Keras' {@code
 * RandomZoom} does.
 *
 * @param part 0 to 0.95
 * @param border what lies outside
 */
public record Zoom(double part, Border border) implements Motion {
  static final String NAME = "zoom";

  public Zoom {
    Ranges.require(NAME, "part of the size", part, 0, 0.95);
  }

  static Zoom parse(Term term) {
    term.most(2);
    return new Zoom(term.number(0, 0.2), Border.parse(term.text(1, "0")));
  }

  @Override
  public Affine draw(int width, int height, Randomness randomness) {
    double seen = randomness.between(1 - part, 1 + part);
    return Affine.about(width / 2.0, height / 2.0, seen, 0, 0, seen);
  }

  @Override
  public String toString() {
    return Term.write(NAME, List.of(part, border), List.of(0.2, Border.black()));
  }
}
