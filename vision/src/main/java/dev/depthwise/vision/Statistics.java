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

  /** So many pictures decide; what is left of chance is then far below a thousandth. */
  private static final int MOST_PICTURES = 100_000;

  /** Measures a data set on all processors. */
  public static Statistics of(Dataset dataset, int channels) {
    return of(dataset, channels, 0, Progress.NONE);
  }

  /**
   * Measures every pixel of every picture, exact but for the last division; of more than 100,000
   * pictures, so many that are spread evenly.
   *
   * @param channels 1 or 3; pictures are converted
   * @param threads 0 for one each processor
   * @throws dev.depthwise.network.InputException if a picture is corrupt
   */
  public static Statistics of(Dataset dataset, int channels, int threads, Progress progress) {
    int looks = Math.min(dataset.size(), MOST_PICTURES);
    Sums all = new Sums(channels);
    InParallel.each(
        "measuring brightness",
        looks,
        threads,
        progress,
        look -> {
          Sums one = new Sums(channels);
          one.add(dataset.picture((int) ((long) look * dataset.size() / looks)).to(channels));
          all.add(one);
        });
    return all.statistics();
  }

  /** What one pass adds up, in whole numbers: any order gives the same. */
  private static final class Sums {
    private final long[] sums;
    private final long[] squares;
    private long pixels;

    Sums(int channels) {
      sums = new long[channels];
      squares = new long[channels];
    }

    void add(Picture picture) {
      byte[] samples = picture.samples();
      int channels = picture.channels();
      for (int channel = 0; channel < channels; channel++) {
        long sum = 0;
        long square = 0;
        for (int at = channel; at < samples.length; at += channels) {
          int sample = samples[at] & 0xff;
          sum += sample;
          square += (long) sample * sample;
        }
        sums[channel] += sum;
        squares[channel] += square;
      }
      pixels += samples.length / channels;
    }

    synchronized void add(Sums other) {
      for (int channel = 0; channel < sums.length; channel++) {
        sums[channel] += other.sums[channel];
        squares[channel] += other.squares[channel];
      }
      pixels += other.pixels;
    }

    Statistics statistics() {
      List<Double> means = new ArrayList<>();
      List<Double> deviations = new ArrayList<>();
      for (int channel = 0; channel < sums.length; channel++) {
        double mean = (double) sums[channel] / pixels;
        double variance = (double) squares[channel] / pixels - mean * mean;
        means.add(mean / 255);
        // Below this is rounding: two samples that differ by one make at least 1 / pixels.
        deviations.add(variance > 1e-10 ? Math.sqrt(variance) / 255 : 1.0);
      }
      return new Statistics(means, deviations);
    }
  }

  /** What normalises pictures with these numbers, for a network that takes this size. */
  public Preprocessing preprocessing(int height, int width) {
    return Preprocessing.stretched(mean.size(), height, width, mean, deviation);
  }
}
