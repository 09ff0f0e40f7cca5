package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Gaussian blur (Chen et al. 2020, "A Simple Framework for Contrastive Learning", appendix A).
 *
 * @param probability 0 to 1
 * @param least smallest standard deviation in pixels, above 0
 * @param most largest, at most 32
 */
public record Blur(double probability, double least, double most) implements Transform {
  static final String NAME = "blur";

  public Blur {
    Ranges.require(NAME, "probability", probability, 0, 1);
    if (!(least > 0 && least <= most && most <= 32)) {
      throw new InputException(
          "augmentation %s: the deviation must be a range within 0 to 32, was %s to %s"
              .formatted(NAME, least, most));
    }
  }

  static Blur parse(Term term) {
    term.most(3);
    return new Blur(term.number(0, 0.5), term.number(1, 0.1), term.number(2, 2));
  }

  @Override
  public Picture apply(Picture picture, Randomness randomness) {
    return randomness.nextDouble() < probability
        ? Focus.gaussian(picture, randomness.between(least, most))
        : picture;
  }

  @Override
  public String toString() {
    return Term.write(NAME, List.of(probability, least, most), List.of(0.5, 0.1, 2.0));
  }
}
