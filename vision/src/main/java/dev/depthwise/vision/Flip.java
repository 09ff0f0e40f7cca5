package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Exchanges left and right.
 *
 * @param probability 0 to 1
 */
public record Flip(double probability) implements Transform {
  static final String NAME = "flip";

  public Flip {
    Ranges.require(NAME, "probability", probability, 0, 1);
  }

  static Flip parse(Term term) {
    term.most(1);
    return new Flip(term.number(0, 0.5));
  }

  @Override
  public Picture apply(Picture picture, Randomness randomness) {
    return probability > 0 && randomness.nextDouble() < probability ? picture.mirrored() : picture;
  }

  @Override
  public String toString() {
    return Term.write(NAME, List.of(probability), List.of(0.5));
  }
}
