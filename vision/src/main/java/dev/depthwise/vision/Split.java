package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Randomness;
import java.util.Arrays;

/**
 * A data set in two parts without a common picture: one to train on, one to choose by.
 *
 * @param train the larger part, usually
 * @param validation held out
 */
public record Split(Subset train, Subset validation) {
  /**
   * Splits so that each class is held out in the same proportion. Both parts keep the data set's
   * order; the seed alone decides which pictures are held out.
   *
   * @param fraction of each class to hold out, above 0 and below 1; of a class with two or more
   *     pictures at least one goes to either side
   * @throws InputException if the fraction is out of range or a side would be empty
   */
  public static Split stratified(Dataset dataset, double fraction, long seed) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new InputException(
          "the fraction held out for validation must lie between 0 and 1, was " + fraction);
    }
    int classes = dataset.labels().size();
    int[] counts = new int[classes];
    for (int index = 0; index < dataset.size(); index++) {
      counts[dataset.label(index)]++;
    }
    boolean[][] heldOut = new boolean[classes][];
    int validationSize = 0;
    for (int label = 0; label < classes; label++) {
      int count = counts[label];
      int wanted = (int) Math.round(count * fraction);
      int held = count < 2 ? 0 : Math.min(Math.max(wanted, 1), count - 1);
      int[] permutation = Randomness.keyed("split", seed, label).permutation(count);
      heldOut[label] = new boolean[count];
      for (int i = 0; i < held; i++) {
        heldOut[label][permutation[i]] = true;
      }
      validationSize += held;
    }
    if (validationSize == 0) {
      throw new InputException(
          "%s: no class has two pictures, so none can be held out for validation"
              .formatted(dataset.name()));
    }
    int[] train = new int[dataset.size() - validationSize];
    int[] validation = new int[validationSize];
    int trainAt = 0;
    int validationAt = 0;
    Arrays.fill(counts, 0);
    for (int index = 0; index < dataset.size(); index++) {
      int label = dataset.label(index);
      if (heldOut[label][counts[label]++]) {
        validation[validationAt++] = index;
      } else {
        train[trainAt++] = index;
      }
    }
    return new Split(
        new Subset(dataset.name() + " (training part)", dataset, train),
        new Subset(dataset.name() + " (validation part)", dataset, validation));
  }
}
