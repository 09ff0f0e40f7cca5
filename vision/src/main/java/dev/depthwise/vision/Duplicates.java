package dev.depthwise.vision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pictures that occur more than once, told by {@link Dataset#fingerprint}: by their pixels, so that
 * neither another name nor other metadata hides them. A picture to validate with that is trained on
 * as well is no test of anything.
 */
public final class Duplicates {
  private static final String TASK = "looking for duplicates";

  private Duplicates() {}

  /**
   * A picture of one data set that another has too.
   *
   * @param first where it stands in the one
   * @param second where it first stands in the other
   */
  public record Pair(int first, int second) {}

  /**
   * The pictures of one data set that another has too, in the order of the first.
   *
   * @param threads 0 for one each processor
   * @throws dev.depthwise.network.InputException if a picture is corrupt
   */
  public static List<Pair> between(Dataset first, Dataset second, int threads, Progress progress) {
    long[] ones = fingerprints(first, threads, progress);
    long[] others = fingerprints(second, threads, progress);
    long[] sorted = others.clone();
    Arrays.sort(sorted);
    Set<Long> shared = new HashSet<>();
    for (long one : ones) {
      if (Arrays.binarySearch(sorted, one) >= 0) {
        shared.add(one);
      }
    }
    Map<Long, Integer> places = new HashMap<>();
    for (int index = 0; index < others.length; index++) {
      if (shared.contains(others[index])) {
        places.putIfAbsent(others[index], index);
      }
    }
    List<Pair> pairs = new ArrayList<>();
    for (int index = 0; index < ones.length; index++) {
      Integer place = places.get(ones[index]);
      if (place != null) {
        pairs.add(new Pair(index, place));
      }
    }
    return pairs;
  }

  /**
   * The pictures that a data set has more than once: for each, where, in order.
   *
   * @param threads 0 for one each processor
   * @throws dev.depthwise.network.InputException if a picture is corrupt
   */
  public static List<List<Integer>> within(Dataset dataset, int threads, Progress progress) {
    long[] fingerprints = fingerprints(dataset, threads, progress);
    long[] sorted = fingerprints.clone();
    Arrays.sort(sorted);
    Map<Long, List<Integer>> repeated = new LinkedHashMap<>();
    for (int index = 0; index < fingerprints.length; index++) {
      int place = Arrays.binarySearch(sorted, fingerprints[index]);
      boolean before = place > 0 && sorted[place - 1] == sorted[place];
      boolean after = place + 1 < sorted.length && sorted[place + 1] == sorted[place];
      if (before || after) {
        repeated.computeIfAbsent(fingerprints[index], key -> new ArrayList<>()).add(index);
      }
    }
    return List.copyOf(repeated.values());
  }

  private static long[] fingerprints(Dataset dataset, int threads, Progress progress) {
    long[] fingerprints = new long[dataset.size()];
    InParallel.each(
        TASK,
        fingerprints.length,
        threads,
        progress,
        index -> fingerprints[index] = dataset.fingerprint(index));
    return fingerprints;
  }
}
