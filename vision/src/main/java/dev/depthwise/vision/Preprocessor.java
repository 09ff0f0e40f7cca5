package dev.depthwise.vision;

import dev.depthwise.network.Preprocessing;
import java.util.Objects;

/**
 * Turns pictures into a network's input as its {@link Preprocessing} asks. Stateless, shared by
 * threads.
 */
public final class Preprocessor {
  private final Preprocessing preprocessing;

  /** The normalised value of each sample, by channel. */
  private final float[][] normalized;

  /** Creates one for a network. */
  public Preprocessor(Preprocessing preprocessing) {
    this.preprocessing = Objects.requireNonNull(preprocessing);
    normalized = new float[preprocessing.channels()][256];
    for (int channel = 0; channel < normalized.length; channel++) {
      double mean = preprocessing.mean().get(channel);
      double deviation = preprocessing.deviation().get(channel);
      for (int sample = 0; sample < 256; sample++) {
        normalized[channel][sample] = (float) ((sample / 255.0 - mean) / deviation);
      }
    }
  }

  /** What it was created with. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** Floats per picture: channels x height x width. */
  public int length() {
    return Math.multiplyExact(
        preprocessing.channels(),
        Math.multiplyExact(preprocessing.height(), preprocessing.width()));
  }

  /** The picture in the network's channels and size (bilinear where it differs). */
  public Picture fit(Picture picture) {
    return Resize.resize(
        picture.to(preprocessing.channels()),
        preprocessing.width(),
        preprocessing.height(),
        Filter.BILINEAR);
  }

  /** A picture of any size as CHW floats. */
  public float[] apply(Picture picture) {
    float[] target = new float[length()];
    normalize(fit(picture), target, 0);
    return target;
  }

  /**
   * Writes a fitting picture as CHW floats.
   *
   * @param picture in the network's channels and size
   * @param target takes {@link #length()} floats from {@code offset} on
   */
  public void normalize(Picture picture, float[] target, int offset) {
    if (picture.channels() != preprocessing.channels()
        || picture.width() != preprocessing.width()
        || picture.height() != preprocessing.height()) {
      throw new IllegalArgumentException("%s does not fit %s".formatted(picture, preprocessing));
    }
    byte[] samples = picture.samples();
    int channels = picture.channels();
    int out = offset;
    for (int channel = 0; channel < channels; channel++) {
      float[] values = normalized[channel];
      for (int at = channel; at < samples.length; at += channels) {
        target[out++] = values[samples[at] & 0xff];
      }
    }
  }
}
