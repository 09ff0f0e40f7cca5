package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Changes brightness, contrast, saturation and hue, in an order drawn for each picture, as
 * torchvision's transform of this name does. The first three are multiplied by factors drawn from
 * [max(0, 1 - range), 1 + range], the hue is turned by a part of the circle from [-hue, hue]. A
 * grey picture has no saturation and no hue.
 *
 * @param brightness range, 0 to 10
 * @param contrast range, 0 to 10
 * @param saturation range, 0 to 10
 * @param hue 0 to 0.5
 */
public record ColorJitter(double brightness, double contrast, double saturation, double hue)
    implements Transform {
  static final String NAME = "jitter";

  public ColorJitter {
    Ranges.require(NAME, "brightness", brightness, 0, 10);
    Ranges.require(NAME, "contrast", contrast, 0, 10);
    Ranges.require(NAME, "saturation", saturation, 0, 10);
    Ranges.require(NAME, "hue", hue, 0, 0.5);
  }

  /** {@code jitter:0.4} is short for {@code jitter:0.4:0.4:0.4:0}. */
  static ColorJitter parse(Term term) {
    term.most(4);
    double brightness = term.number(0, 0.4);
    return new ColorJitter(
        brightness, term.number(1, brightness), term.number(2, brightness), term.number(3, 0));
  }

  @Override
  public Picture apply(Picture picture, Randomness randomness) {
    int[] order = randomness.permutation(4);
    // Drawn whether it is used or not: so the hue does not depend on whether saturation varies.
    double brighter = factor(brightness, randomness);
    double harder = factor(contrast, randomness);
    double purer = factor(saturation, randomness);
    double turn = randomness.between(-hue, hue);
    Picture varied = picture;
    for (int change : order) {
      varied =
          switch (change) {
            case 0 -> brightness == 0 ? varied : Tones.brightness(varied, brighter);
            case 1 -> contrast == 0 ? varied : Tones.contrast(varied, harder);
            case 2 -> saturation == 0 ? varied : Tones.saturation(varied, purer);
            default -> hue == 0 ? varied : Tones.hue(varied, turn);
          };
    }
    return varied;
  }

  private static double factor(double range, Randomness randomness) {
    return randomness.between(Math.max(0, 1 - range), 1 + range);
  }

  @Override
  public String toString() {
    return Term.write(
        NAME,
        List.of(brightness, contrast, saturation, hue),
        List.of("", brightness, brightness, 0.0));
  }
}
