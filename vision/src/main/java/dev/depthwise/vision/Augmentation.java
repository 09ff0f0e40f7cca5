package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Randomness;
import java.util.Objects;

/**
 * How training pictures are varied: a crop of the padded picture, a mirror image, an erased
 * rectangle, in this order. What happens to a picture depends on (seed, epoch, picture) alone.
 *
 * <p>Source of the crop and the flip: He et al. 2015, "Deep Residual Learning", section 4.2.
 *
 * @param pad pixels added on every side, of which a window of the original size is then cut; 0
 *     leaves the picture in place
 * @param fill sample value of the added pixels, 0 to 255
 * @param flip probability of left and right being exchanged, 0 to 1
 * @param erasing what is erased after normalisation
 */
public record Augmentation(int pad, int fill, double flip, Erasing erasing) {
  public Augmentation {
    if (pad < 0 || pad > 1024) {
      throw new InputException("augmentation: the padding must lie in 0 to 1024, was " + pad);
    }
    if (fill < 0 || fill > 255) {
      throw new InputException("augmentation: the fill must lie in 0 to 255, was " + fill);
    }
    if (!(flip >= 0 && flip <= 1)) {
      throw new InputException(
          "augmentation: the flip's probability must lie in 0 to 1, was " + flip);
    }
    Objects.requireNonNull(erasing);
  }

  /** Leaves pictures as they are. */
  public static Augmentation none() {
    return new Augmentation(0, 0, 0, Erasing.none());
  }

  /** Crops after padding with 4 zeros, flips every other picture, erases nothing. */
  public static Augmentation standard() {
    return new Augmentation(4, 0, 0.5, Erasing.none());
  }

  /** The same with another padding. */
  public Augmentation withPad(int pad) {
    return new Augmentation(pad, fill, flip, erasing);
  }

  /** The same with another probability of a flip. */
  public Augmentation withFlip(double flip) {
    return new Augmentation(pad, fill, flip, erasing);
  }

  /** The same with another erasing. */
  public Augmentation withErasing(Erasing erasing) {
    return new Augmentation(pad, fill, flip, erasing);
  }

  /**
   * Writes a picture, varied and normalised, as CHW floats.
   *
   * @param picture of any size; it is fitted first
   * @param target takes {@link Preprocessor#length()} floats from {@code offset} on
   * @param randomness the picture's own
   */
  void apply(
      Picture picture,
      Preprocessor preprocessor,
      float[] target,
      int offset,
      Randomness randomness) {
    Picture varied = preprocessor.fit(picture);
    int width = varied.width();
    int height = varied.height();
    if (pad > 0) {
      int left = randomness.below(2 * pad + 1) - pad;
      int top = randomness.below(2 * pad + 1) - pad;
      varied = varied.window(left, top, width, height, fill);
    }
    if (flip > 0 && randomness.nextDouble() < flip) {
      varied = varied.mirrored();
    }
    preprocessor.normalize(varied, target, offset);
    erasing.apply(target, offset, varied.channels(), height, width, randomness);
  }
}
