package dev.depthwise.network;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Helps a person who mistyped a name. */
public final class Names {
  private Names() {}

  /** A half sentence with the known names nearest to the one given: "did you mean a, b or c?". */
  public static String suggest(String given, Collection<String> known) {
    if (known.isEmpty()) {
      return "there are none";
    }
    List<String> near =
        known.stream()
            .distinct()
            .sorted(Comparator.comparingInt(name -> distance(given, name)))
            .limit(3)
            .toList();
    if (near.size() == 1) {
      return "did you mean " + near.get(0) + "?";
    }
    return "did you mean %s or %s?"
        .formatted(String.join(", ", near.subList(0, near.size() - 1)), near.get(near.size() - 1));
  }

  /** Levenshtein's distance, case folded. */
  private static int distance(String given, String name) {
    String left = given.toLowerCase(java.util.Locale.ROOT);
    String right = name.toLowerCase(java.util.Locale.ROOT);
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }
}
