package dev.depthwise.network;

/** How a picture of any size gets the size that a network takes. */
public sealed interface Resizing {
  /** The whole picture, whatever its proportions: Keras' {@code load_img(target_size=...)}. */
  record Stretch() implements Resizing {}

  /**
   * The largest window in the centre that has the network's proportions: Keras' {@code
   * load_img(target_size=..., keep_aspect_ratio=True)}. As there, samples beside the window count
   * at its edges.
   */
  record CropThenStretch() implements Resizing {}

  /**
   * The shorter side becomes so long, the other one in proportion; then the centre is cut out, with
   * zeros where it reaches over the edge: torchvision's {@code Resize(side)} and {@code
   * CenterCrop}.
   *
   * @param side in pixels; positive
   */
  record ShorterSideThenCrop(int side) implements Resizing {
    private static final int LARGEST = 1 << 16;

    public ShorterSideThenCrop {
      if (side < 1 || side > LARGEST) {
        throw new InputException(
            "the shorter side must become 1 to %d pixels, was %d".formatted(LARGEST, side));
      }
    }
  }
}
