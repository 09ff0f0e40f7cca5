package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Cuts a window of random size and shape out of a whole picture; it is then resized to what the
 * network takes. A window that does not fit is drawn anew, ten times at most; then it is the
 * largest middle one whose shape is allowed.
 *
 * <p>Source: Szegedy et al. 2014, "Going Deeper with Convolutions", section 6; the drawing is that
 * of torchvision's {@code RandomResizedCrop}.
 *
 * @param minScale smallest part of the picture's area, above 0
 * @param maxScale largest part, at most 1
 * @param minRatio smallest width / height of the window, at least 0.01
 * @param maxRatio largest, at most 100
 */
public record ResizedCrop(double minScale, double maxScale, double minRatio, double maxRatio) {
  static final String NAME = "resized-crop";
  private static final int ATTEMPTS = 10;
  private static final ResizedCrop STANDARD = new ResizedCrop(0.08, 1, 3 / 4.0, 4 / 3.0);

  public ResizedCrop {
    if (!(minScale > 0 && minScale <= maxScale && maxScale <= 1)) {
      throw new InputException(
          "augmentation %s: the part of the area must be a range within 0 to 1, was %s to %s"
              .formatted(NAME, minScale, maxScale));
    }
    if (!(minRatio >= 0.01 && minRatio <= maxRatio && maxRatio <= 100)) {
      throw new InputException(
          "augmentation %s: the ratio must be a range within 0.01 to 100, was %s to %s"
              .formatted(NAME, minRatio, maxRatio));
    }
  }

  /** The paper's ranges: 8 % to 100 % of the area, 3:4 to 4:3. */
  public static ResizedCrop standard() {
    return STANDARD;
  }

  static ResizedCrop parse(Term term) {
    term.most(4);
    return new ResizedCrop(
        term.number(0, STANDARD.minScale),
        term.number(1, STANDARD.maxScale),
        term.number(2, STANDARD.minRatio),
        term.number(3, STANDARD.maxRatio));
  }

  /** The window, not yet resized. */
  public Picture apply(Picture picture, Randomness randomness) {
    int width = picture.width();
    int height = picture.height();
    double area = (double) width * height;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double wanted = area * randomness.between(minScale, maxScale);
      double ratio =
          StrictMath.exp(randomness.between(StrictMath.log(minRatio), StrictMath.log(maxRatio)));
      int windowWidth = (int) Math.rint(Math.sqrt(wanted * ratio));
      int windowHeight = (int) Math.rint(Math.sqrt(wanted / ratio));
      if (windowWidth > 0 && windowWidth <= width && windowHeight > 0 && windowHeight <= height) {
        int top = randomness.below(height - windowHeight + 1);
        int left = randomness.below(width - windowWidth + 1);
        return picture.window(left, top, windowWidth, windowHeight, 0);
      }
    }
    int windowWidth = width;
    int windowHeight = height;
    double ratio = (double) width / height;
    if (ratio < minRatio) {
      windowHeight = within(width / minRatio, height);
    } else if (ratio > maxRatio) {
      windowWidth = within(height * maxRatio, width);
    }
    return picture.window(
        (width - windowWidth) / 2, (height - windowHeight) / 2, windowWidth, windowHeight, 0);
  }

  private static int within(double size, int most) {
    return Math.min(Math.max((int) Math.rint(size), 1), most);
  }

  @Override
  public String toString() {
    return Term.write(
        NAME,
        List.of(minScale, maxScale, minRatio, maxRatio),
        List.of(STANDARD.minScale, STANDARD.maxScale, STANDARD.minRatio, STANDARD.maxRatio));
  }
}
