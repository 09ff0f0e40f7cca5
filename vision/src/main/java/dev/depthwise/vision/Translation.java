package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Moves right and down by parts of the width and the height, each drawn from [-part, part].
 *
 * @param part 0 to 1
 * @param border what lies outside
 */
public record Translation(double part, Border border) implements Motion {
  static final String NAME = "translate";

  public Translation {
    Ranges.require(NAME, "part of the size", part, 0, 1);
  }

  static Translation parse(Term term) {
    term.most(2);
    return new Translation(term.number(0, 0.1), Border.parse(term.text(1, "0")));
  }

  @Override
  public Affine draw(int width, int height, Randomness randomness) {
    double right = width * randomness.between(-part, part);
    double down = height * randomness.between(-part, part);
    return Affine.translation(right, down);
  }

  @Override
  public String toString() {
    return Term.write(NAME, List.of(part, border), List.of(0.1, Border.black()));
  }
}
