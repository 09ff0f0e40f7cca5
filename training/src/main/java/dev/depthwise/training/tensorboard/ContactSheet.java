package dev.depthwise.training.tensorboard;

import dev.depthwise.network.Preprocessing;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.Preprocessor;
import java.nio.FloatBuffer;

/** Pictures beside and below each other, as one picture. */
final class ContactSheet {
  private static final int COLUMNS = 4;
  private static final int MOST = COLUMNS * COLUMNS;

  private ContactSheet() {}

  /**
   * The first pictures of a batch, as a person sees them: the normalisation is undone.
   *
   * @param pixels of {@code count} pictures in NCHW order, at its position; not moved
   * @param count at least 1
   */
  static Picture of(FloatBuffer pixels, int count, Preprocessing preprocessing) {
    int shown = Math.min(count, MOST);
    int columns = Math.min(shown, COLUMNS);
    int rows = (shown + columns - 1) / columns;
    int channels = preprocessing.channels();
    int width = preprocessing.width();
    int height = preprocessing.height();
    // A line of one pixel between them stays black.
    int sheetWidth = columns * (width + 1) - 1;
    int sheetHeight = rows * (height + 1) - 1;
    byte[] samples = new byte[sheetWidth * sheetHeight * channels];
    Preprocessor preprocessor = new Preprocessor(preprocessing);
    for (int number = 0; number < shown; number++) {
      int left = number % columns * (width + 1);
      int top = number / columns * (height + 1);
      byte[] picture =
          preprocessor
              .picture(pixels, pixels.position() + number * preprocessor.length())
              .toBytes();
      for (int y = 0; y < height; y++) {
        System.arraycopy(
            picture,
            y * width * channels,
            samples,
            ((top + y) * sheetWidth + left) * channels,
            width * channels);
      }
    }
    return Picture.of(sheetWidth, sheetHeight, channels, samples);
  }
}
