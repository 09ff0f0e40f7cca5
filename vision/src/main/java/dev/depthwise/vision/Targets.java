package dev.depthwise.vision;

import java.util.Arrays;

/**
 * What the pictures of a batch show: a class each, or two classes of a mixed picture and how much
 * of the first.
 *
 * @param labels of each picture the class that it shows most of
 * @param others the second classes; the same as {@code labels} where nothing is mixed
 * @param shares how much a picture shows of its label, in [0.5, 1]; the rest is of the other class
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier between two loops, never compared.
public record Targets(int[] labels, int[] others, double[] shares) {
  public Targets {
    if (others.length != labels.length || shares.length != labels.length) {
      throw new IllegalArgumentException(
          "there are %d labels, %d others and %d shares; expected as many of each"
              .formatted(labels.length, others.length, shares.length));
    }
  }

  /** Of pictures that show one class each. */
  public static Targets of(int... labels) {
    double[] shares = new double[labels.length];
    Arrays.fill(shares, 1);
    return new Targets(labels, labels, shares);
  }

  /**
   * Of pictures that are mixed with the one before them, the first with the last.
   *
   * @param share how much is left of each picture, in [0, 1]
   */
  static Targets mixed(int[] labels, double share) {
    int[] neighbours = new int[labels.length];
    System.arraycopy(labels, 0, neighbours, 1, labels.length - 1);
    neighbours[0] = labels[labels.length - 1];
    double[] shares = new double[labels.length];
    Arrays.fill(shares, Math.max(share, 1 - share));
    return share >= 0.5
        ? new Targets(labels, neighbours, shares)
        : new Targets(neighbours, labels, shares);
  }
}
