package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tar files that make one data set.
 *
 * @param folder that they lie in
 * @param names in order
 */
record Shards(Path folder, List<String> names) {
  private static final Pattern RANGE = Pattern.compile("(.*)\\{(\\d{1,9})\\.\\.(\\d{1,9})}(.*)");
  private static final int MOST = 100_000;

  /**
   * What a person means by a place: the {@code .tar} files of a folder, one such file, or, as
   * WebDataset writes it, {@code shard-{000000..000012}.tar}.
   */
  static Shards of(Path place) {
    if (Files.isDirectory(place)) {
      try (Stream<Path> entries = Files.list(place)) {
        return new Shards(
            place,
            entries
                .map(entry -> entry.getFileName().toString())
                .filter(name -> name.endsWith(".tar") && !name.startsWith("."))
                .sorted()
                .toList());
      } catch (IOException e) {
        throw new InputException(
            "%s cannot be listed: %s".formatted(place, e.getClass().getSimpleName()), e);
      }
    }
    Path absolute = place.toAbsolutePath();
    Path folder = Objects.requireNonNullElse(absolute.getParent(), absolute);
    String last = String.valueOf(absolute.getFileName());
    Matcher range = RANGE.matcher(last);
    if (!range.matches()) {
      return new Shards(folder, List.of(requireFile(folder, last)));
    }
    int first = Integer.parseInt(range.group(2));
    int end = Integer.parseInt(range.group(3));
    if (end < first || end - first >= MOST) {
      throw new InputException(
          "%s: the range %s..%s is empty or holds more than %,d shards"
              .formatted(place, range.group(2), range.group(3), MOST));
    }
    String number = "%0" + range.group(2).length() + "d";
    return new Shards(
        folder,
        IntStream.rangeClosed(first, end)
            .mapToObj(shard -> range.group(1) + number.formatted(shard) + range.group(4))
            .map(name -> requireFile(folder, name))
            .toList());
  }

  private static String requireFile(Path folder, String name) {
    if (!Files.isRegularFile(folder.resolve(name))) {
      throw new InputException("%s: no such file".formatted(folder.resolve(name)));
    }
    return name;
  }

  /** The data set; see {@link TarDataset#open}. */
  TarDataset open(@Nullable List<String> labels, Progress progress) {
    return TarDataset.open(folder, names, labels, progress);
  }
}
