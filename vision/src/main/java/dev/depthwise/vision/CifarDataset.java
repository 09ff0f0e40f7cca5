package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Colour pictures of 32x32 in the binary files of CIFAR-10 and CIFAR-100, held in memory.
 *
 * <p>Source: Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images"; the files'
 * format is described at <a href="https://www.cs.toronto.edu/~kriz/cifar.html">the authors'
 * page</a>: records of one or two label bytes, then 1024 bytes each of red, green and blue.
 */
public final class CifarDataset implements Dataset {
  /** Which of the data sets, and which of its labels. */
  public enum Format {
    /** 10 classes; 50,000 pictures to train on, 10,000 to test on. */
    CIFAR_10(
        "cifar10", "CIFAR-10", "cifar-10-batches-bin", 1, 0, "test_batch.bin", "batches.meta.txt"),
    /** 100 classes, the fine labels; 50,000 pictures to train on, 10,000 to test on. */
    CIFAR_100(
        "cifar100", "CIFAR-100", "cifar-100-binary", 2, 1, "test.bin", "fine_label_names.txt"),
    /** The same pictures in 20 classes, the coarse labels. */
    CIFAR_100_COARSE(
        "cifar100-coarse",
        "CIFAR-100",
        "cifar-100-binary",
        2,
        0,
        "test.bin",
        "coarse_label_names.txt");

    private final String kind;
    private final String title;
    private final String folder;
    private final int labelBytes;
    private final int labelAt;
    private final String test;
    private final String names;

    Format(
        String kind,
        String title,
        String folder,
        int labelBytes,
        int labelAt,
        String test,
        String names) {
      this.kind = kind;
      this.title = title;
      this.folder = folder;
      this.labelBytes = labelBytes;
      this.labelAt = labelAt;
      this.test = test;
      this.names = names;
    }

    private String archive() {
      return switch (this) {
        case CIFAR_10 -> "cifar-10-binary.tar.gz";
        case CIFAR_100, CIFAR_100_COARSE -> "cifar-100-binary.tar.gz";
      };
    }

    private List<String> train() {
      return switch (this) {
        case CIFAR_10 ->
            IntStream.rangeClosed(1, 5).mapToObj("data_batch_%d.bin"::formatted).toList();
        case CIFAR_100, CIFAR_100_COARSE -> List.of("train.bin");
      };
    }

    private int recordLength() {
      return labelBytes + CHANNELS * PLANE;
    }
  }

  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int CHANNELS = 3;

  /** The largest file of either data set has 154 million bytes. */
  private static final long MAXIMUM_BYTES = 256L << 20;

  private final String name;
  private final Format format;
  private final List<String> labels;
  private final List<byte[]> batches;
  private final int size;

