package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Takes the colour away.
 *
 * @param probability 0 to 1
 */
public record Grayscale(double probability) implements Transform {
  static final String NAME = "grayscale";

  public Grayscale {
    Ranges.require(NAME, "probability", probability, 0, 1);
  }

  static Grayscale parse(Term term) {
    term.most(1);
    return new Grayscale(term.number(0, 0.1));
  }

  @Override
  public Picture apply(Picture picture, Randomness randomness) {
    return randomness.nextDouble() < probability ? picture.to(1).to(picture.channels()) : picture;
  }

  @Override
  public String toString() {
    return Term.write(NAME, List.of(probability), List.of(0.1));
  }
}
