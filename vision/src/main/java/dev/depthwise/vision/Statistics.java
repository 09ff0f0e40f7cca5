package dev.depthwise.vision;

import dev.depthwise.network.Preprocessing;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean and standard deviation of a data set's samples by channel, scaled to [0, 1]: what a network
 * trained on it normalises with.
 *
 * @param mean per channel
 * @param deviation per channel; positive: a channel that never varies counts as 1
 */
public record Statistics(List<Double> mean, List<Double> deviation) {
  public Statistics {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
  }

  /**
   * Measures every pixel of every picture; exact but for the last division.
   *
   * @param channels 1 or 3; pictures are converted
   */
  public static Statistics of(Dataset dataset, int channels) {
    long[] sums = new long[channels];
    long[] squares = new long[channels];
    long pixels = 0;
    for (int index = 0; index < dataset.size(); index++) {
      byte[] samples = dataset.picture(index).to(channels).samples();
      for (int i = 0; i < samples.length; i++) {
        long sample = samples[i] & 0xff;
        sums[i % channels] += sample;
        squares[i % channels] += sample * sample;
      }
      pixels += samples.length / channels;
    }
    List<Double> means = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      double mean = (double) sums[channel] / pixels;
      double variance = (double) squares[channel] / pixels - mean * mean;
      means.add(mean / 255);
      // Below this is rounding: two samples that differ by one make at least 1 / pixels.
      deviations.add(variance > 1e-10 ? Math.sqrt(variance) / 255 : 1.0);
    }
    return new Statistics(means, deviations);
  }

  /** What normalises pictures with these numbers, for a network that takes this size. */
  public Preprocessing preprocessing(int height, int width) {
    return new Preprocessing(mean.size(), height, width, mean, deviation);
  }
}
