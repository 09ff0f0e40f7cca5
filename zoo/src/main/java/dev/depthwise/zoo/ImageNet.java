package dev.depthwise.zoo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The thousand classes of ImageNet-1k (Russakovsky et al. 2015), in the order in which published
 * networks have them.
 */
public final class ImageNet {
  /** How many classes there are. */
  public static final int CLASSES = 1000;

  private static final List<String[]> ROWS = rows();
  private static final List<String> SYNSETS = ROWS.stream().map(row -> row[0]).toList();
  private static final List<String> LABELS = ROWS.stream().map(row -> row[1]).toList();

  private ImageNet() {}

  /** What each class is called, such as {@code tench}; every one has a name of its own. */
  public static List<String> labels() {
    return LABELS;
  }

  /** WordNet's number of each class, such as {@code n01440764}: the name of its folder. */
  public static List<String> synsets() {
    return SYNSETS;
  }

  private static List<String[]> rows() {
    try (InputStream stream = ImageNet.class.getResourceAsStream("imagenet.tsv");
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(stream), StandardCharsets.UTF_8))) {
      return reader.lines().map(line -> line.split("\t", 2)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
