package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Exchanges top and bottom.
 *
 * @param probability 0 to 1
 */
public record VerticalFlip(double probability) implements Transform {
  static final String NAME = "vflip";

  public VerticalFlip {
    Ranges.require(NAME, "probability", probability, 0, 1);
  }

  static VerticalFlip parse(Term term) {
    term.most(1);
    return new VerticalFlip(term.number(0, 0.5));
  }

  @Override
  public Picture apply(Picture picture, Randomness randomness) {
    return randomness.nextDouble() < probability ? picture.upsideDown() : picture;
  }

  @Override
  public String toString() {
    return Term.write(NAME, List.of(probability), List.of(0.5));
  }
}
