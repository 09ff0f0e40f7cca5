package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Shifts rows against each other about the middle, by an angle drawn from [-degrees, degrees].
 *
 * @param degrees 0 to 80
 * @param border what lies outside
 */
public record Shear(double degrees, Border border) implements Motion {
  static final String NAME = "shear";

  public Shear {
    Ranges.require(NAME, "angle", degrees, 0, 80);
  }

  static Shear parse(Term term) {
    term.most(2);
    return new Shear(term.number(0, 10), Border.parse(term.text(1, "0")));
  }

  @Override
  public Affine draw(int width, int height, Randomness randomness) {
    double slope = StrictMath.tan(StrictMath.toRadians(randomness.between(-degrees, degrees)));
    return Affine.about(width / 2.0, height / 2.0, 1, slope, 0, 1);
  }

  @Override
  public String toString() {
    return Term.write(NAME, List.of(degrees, border), List.of(10.0, Border.black()));
  }
}
