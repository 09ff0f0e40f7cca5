package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.zoo.ImageNet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which class of ImageNet each of its validation pictures shows, as a file says it.
 *
 * @param file that says it
 * @param classes by the picture's name without its ending
 */
record GroundTruth(Path file, Map<String, Integer> classes) {
  private static final List<String> NAMES =
      List.of("LOC_val_solution.csv", "val.txt", "ILSVRC2012_validation_ground_truth.txt");
  private static final List<String> LISTS =
      List.of(
          "map_clsloc.txt",
          "synsets.txt",
          "synset_words.txt",
          "data/map_clsloc.txt",
          "data/synsets.txt",
          "data/synset_words.txt");
  private static final String SYNSET = "n\\d{8}";
  private static final long LARGEST = 64 << 20;

  GroundTruth {
    classes = Map.copyOf(classes);
  }

  /** The files that are looked for, for people. */
  static String names() {
    return String.join(", ", NAMES);
  }

  /** The file that lies in a folder or, if there is none, beside it. */
  static Optional<Path> find(Path folder) {
    return Stream.of(folder, folder.toAbsolutePath().normalize().getParent())
        .filter(Objects::nonNull)
        .flatMap(place -> NAMES.stream().map(place::resolve))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * Reads one of these, told apart by content:
   *
   * <ul>
   *   <li>Kaggle's table, {@code ImageId,PredictionString} and {@code NAME,n01751748 X Y X Y ...};
   *   <li>{@code NAME INDEX}, the index from 0 in the order of WordNet's numbers, or {@code NAME
   *       n01751748};
   *   <li>a WordNet number a line, for the pictures in their order;
   *   <li>the development kit's file of a number a line, from 1 in an order of its own, which a
   *       list has to tell.
   * </ul>
   *
   * @param list of the WordNet numbers in the kit's order; if none is named, it is looked for
   *     beside the file
   * @throws InputException if it is none of these
   */
  static GroundTruth read(Path file, Optional<Path> list) {
    List<String> lines = lines(file);
    if (lines.isEmpty()) {
      throw new InputException(file + ": is empty; expected a line for each picture");
    }
    if (lines.get(0).toLowerCase(Locale.ROOT).startsWith("imageid,")) {
      return table(file, lines);
    }
    return lines.get(0).strip().matches("\\S+") ? numbered(file, lines, list) : named(file, lines);
  }

  /** The class of a picture, if the file says anything about it. */
  OptionalInt of(Path picture) {
    Integer known = classes.get(stem(String.valueOf(picture.getFileName())));
    return known == null ? OptionalInt.empty() : OptionalInt.of(known);
  }

  private static GroundTruth table(Path file, List<String> lines) {
    Map<String, Integer> classes = new HashMap<>();
    for (int number = 1; number < lines.size(); number++) {
      String[] cells = lines.get(number).split(",", 2);
      if (cells.length < 2 || cells[1].isBlank()) {
        throw fault(file, number, lines, "expected NAME,n01751748 and a box");
      }
      String synset = cells[1].replace('"', ' ').strip().split("\\s+", 2)[0];
      put(classes, cells[0], known(synset, file, number, lines), file, number, lines);
    }
    return new GroundTruth(file, classes);
  }

  private static GroundTruth named(Path file, List<String> lines) {
    Map<String, Integer> classes = new HashMap<>();
    for (int number = 0; number < lines.size(); number++) {
      String line = lines.get(number).strip();
      String[] parts = line.split("\\s+(?=\\S+$)", 2);
      if (parts.length != 2) {
        throw fault(file, number, lines, "expected NAME INDEX, or NAME n01751748");
      }
      int index =
          parts[1].matches("\\d{1,9}")
              ? index(parts[1], file, number, lines)
              : known(parts[1], file, number, lines);
      put(classes, parts[0], index, file, number, lines);
    }
    return new GroundTruth(file, classes);
  }

  private static int index(String text, Path file, int number, List<String> lines) {
    int index = Integer.parseInt(text);
    if (index >= ImageNet.CLASSES) {
      throw fault(
          file,
          number,
          lines,
          "an index counts from 0 to 999, in the order of WordNet's numbers (n01440764 is 0)");
    }
    return index;
  }

  private static void put(
      Map<String, Integer> classes,
      String name,
      int index,
      Path file,
      int number,
      List<String> lines) {
    Integer before = classes.put(stem(name.replaceAll(".*[/\\\\]", "")), index);
    if (before != null && before != index) {
      throw fault(file, number, lines, "an earlier line says otherwise");
    }
  }

