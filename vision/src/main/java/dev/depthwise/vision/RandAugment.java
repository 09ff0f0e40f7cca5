package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Several operations drawn from fourteen, with repetition, all of one strength.
 *
 * <p>Source: Cubuk et al. 2020, "RandAugment: Practical automated data augmentation with a reduced
 * search space"; operations, strengths and signs are torchvision's, on Pillow's definitions.
 *
 * @param operations how many, 1 to 14
 * @param magnitude their strength, 0 to 30
 */
public record RandAugment(int operations, int magnitude) implements Transform {
  static final String NAME = "randaugment";
  private static final int STRONGEST = 30;

  /** What may be done to a picture. */
  enum Operation {
    IDENTITY,
    SHEAR_X,
    SHEAR_Y,
    TRANSLATE_X,
    TRANSLATE_Y,
    ROTATE,
    BRIGHTNESS,
    COLOR,
    CONTRAST,
    SHARPNESS,
    POSTERIZE,
    SOLARIZE,
    AUTOCONTRAST,
    EQUALIZE;

    /** Whether it has two directions. */
    boolean isSigned() {
      return switch (this) {
        case SHEAR_X, SHEAR_Y, TRANSLATE_X, TRANSLATE_Y, ROTATE -> true;
        case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> true;
        case IDENTITY, POSTERIZE, SOLARIZE, AUTOCONTRAST, EQUALIZE -> false;
      };
    }

    /**
     * The picture after this operation.
     *
     * @param strength -1 to 1 where it has two directions, else 0 to 1
     */
    Picture apply(Picture picture, double strength) {
      return switch (this) {
        case IDENTITY -> picture;
        case SHEAR_X -> new Affine(1, 0.3 * strength, 0, 0, 1, 0).nearest(picture);
        case SHEAR_Y -> new Affine(1, 0, 0, 0.3 * strength, 1, 0).nearest(picture);
        case TRANSLATE_X ->
            Affine.translation(pixels(picture.width(), strength), 0).nearest(picture);
        case TRANSLATE_Y ->
            Affine.translation(0, pixels(picture.height(), strength)).nearest(picture);
        case ROTATE ->
            Affine.rotation(30 * strength, picture.width(), picture.height()).nearest(picture);
        case BRIGHTNESS -> Tones.brightness(picture, 1 + 0.9 * strength);
        case COLOR -> Tones.saturation(picture, 1 + 0.9 * strength);
        case CONTRAST -> Tones.contrast(picture, 1 + 0.9 * strength);
        case SHARPNESS -> Focus.sharpness(picture, 1 + 0.9 * strength);
        case POSTERIZE -> Tones.posterize(picture, 8 - (int) Math.rint(4 * strength));
        case SOLARIZE -> Tones.solarize(picture, 255 - 255 * strength);
        case AUTOCONTRAST -> Tones.autocontrast(picture);
        case EQUALIZE -> Tones.equalize(picture);
      };
    }

    private static int pixels(int size, double strength) {
      return (int) (150.0 / 331.0 * size * strength);
    }
  }

  private static final List<Operation> ALL = List.of(Operation.values());

  public RandAugment {
    Ranges.require(NAME, "number of operations", operations, 1, ALL.size());
    Ranges.require(NAME, "magnitude", magnitude, 0, STRONGEST);
  }

  /** Two operations of magnitude 9, as the paper found for ResNet-50 on ImageNet. */
  public static RandAugment standard() {
    return new RandAugment(2, 9);
  }

  static RandAugment parse(Term term) {
    term.most(2);
    return new RandAugment(term.whole(0, 2), term.whole(1, 9));
  }

  @Override
  public Picture apply(Picture picture, Randomness randomness) {
    Picture varied = picture;
    for (int i = 0; i < operations; i++) {
      Operation operation = ALL.get(randomness.below(ALL.size()));
      double strength = (double) magnitude / STRONGEST;
      boolean negative = operation.isSigned() && randomness.below(2) == 1;
      varied = operation.apply(varied, negative ? -strength : strength);
    }
    return varied;
  }

  @Override
  public String toString() {
    return Term.write(NAME, List.of(operations, magnitude), List.of(2, 9));
  }
}