  private CifarDataset(String name, Format format, List<String> labels, Map<String, byte[]> files) {
    this.name = name;
    this.format = format;
    this.labels = labels;
    batches = List.copyOf(files.values());
    int records = 0;
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      records += records(file.getKey(), file.getValue());
    }
    size = records;
  }

  /**
   * Reads both parts; without the file of the test part there is none.
   *
   * @param source the archive as it is published, the folder that it unpacks to, or a folder that
   *     holds either
   * @throws InputException if a file is missing or broken
   */
  public static Data open(Path source, Format format) {
    Path place = place(source, format);
    Map<String, byte[]> files =
        Files.isDirectory(place) ? read(place, format) : unpack(place, format);
    Map<String, byte[]> train = new LinkedHashMap<>();
    for (String file : format.train()) {
      train.put(place + ": " + file, require(files, file, place, format));
    }
    List<String> labels = labels(require(files, format.names, place, format), place, format);
    byte[] test = files.get(format.test);
    return new Data(
        format.kind + ":" + source,
        new CifarDataset(source + " (train)", format, labels, train),
        test == null
            ? Optional.empty()
            : Optional.of(
                new CifarDataset(
                    source + " (test)", format, labels, Map.of(place + ": " + format.test, test))));
  }

  private static Path place(Path source, Format format) {
    List<Path> candidates =
        List.of(source, source.resolve(format.folder), source.resolve(format.archive()));
    for (Path candidate : candidates) {
      if (Files.isRegularFile(candidate.resolve(format.names))
          || Files.isRegularFile(candidate.resolve(format.train().get(0)))
          || Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    throw new InputException(
        ("%s does not hold %s; to get it, download https://www.cs.toronto.edu/~kriz/%s into a"
                + " folder and pass %s:FOLDER")
            .formatted(source, format.title, format.archive(), format.kind));
  }

  private static Set<String> wanted(Format format) {
    Set<String> wanted = new HashSet<>(format.train());
    wanted.add(format.test);
    wanted.add(format.names);
    return wanted;
  }

  private static Map<String, byte[]> read(Path folder, Format format) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : wanted(format)) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        try {
          requireSize(folder, name, Files.size(file), MAXIMUM_BYTES);
          files.put(name, Files.readAllBytes(file));
        } catch (IOException e) {
          throw new InputException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
      }
    }
    return files;
  }

  private static Map<String, byte[]> unpack(Path archive, Format format) {
    Set<String> wanted = wanted(format);
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(Gzip.open(archive))) {
      long most = Math.min(MAXIMUM_BYTES, Files.size(archive) * Gzip.MAXIMUM_COMPRESSION);
      for (TarArchiveEntry entry = tar.getNextEntry();
          entry != null && files.size() < wanted.size();
          entry = tar.getNextEntry()) {
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        if (entry.isFile() && wanted.contains(name)) {
          requireSize(archive, name, entry.getSize(), most);
          // Grows with what arrives, so that a header alone cannot claim the memory.
          byte[] content = tar.readNBytes((int) entry.getSize());
          if (content.length != entry.getSize()) {
            throw new EOFException(name + " is cut short");
          }
          if (files.put(name, content) != null) {
            throw new InputException("%s: holds %s twice".formatted(archive, name));
          }
        }
      }
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be read as a tar file: %s; expected %s whole, as it is published"
              .formatted(archive, e.getMessage(), format.archive()),
          e);
    }
    return files;
  }

  private static void requireSize(Path place, String name, long size, long most) {
    if (size < 0 || size > most) {
      throw new InputException(
          "%s: %s would have %d bytes; expected at most %d".formatted(place, name, size, most));
    }
  }

  private static byte[] require(Map<String, byte[]> files, String name, Path place, Format format) {
    byte @Nullable [] content = files.get(name);
    if (content == null) {
      throw new InputException(
          "%s holds no %s; expected all files of %s".formatted(place, name, format.archive()));
    }
    return content;
  }

  private static List<String> labels(byte[] content, Path place, Format format) {
    List<String> labels = new ArrayList<>();
    new String(content, StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .limit(257)
        .forEach(labels::add);
    if (labels.size() < 2 || labels.size() > 256) {
      throw new InputException(
          "%s: %s holds %s names; expected one class in each line, 2 to 256 of them"
              .formatted(place, format.names, labels.size() > 256 ? "too many" : labels.size()));
    }
    return List.copyOf(labels);
  }

  private int records(String file, byte[] content) {
    int length = format.recordLength();
    if (content.length == 0 || content.length % length != 0) {
      throw new InputException(
          "%s has %d bytes; expected a multiple of %d, the length of a picture with its label"
              .formatted(file, content.length, length));
    }
    for (int at = format.labelAt; at < content.length; at += length) {
      int label = content[at] & 0xff;
      if (label >= labels.size()) {
        throw new InputException(
            "%s: label %d of picture %d is out of range; there are %d classes, 0 to %d"
                .formatted(file, label, at / length, labels.size(), labels.size() - 1));
      }
    }
    return content.length / length;
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
    return size;
  }

  @Override
  public int label(int index) {
    return read(index, (batch, begin) -> batch[begin + format.labelAt] & 0xff);
  }

  @Override
  public Picture picture(int index) {
    return read(index, (batch, begin) -> picture(batch, begin + format.labelBytes));
  }

  private static Picture picture(byte[] batch, int begin) {
    byte[] samples = new byte[CHANNELS * PLANE];
    int out = 0;
    for (int at = begin; at < begin + PLANE; at++) {
      samples[out++] = batch[at];
      samples[out++] = batch[at + PLANE];
      samples[out++] = batch[at + 2 * PLANE];
    }
    return Picture.owning(SIDE, SIDE, CHANNELS, samples);
  }

  private interface Reader<T> {
    T at(byte[] batch, int begin);
  }

  /** Reads a record of the batch that holds it. */
  private <T> T read(int index, Reader<T> reader) {
    Objects.checkIndex(index, size);
    int length = format.recordLength();
    int left = index;
    for (byte[] batch : batches) {
      int records = batch.length / length;
      if (left < records) {
        return reader.at(batch, left * length);
      }
      left -= records;
    }
    throw new IllegalStateException("no batch holds picture " + index);
  }
}
