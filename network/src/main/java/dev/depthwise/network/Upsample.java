package dev.depthwise.network;

import java.util.List;
import java.util.Locale;

/**
 * A larger picture: every row and column becomes several.
 *
 * @param factorHeight rows that one becomes, from 1 to 1024
 * @param factorWidth columns that one becomes, from 1 to 1024
 * @param mode what stands between the elements of the input
 */
public record Upsample(int factorHeight, int factorWidth, Mode mode) implements Op {
  private static final int LARGEST = 1024;

  /** What stands between the elements of the input. */
  public enum Mode {
    /** Copies of the nearest one. */
    NEAREST,

    /**
     * The linear interpolation of the two nearest in each direction. Elements count as areas:
     * output {@code i} lies at {@code (i + 0.5) / factor - 0.5}, and over the edge the outermost is
     * repeated. This is Keras' {@code UpSampling2D} and PyTorch with {@code align_corners=False}.
     */
    BILINEAR
  }

  public Upsample {
    if (Math.min(factorHeight, factorWidth) < 1 || Math.max(factorHeight, factorWidth) > LARGEST) {
      throw new IllegalArgumentException(
          "factors must be from 1 to %d, were %d and %d"
              .formatted(LARGEST, factorHeight, factorWidth));
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape input = Op.onlyPicture(inputs);
    long height = (long) input.height() * factorHeight;
    long width = (long) input.width() * factorWidth;
    if (Math.max(height, width) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("%s times %s is too large".formatted(input, factors()));
    }
    return Shape.of(input.channels(), (int) height, (int) width);
  }

  @Override
  public String description() {
    return "Upsample %s %s".formatted(factors(), mode.name().toLowerCase(Locale.ROOT));
  }

  private String factors() {
    return factorHeight + "x" + factorWidth;
  }
}
