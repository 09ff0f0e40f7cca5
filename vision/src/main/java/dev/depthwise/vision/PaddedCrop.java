package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;

/**
 * Adds pixels on every side, then cuts out a window of the original size, anywhere.
 *
 * <p>Source: He et al. 2015, "Deep Residual Learning", section 4.2.
 *
 * @param pad pixels on every side, 0 to 1024; 0 leaves the picture in place
 * @param fill sample value of the added pixels, 0 to 255
 */
public record PaddedCrop(int pad, int fill) implements Transform {
  static final String NAME = "crop";

  public PaddedCrop {
    Ranges.require(NAME, "padding", pad, 0, 1024);
    Ranges.require(NAME, "fill", fill, 0, 255);
  }

  static PaddedCrop parse(Term term) {
    term.most(2);
    return new PaddedCrop(term.whole(0, 4), term.whole(1, 0));
  }

  @Override
  public Picture apply(Picture picture, Randomness randomness) {
    if (pad == 0) {
      return picture;
    }
    int left = randomness.below(2 * pad + 1) - pad;
    int top = randomness.below(2 * pad + 1) - pad;
    return picture.window(left, top, picture.width(), picture.height(), fill);
  }

  @Override
  public String toString() {
    return Term.write(NAME, List.of(pad, fill), List.of("", 0));
  }
}
