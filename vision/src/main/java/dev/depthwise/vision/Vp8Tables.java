package dev.depthwise.vision;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Scanner;

/**
 * The numbers that readers and writers of VP8 have agreed on, from RFC 6386: in {@code vp8.txt},
 * each table under its section's number.
 */
final class Vp8Tables {
  static final int PLANES = 4;
  static final int BANDS = 8;
  static final int CONTEXTS = 3;
  static final int TOKENS = 11;
  static final int MODES = 10;

  /** Section 14.1: steps of the first coefficient of a block, by index. */
  static final int[] FIRST_STEPS;

  /** Section 14.1: steps of the other coefficients, by index. */
  static final int[] OTHER_STEPS;

  /** Section 11.5: by the modes of the blocks above and to the left. */
  static final int[][][] MODE_PROBABILITIES;

  /** Section 13.5: by plane, band, context. */
  static final int[][][][] TOKEN_PROBABILITIES;

  /** Section 13.4: that a frame replaces the one above. */
  static final int[][][][] TOKEN_UPDATES;

  static {
    try (InputStream stream = Vp8Tables.class.getResourceAsStream("vp8.txt");
        Scanner numbers = new Scanner(Objects.requireNonNull(stream), StandardCharsets.US_ASCII)) {
      FIRST_STEPS = table(numbers, "14.1-dc", 128);
      OTHER_STEPS = table(numbers, "14.1-ac", 128);
      MODE_PROBABILITIES = new int[MODES][MODES][];
      int[] modes = table(numbers, "11.5", MODES * MODES * (MODES - 1));
      for (int i = 0; i < MODES * MODES; i++) {
        MODE_PROBABILITIES[i / MODES][i % MODES] = row(modes, i, MODES - 1);
      }
      TOKEN_PROBABILITIES = tokens(numbers, "13.5");
      TOKEN_UPDATES = tokens(numbers, "13.4");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Vp8Tables() {}

  private static int[] table(Scanner numbers, String section, int length) {
    String found = numbers.next();
    if (!found.equals(section)) {
      throw new IllegalStateException("expected section %s, got %s".formatted(section, found));
    }
    int[] table = new int[length];
    for (int i = 0; i < length; i++) {
      table[i] = numbers.nextInt();
    }
    return table;
  }

  private static int[][][][] tokens(Scanner numbers, String section) {
    int[] all = table(numbers, section, PLANES * BANDS * CONTEXTS * TOKENS);
    int[][][][] tokens = new int[PLANES][BANDS][CONTEXTS][];
    for (int i = 0; i < PLANES * BANDS * CONTEXTS; i++) {
      tokens[i / (BANDS * CONTEXTS)][i / CONTEXTS % BANDS][i % CONTEXTS] = row(all, i, TOKENS);
    }
    return tokens;
  }

  private static int[] row(int[] table, int row, int length) {
    int[] values = new int[length];
    System.arraycopy(table, row * length, values, 0, length);
    return values;
  }
}
