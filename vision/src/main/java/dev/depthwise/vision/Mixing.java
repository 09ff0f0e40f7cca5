package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Randomness;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Mixes each picture of a batch with its neighbour in the batch, and their classes likewise: the
 * whole pictures laid over each other (mixup), or a rectangle of one put into the other (CutMix). A
 * batch is mixed in one way and one proportion, as in the papers' own code; where both ways are
 * asked for, each batch has one of them, either as likely.
 *
 * <p>Sources: Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization"; Yun et al. 2019,
 * "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features", appendix
 * A.
 *
 * @param mixup alpha of the beta distribution from which mixup's proportion is drawn, 0.01 to 100;
 *     0 for no mixup
 * @param cutmix the same of CutMix
 */
public record Mixing(double mixup, double cutmix) {
  static final String MIXUP = "mixup";
  static final String CUTMIX = "cutmix";

  public Mixing {
    requireAlpha(MIXUP, mixup);
    requireAlpha(CUTMIX, cutmix);
  }

  private static void requireAlpha(String name, double alpha) {
    if (alpha != 0 && !(alpha >= 0.01 && alpha <= 100)) {
      throw new InputException(
          "augmentation %s: alpha must be 0 (none) or lie in 0.01 to 100, was %s"
              .formatted(name, alpha));
    }
  }

  /** Mixes nothing. */
  public static Mixing none() {
    return new Mixing(0, 0);
  }

  /** A part of a picture; the far edges are outside. */
  record Box(int left, int top, int right, int bottom) {
    /** A box whose area is about {@code 1 - share} of the picture, cut off at its edges. */
    static Box draw(double share, int width, int height, Randomness randomness) {
      int x = randomness.below(width);
      int y = randomness.below(height);
      double half = 0.5 * Math.sqrt(1 - share);
      int halfWidth = (int) (half * width);
      int halfHeight = (int) (half * height);
      return new Box(
          Math.max(x - halfWidth, 0),
          Math.max(y - halfHeight, 0),
          Math.min(x + halfWidth, width),
          Math.min(y + halfHeight, height));
    }

    int area() {
      return (right - left) * (bottom - top);
    }
  }

  /**
   * Mixes a batch in place: each picture with the one before it, the first with the last.
   *
   * @param pixels NCHW, from 0 on as many pictures as there are labels; its position is not moved
   * @param labels the pictures' classes
   * @param scratch as long as a picture; written over
   * @param randomness the batch's own
   */
  Targets apply(
      FloatBuffer pixels,
      int[] labels,
      int height,
      int width,
      float[] scratch,
      Randomness randomness) {
    if (equals(none()) || labels.length < 2) {
      return Targets.of(labels);
    }
    boolean isCut = mixup == 0 || (cutmix > 0 && randomness.below(2) == 1);
    double share = randomness.nextBeta(isCut ? cutmix : mixup);
    if (isCut) {
      Box box = Box.draw(share, width, height, randomness);
      blend(pixels, labels.length, height, width, box, 0, scratch);
      return Targets.mixed(labels, 1 - box.area() / ((double) width * height));
    }
    Box whole = new Box(0, 0, width, height);
    blend(pixels, labels.length, height, width, whole, (float) share, scratch);
    return Targets.mixed(labels, share);
  }

  /** In the box, each picture keeps {@code own} of itself. */
  private static void blend(
      FloatBuffer pixels, int count, int height, int width, Box box, float own, float[] scratch) {
    int length = scratch.length;
    // Backwards, so that each picture's neighbour is still what it was; only the last one is not.
    FloatBuffer last = FloatBuffer.wrap(scratch);
    pixels.get((count - 1) * length, scratch);
    for (int picture = count - 1; picture >= 0; picture--) {
      FloatBuffer neighbour = picture == 0 ? last : pixels;
      int toNeighbour = picture == 0 ? 0 : -length;
      for (int plane = 0; plane < length; plane += height * width) {
        for (int y = box.top; y < box.bottom; y++) {
          int row = picture * length + plane + y * width;
          for (int at = row + box.left; at < row + box.right; at++) {
            pixels.put(at, own * pixels.get(at) + (1 - own) * neighbour.get(at + toNeighbour));
          }
        }
      }
    }
  }

  @Override
  public String toString() {
    return Stream.of(text(MIXUP, mixup), text(CUTMIX, cutmix))
        .flatMap(part -> part)
        .collect(Collectors.joining(","));
  }

  private static Stream<String> text(String name, double alpha) {
    return DoubleStream.of(alpha)
        .filter(given -> given > 0)
        .mapToObj(given -> Term.write(name, List.of(given), List.of("")));
  }
}
