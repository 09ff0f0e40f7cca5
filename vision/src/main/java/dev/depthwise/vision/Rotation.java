package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Rotates about the middle, by an angle drawn from [-degrees, degrees].
 *
 * @param degrees 0 to 180
 * @param border what lies outside
 */
public record Rotation(double degrees, Border border) implements Motion {
  static final String NAME = "rotate";

  public Rotation {
    Ranges.require(NAME, "angle", degrees, 0, 180);
  }

  static Rotation parse(Term term) {
    term.most(2);
    return new Rotation(term.number(0, 15), Border.parse(term.text(1, "0")));
  }

  @Override
  public Affine draw(int width, int height, Randomness randomness) {
    return Affine.rotation(randomness.between(-degrees, degrees), width, height);
  }

  @Override
  public String toString() {
    return Term.write(NAME, List.of(degrees, border), List.of(15.0, Border.black()));
  }
}
