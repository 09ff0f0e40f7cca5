package dev.depthwise.vision;

import dev.depthwise.network.Randomness;

/**
 * The order of an epoch for pictures that are read faster beside their neighbours. The data set is
 * cut into runs of {@value #RUN} pictures; the runs are shuffled; then, as through a shuffle
 * buffer, the pictures of {@value #RUNS_IN_WINDOW} runs at a time. Up to {@code RUN *
 * RUNS_IN_WINDOW} pictures that is a shuffle of all.
 */
final class ShuffledRuns {
  static final int RUN = 128;
  static final int RUNS_IN_WINDOW = 64;

  private ShuffledRuns() {}

  static int[] order(int size, Randomness randomness) {
    int[] runs = randomness.permutation((size - 1) / RUN + 1);
    int[] order = new int[size];
    int filled = 0;
    int window = 0;
    for (int i = 0; i < runs.length; i++) {
      int begin = runs[i] * RUN;
      for (int index = begin; index < Math.min(begin + RUN, size); index++) {
        order[filled++] = index;
      }
      if ((i + 1) % RUNS_IN_WINDOW == 0 || i + 1 == runs.length) {
        shuffle(order, window, filled, randomness);
        window = filled;
      }
    }
    return order;
  }

  private static void shuffle(int[] order, int from, int to, Randomness randomness) {
    for (int i = to - 1; i > from; i--) {
      int j = from + randomness.below(i - from + 1);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
  }
}