  private static GroundTruth numbered(Path file, List<String> lines, Optional<Path> list) {
    boolean ofSynsets = lines.get(0).strip().matches(SYNSET);
    List<Integer> order = ofSynsets ? List.of() : order(file, list);
    Map<String, Integer> classes = new HashMap<>();
    for (int number = 0; number < lines.size(); number++) {
      String line = lines.get(number).strip();
      int index;
      if (ofSynsets) {
        index = known(line, file, number, lines);
      } else {
        int id = line.matches("\\d{1,9}") ? Integer.parseInt(line) : 0;
        if (id < 1 || id > ImageNet.CLASSES) {
          throw fault(file, number, lines, "expected a number from 1 to 1000, as in the first");
        }
        index = order.get(id - 1);
      }
      classes.put("ILSVRC2012_val_%08d".formatted(number + 1), index);
    }
    return new GroundTruth(file, classes);
  }

  /** The index of each class, in the order in which the development kit numbers them from 1. */
  private static List<Integer> order(Path file, Optional<Path> named) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path list =
        named
            .or(
                () ->
                    LISTS.stream()
                        .map(name -> Objects.requireNonNull(folder).resolve(name))
                        .filter(Files::isRegularFile)
                        .findFirst())
            .orElseThrow(
                () ->
                    new InputException(
                        "%s: counts classes in the order of the development kit, which is not that of WordNet's numbers; put the kit's order beside it as synsets.txt (a WordNet number a line, n02119789 the first) or name it with --synsets, or take LOC_val_solution.csv or val.txt"
                            .formatted(file)));
    List<String> lines = lines(list);
    Integer[] order = new Integer[ImageNet.CLASSES];
    Set<Integer> seen = new HashSet<>();
    boolean numbers = false;
    for (int number = 0; number < lines.size(); number++) {
      List<String> words = List.of(lines.get(number).strip().split("[\\s,]+", -1));
      String synset =
          words.stream()
              .filter(word -> word.matches(SYNSET))
              .findFirst()
              .orElseThrow(wanting(list, number, lines));
      // Such as "n02119789 1 kit_fox" or "1 n02119789": of a name, a number is a later word.
      Optional<String> id =
          words.stream().limit(2).filter(word -> word.matches("\\d{1,4}")).findFirst();
      numbers |= id.isPresent();
      int place = id.map(Integer::parseInt).orElse(number + 1);
      int index = known(synset, list, number, lines);
      if (place < 1 || place > order.length || order[place - 1] != null || !seen.add(index)) {
        throw fault(list, number, lines, "expected each of the 1000 classes once");
      }
      order[place - 1] = index;
    }
    if (seen.size() != ImageNet.CLASSES) {
      throw new InputException(
          "%s: lists %d classes; expected all %d, in the development kit's order"
              .formatted(list, seen.size(), ImageNet.CLASSES));
    }
    if (!numbers && List.of(order).equals(sorted())) {
      throw new InputException(
          "%s: lists the classes in the order of WordNet's numbers, but %s counts them in that of the development kit, which begins n02119789; every answer would be held against a wrong class: give the kit's order, or LOC_val_solution.csv or val.txt"
              .formatted(list, file));
    }
    return List.of(order);
  }

  private static List<Integer> sorted() {
    return Stream.iterate(0, index -> index + 1).limit(ImageNet.CLASSES).toList();
  }

  private static java.util.function.Supplier<InputException> wanting(
      Path list, int number, List<String> lines) {
    return () -> fault(list, number, lines, "expected a WordNet number such as n02119789");
  }

  private static int known(String synset, Path file, int number, List<String> lines) {
    int index = ImageNet.synsets().indexOf(synset);
    if (index < 0) {
      throw fault(
          file, number, lines, "'%s' is none of ImageNet's 1000 classes".formatted(shown(synset)));
    }
    return index;
  }

  private static InputException fault(Path file, int number, List<String> lines, String reason) {
    return new InputException(
        "%s: line %d, '%s': %s".formatted(file, number + 1, shown(lines.get(number)), reason));
  }

  private static String shown(String text) {
    String line = text.strip().replaceAll("\\p{Cntrl}", "?");
    return line.length() > 60 ? line.substring(0, 60) + "..." : line;
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** All lines, empty ones at the end left out. */
  private static List<String> lines(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new InputException(file + ": is too large for a ground truth");
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      if (text.indexOf('\0') >= 0) {
        throw new InputException(
            "%s: is no text; a ground truth is one of %s, and meta.mat cannot be read: write its order down as synsets.txt, a WordNet number a line"
                .formatted(file, names()));
      }
      return text.stripTrailing().lines().toList();
    } catch (IOException e) {
      throw new InputException("%s: %s".formatted(file, Failures.message(e)), e);
    }
  }
}
