package dev.depthwise.vision;

/** Makes pictures blurred and sharp. */
final class Focus {
  private Focus() {}

  /**
   * Between the smoothed picture (0), the picture (1) and beyond, which is sharper. Equals Pillow's
   * {@code ImageEnhance.Sharpness} to the byte.
   */
  static Picture sharpness(Picture picture, double factor) {
    return Tones.blend(smooth(picture), picture, factor);
  }

  /** The mean of 3x3 pixels, the middle one counted five times; the edge stays. */
  private static Picture smooth(Picture picture) {
    int width = picture.width();
    int height = picture.height();
    int channels = picture.channels();
    int stride = width * channels;
    byte[] source = picture.samples();
    byte[] target = source.clone();
    for (int y = 1; y < height - 1; y++) {
      for (int i = channels; i < stride - channels; i++) {
        int at = y * stride + i;
        int sum = 4 * (source[at] & 0xff);
        for (int row = at - stride; row <= at + stride; row += stride) {
          sum += (source[row - channels] & 0xff) + (source[row] & 0xff);
          sum += source[row + channels] & 0xff;
        }
        target[at] = (byte) ((2 * sum + 13) / 26);
      }
    }
    return Picture.owning(width, height, channels, target);
  }

  /**
   * Weights the neighbourhood with a bell curve, cut off at three deviations; the picture is
   * mirrored in its edges.
   *
   * @param deviation in pixels, above 0
   */
  static Picture gaussian(Picture picture, double deviation) {
    int reach = (int) Math.ceil(3 * deviation);
    float[] weights = new float[2 * reach + 1];
    double sum = 0;
    for (int i = -reach; i <= reach; i++) {
      sum += StrictMath.exp(-0.5 * i * i / (deviation * deviation));
    }
    for (int i = -reach; i <= reach; i++) {
      weights[reach + i] = (float) (StrictMath.exp(-0.5 * i * i / (deviation * deviation)) / sum);
    }
    int width = picture.width();
    int height = picture.height();
    int channels = picture.channels();
    int stride = width * channels;
    byte[] source = picture.samples();
    float[] rows = new float[source.length];
    Border border = Border.of(Border.Kind.REFLECT);
    for (int i = 0; i < weights.length; i++) {
      for (int x = 0; x < width; x++) {
        int from = border.position(x + i - reach, width) * channels;
        for (int row = 0; row < source.length; row += stride) {
          for (int channel = 0; channel < channels; channel++) {
            rows[row + x * channels + channel] +=
                weights[i] * (source[row + from + channel] & 0xff);
          }
        }
      }
    }
    float[] both = new float[source.length];
    for (int i = 0; i < weights.length; i++) {
      for (int y = 0; y < height; y++) {
        int from = border.position(y + i - reach, height) * stride;
        for (int at = 0; at < stride; at++) {
          both[y * stride + at] += weights[i] * rows[from + at];
        }
      }
    }
    byte[] target = new byte[source.length];
    for (int i = 0; i < target.length; i++) {
      target[i] = (byte) Math.min((int) (both[i] + 0.5f), 255);
    }
    return Picture.owning(width, height, channels, target);
  }
}
