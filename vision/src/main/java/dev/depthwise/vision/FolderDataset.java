package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Pictures in one sub-folder per class, the classes and their pictures in the order of their names.
 * Opening lists the files and reads none; {@link #picture} reads and decodes at every call.
 *
 * <p>Pictures are files that end in {@code .png}, {@code .jpg} or {@code .jpeg}, in either case;
 * other files, hidden ones and deeper folders are passed over.
 */
public final class FolderDataset implements Dataset {
  /** Hears of a longer task's progress. */
  @FunctionalInterface
  public interface Progress {
    /** Called after each picture. */
    void at(int done, int total);
  }

  private record Entry(Path file, int label) {}

  private final Path folder;
  private final List<String> labels;
  private final List<Entry> entries;
  private final List<String> broken;

  private FolderDataset(
      Path folder, List<String> labels, List<Entry> entries, List<String> broken) {
    this.folder = folder;
    this.labels = List.copyOf(labels);
    this.entries = List.copyOf(entries);
    this.broken = List.copyOf(broken);
  }

  /**
   * Lists a folder.
   *
   * @throws InputException if there are not at least two classes, each with a picture
   */
  public static FolderDataset open(Path folder) {
    List<String> labels = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (Path classFolder : list(folder).stream().filter(Files::isDirectory).toList()) {
      int before = entries.size();
      for (Path file : list(classFolder)) {
        if (isPicture(file)) {
          entries.add(new Entry(file, labels.size()));
        }
      }
      if (entries.size() == before) {
        throw new InputException(
            "%s holds no picture (.png, .jpg, .jpeg); expected some, as in every class's folder"
                .formatted(classFolder));
      }
      labels.add(classFolder.getFileName().toString());
    }
    if (labels.size() < 2) {
      throw new InputException(
          "%s holds %s; expected one sub-folder of pictures for each of two or more classes"
              .formatted(
                  folder,
                  labels.isEmpty() ? "no sub-folder" : "one class only, '" + labels.get(0) + "'"));
    }
    return new FolderDataset(folder, labels, entries, List.of());
  }

  /** The entries that are not hidden, by name: the order of a listing differs between systems. */
  static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new InputException(
          "%s is no folder; expected a folder with one sub-folder of pictures per class"
              .formatted(folder));
    }
    try (Stream<Path> listing = Files.list(folder)) {
      return listing
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .sorted(Comparator.comparing(path -> path.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw new InputException(
          "%s cannot be listed: %s".formatted(folder, e.getClass().getSimpleName()), e);
    }
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"))
        && Files.isRegularFile(file);
  }

  /**
   * This data set without its broken pictures; decodes each once to find them.
   *
   * @param strict whether the first broken picture is an error instead
   * @throws InputException at a broken picture if strict, else if a class has no other
   */
  public FolderDataset check(boolean strict, Progress progress) {
    List<Entry> whole = new ArrayList<>();
    List<String> faults = new ArrayList<>(broken);
    int[] left = new int[labels.size()];
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      try {
        PictureReader.read(entry.file());
        whole.add(entry);
        left[entry.label()]++;
      } catch (InputException e) {
        if (strict) {
          throw e;
        }
        faults.add(String.valueOf(e.getMessage()));
      }
      progress.at(i + 1, entries.size());
    }
    for (int label = 0; label < left.length; label++) {
      if (left[label] == 0) {
        throw new InputException(
            "%s: every picture of class '%s' is broken; the first fault: %s"
                .formatted(folder, labels.get(label), faults.get(0)));
      }
    }
    return new FolderDataset(folder, labels, whole, faults);
  }

  /** What was wrong with each picture that {@link #check} left out, one line each. */
  public List<String> broken() {
    return broken;
  }

  /** The file of a picture. */
  public Path file(int index) {
    return entries.get(index).file();
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public int label(int index) {
    return entries.get(index).label();
  }

  @Override
  public Picture picture(int index) {
    return PictureReader.read(file(index));
  }
}
