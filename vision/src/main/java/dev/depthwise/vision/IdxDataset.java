package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Grey pictures of one size in the IDX files of the MNIST family, held in memory as one array.
 *
 * <p>A folder holds {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte} and the same
 * two with {@code t10k}; {@code .idx3-ubyte} in place of {@code -idx3-ubyte} and a trailing {@code
 * .gz} are understood, and whether a file is compressed is told by its content.
 *
 * <p>Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", file formats.
 */
public final class IdxDataset implements Dataset {
  /** One of the two parts that the MNIST family comes in. */
  public enum Part {
    /** The files named {@code train-...}. */
    TRAIN("train"),
    /** The files named {@code t10k-...}. */
    TEST("t10k");

    private final String prefix;

    Part(String prefix) {
      this.prefix = prefix;
    }
  }

  private static final int PICTURES_MAGIC = 0x803;
  private static final int LABELS_MAGIC = 0x801;

  private final String name;
  private final List<String> labels;
  private final int rows;
  private final int columns;
  private final byte[] pixels;
  private final byte[] classes;

  private IdxDataset(
      String name, List<String> labels, int rows, int columns, byte[] pixels, byte[] classes) {
    this.name = name;
    this.labels = labels;
    this.rows = rows;
    this.columns = columns;
    this.pixels = pixels;
    this.classes = classes;
  }

  /**
   * Reads one part of a folder; the classes are called {@code "0"} to the largest label found.
   *
   * @throws InputException if a file is missing or broken
   */
  public static IdxDataset open(Path folder, Part part) {
    return read(folder, part, null);
  }

  /**
   * Reads one part of a folder.
   *
   * @param labels the classes' names
   * @throws InputException if a file is missing or broken, or a label has no name
   */
  public static IdxDataset open(Path folder, Part part, List<String> labels) {
    return read(folder, part, List.copyOf(labels));
  }

  private static IdxDataset read(Path folder, Part part, @Nullable List<String> labels) {
    Path pictureFile = find(folder, part, "images", "idx3");
    Path labelFile = find(folder, part, "labels", "idx1");
    Idx pictures = Idx.read(pictureFile, PICTURES_MAGIC, 3);
    Idx classes = Idx.read(labelFile, LABELS_MAGIC, 1);
    int count = pictures.dimensions()[0];
    if (count != classes.dimensions()[0]) {
      throw new InputException(
          "%s holds %d pictures but %s holds %d labels; expected one label for each picture"
              .formatted(pictureFile, count, labelFile, classes.dimensions()[0]));
    }
    int largest = 0;
    for (byte label : classes.content()) {
      largest = Math.max(largest, label & 0xff);
    }
    if (labels != null && largest >= labels.size()) {
      throw new InputException(
          "%s: label %d is out of range; there are %d classes, 0 to %d"
              .formatted(labelFile, largest, labels.size(), labels.size() - 1));
    }
    return new IdxDataset(
        "%s (%s)".formatted(folder, part.name().toLowerCase(Locale.ROOT)),
        labels != null
            ? labels
            : IntStream.rangeClosed(0, largest).mapToObj(Integer::toString).toList(),
        pictures.dimensions()[1],
        pictures.dimensions()[2],
        pictures.content(),
        classes.content());
  }

  /** Whether the folder holds the pictures of this part under one of the understood names. */
  static boolean exists(Path folder, Part part) {
    return names(part, "images", "idx3").stream()
        .anyMatch(candidate -> Files.isRegularFile(folder.resolve(candidate)));
  }

  private static List<String> names(Part part, String kind, String rank) {
    String dashed = "%s-%s-%s-ubyte".formatted(part.prefix, kind, rank);
    String dotted = "%s-%s.%s-ubyte".formatted(part.prefix, kind, rank);
    return List.of(dashed, dashed + ".gz", dotted, dotted + ".gz");
  }

  private static Path find(Path folder, Part part, String kind, String rank) {
    if (!Files.isDirectory(folder)) {
      throw new InputException(
          "%s is no folder; expected a folder with IDX files of the MNIST family"
              .formatted(folder));
    }
    List<String> names = names(part, kind, rank);
    for (String candidate : names) {
      Path file = folder.resolve(candidate);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new InputException(
        "%s holds no file named %s".formatted(folder, String.join(" or ", names)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public int size() {
    return classes.length;
  }

  @Override
  public int label(int index) {
    return classes[index] & 0xff;
  }

  @Override
  public Picture picture(int index) {
    Objects.checkIndex(index, classes.length);
    int length = rows * columns;
    return Picture.owning(
        columns, rows, 1, Arrays.copyOfRange(pixels, index * length, (index + 1) * length));
  }

  /** The content of one IDX file of unsigned bytes. */
  @SuppressWarnings("ArrayRecordComponent") // A carrier between two methods, never compared.
  private record Idx(int[] dimensions, byte[] content) {
    static Idx read(Path file, int magic, int rank) {
      try {
        long length = Files.size(file);
        boolean compressed = Gzip.is(file);
        try (DataInputStream stream = new DataInputStream(Gzip.open(file))) {
          int found = stream.readInt();
          if (found != magic) {
            throw new InputException(
                "%s: begins with 0x%08x; expected 0x%08x, an IDX file of unsigned bytes of rank %d"
                    .formatted(file, found, magic, rank));
          }
          int[] dimensions = new int[rank];
          for (int i = 0; i < rank; i++) {
            dimensions[i] = stream.readInt();
          }
          int size = size(file, dimensions);
          long header = Integer.BYTES * (1L + rank);
          if (compressed ? size > length * Gzip.MAXIMUM_COMPRESSION : header + size != length) {
            throw new InputException(
                "%s: its header announces %d bytes of data, which does not fit its length of %d;"
                        .formatted(file, size, length)
                    + " is the file complete?");
          }
          // Grows with what arrives, so that a header alone cannot claim the memory.
          byte[] content = stream.readNBytes(size);
          if (content.length != size || stream.read() != -1) {
            throw new InputException(
                "%s: its header announces %d bytes of data, but it holds %s"
                    .formatted(
                        file, size, content.length < size ? "only " + content.length : "more"));
          }
          return new Idx(dimensions, content);
        }
      } catch (EOFException e) {
        throw new InputException(
            "%s: the file is cut short; expected a whole IDX file".formatted(file), e);
      } catch (IOException e) {
        throw new InputException(
            "%s: cannot be read as an IDX file: %s".formatted(file, e.getMessage()), e);
      }
    }

    private static int size(Path file, int[] dimensions) {
      long size = 1;
      for (int dimension : dimensions) {
        size = dimension < 1 || size > Integer.MAX_VALUE ? -1 : size * dimension;
        if (size < 1 || size > Integer.MAX_VALUE - 8) {
          throw new InputException(
              "%s: its header says %s; expected positive sizes, below 2 GiB together"
                  .formatted(file, Arrays.toString(dimensions)));
        }
      }
      return (int) size;
    }
  }
}
