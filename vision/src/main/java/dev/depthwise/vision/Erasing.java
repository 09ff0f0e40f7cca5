package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Random erasing: with some probability, one rectangle of a normalised picture is overwritten.
 *
 * <p>Source: Zhong et al. 2017, "Random Erasing Data Augmentation", algorithm 1; the aspect ratio
 * is drawn on a logarithmic scale, as torchvision and timm do.
 *
 * @param probability that a picture is erased at all, 0 to 1
 * @param minArea smallest part of the picture's area, above 0
 * @param maxArea largest part, at most 1
 * @param minAspect smallest height / width of the rectangle, above 0
 * @param maxAspect largest
 * @param fill what is put there
 */
public record Erasing(
    double probability,
    double minArea,
    double maxArea,
    double minAspect,
    double maxAspect,
    Fill fill) {
  /** What an erased rectangle is filled with. */
  public enum Fill {
    /** The data set's mean, which is 0 after normalisation. */
    MEAN,
    /** For each sample a number of the normal distribution, as normalised samples have. */
    NOISE;

    private static Fill parse(String text) {
      return switch (text) {
        case "mean" -> MEAN;
        case "noise" -> NOISE;
        default ->
            throw new InputException(
                "random erasing: there is no fill '%s'; expected mean or noise".formatted(text));
      };
    }

    @Override
    public String toString() {
      return this == MEAN ? "mean" : "noise";
    }
  }

  static final String NAME = "erase";

  /** After so many rectangles that do not fit, a picture is left alone. */
  private static final int ATTEMPTS = 10;

  public Erasing {
    if (!(probability >= 0 && probability <= 1)) {
      throw new InputException(
          "random erasing: the probability must lie in 0 to 1, was " + probability);
    }
    if (!(minArea > 0 && minArea <= maxArea && maxArea <= 1)) {
      throw new InputException(
          "random erasing: the area must be a range within 0 to 1, was %s to %s"
              .formatted(minArea, maxArea));
    }
    if (!(minAspect > 0 && minAspect <= maxAspect && maxAspect < Double.POSITIVE_INFINITY)) {
      throw new InputException(
          "random erasing: the aspect must be a range above 0, was %s to %s"
              .formatted(minAspect, maxAspect));
    }
  }

  /** Never erases. */
  public static Erasing none() {
    return standard(0);
  }

  /** The paper's ranges: 2 % to 40 % of the area, aspect 0.3 to 3.3, filled with noise. */
  public static Erasing standard(double probability) {
    return new Erasing(probability, 0.02, 0.4, 0.3, 1 / 0.3, Fill.NOISE);
  }

  static Erasing parse(Term term) {
    term.most(6);
    Erasing standard = standard(term.number(0, 0.5));
    return new Erasing(
        standard.probability,
        term.number(1, standard.minArea),
        term.number(2, standard.maxArea),
        term.number(3, standard.minAspect),
        term.number(4, standard.maxAspect),
        Fill.parse(term.text(5, "noise")));
  }

  /** Erases in place in the CHW picture that begins at {@code offset}, or leaves it alone. */
  void apply(
      float[] pixels, int offset, int channels, int height, int width, Randomness randomness) {
    if (probability == 0 || randomness.nextDouble() >= probability) {
      return;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = height * width * randomness.between(minArea, maxArea);
      double aspect =
          StrictMath.exp(randomness.between(StrictMath.log(minAspect), StrictMath.log(maxAspect)));
      int erasedHeight = (int) Math.round(Math.sqrt(area * aspect));
      int erasedWidth = (int) Math.round(Math.sqrt(area / aspect));
      if (erasedHeight >= 1 && erasedHeight <= height && erasedWidth >= 1 && erasedWidth <= width) {
        int top = randomness.below(height - erasedHeight + 1);
        int left = randomness.below(width - erasedWidth + 1);
        for (int channel = 0; channel < channels; channel++) {
          for (int y = top; y < top + erasedHeight; y++) {
            int row = offset + (channel * height + y) * width;
            for (int x = left; x < left + erasedWidth; x++) {
              pixels[row + x] =
                  switch (fill) {
                    case MEAN -> 0;
                    case NOISE -> (float) randomness.nextGaussian();
                  };
            }
          }
        }
        return;
      }
    }
  }

  @Override
  public String toString() {
    Erasing standard = standard(0.5);
    return Term.write(
        NAME,
        List.of(probability, minArea, maxArea, minAspect, maxAspect, fill),
        List.of(
            "",
            standard.minArea,
            standard.maxArea,
            standard.minAspect,
            standard.maxAspect,
            standard.fill));
  }
}
