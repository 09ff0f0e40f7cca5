package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What decoding each picture of a data set has shown: which are corrupt, how large the others are,
 * and fingerprints that are the same where the pixels are. 17 bytes a picture.
 */
public final class Inspection {
  /** So many pictures are decoded before what is known of them is kept on the disk. */
  private static final int PORTION = 50_000;

  private static final String TASK = "checking pictures";

  private final byte[] channels;
  private final int[] widths;
  private final int[] heights;
  private final long[] fingerprints;
  private final ConcurrentSkipListMap<Integer, String> faults = new ConcurrentSkipListMap<>();

  Inspection(int size) {
    this(new byte[size], new int[size], new int[size], new long[size]);
  }

  /** Owns these columns; 0 channels: not decoded yet. */
  Inspection(byte[] channels, int[] widths, int[] heights, long[] fingerprints) {
    this.channels = channels;
    this.widths = widths;
    this.heights = heights;
    this.fingerprints = fingerprints;
  }

  /**
   * Decodes every picture of a data set; of one that keeps an index, only those that are new,
   * changed or were corrupt.
   *
   * @param threads 0 for one each processor
   */
  public static Inspection of(Dataset dataset, int threads, Progress progress) {
    if (!(dataset instanceof IndexedDataset indexed)) {
      Inspection inspection = new Inspection(dataset.size());
      InParallel.each(
          TASK, dataset.size(), threads, progress, index -> inspection.decode(dataset, index));
      return inspection;
    }
    Inspection inspection = indexed.index().inspection();
    int[] unknown = inspection.unknown();
    for (int from = 0; from < unknown.length; from += PORTION) {
      int to = Math.min(from + PORTION, unknown.length);
      int begin = from;
      InParallel.each(
          TASK,
          to - from,
          threads,
          (task, done, total) -> progress.at(task, begin + done, unknown.length),
          number -> inspection.decode(dataset, unknown[begin + number]));
      indexed.keepIndex(progress);
    }
    return inspection;
  }

  private void decode(Dataset dataset, int index) {
    try {
      Picture picture = dataset.picture(index);
      widths[index] = picture.width();
      heights[index] = picture.height();
      fingerprints[index] = fingerprint(picture);
      channels[index] = (byte) picture.channels();
      faults.remove(index);
    } catch (InputException e) {
      String message = String.valueOf(e.getMessage());
      String title = dataset.title(index) + ": ";
      faults.put(index, message.startsWith(title) ? message.substring(title.length()) : message);
    }
  }

  private int[] unknown() {
    int count = 0;
    int[] unknown = new int[channels.length];
    for (int index = 0; index < channels.length; index++) {
      if (!isDecoded(index)) {
        unknown[count++] = index;
      }
    }
    return Arrays.copyOf(unknown, count);
  }

  /**
   * The first 64 bits of the SHA-256 of a picture's size, channels and samples: of a million
   * different pictures, two share one with a chance of 3 in 100 million.
   */
  static long fingerprint(Picture picture) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer size = ByteBuffer.allocate(3 * Integer.BYTES);
      size.putInt(picture.width()).putInt(picture.height()).putInt(picture.channels());
      digest.update(size.array());
      digest.update(picture.samples());
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** How many pictures there are, corrupt ones included. */
  public int size() {
    return channels.length;
  }

  /** What is wrong with each corrupt picture, by index. */
  public SortedMap<Integer, String> faults() {
    return Collections.unmodifiableSortedMap(faults);
  }

  /** What is wrong with each corrupt picture, which it names, one line each. */
  public List<String> describeFaults(Dataset dataset) {
    return faults.entrySet().stream()
        .map(fault -> dataset.title(fault.getKey()) + ": " + fault.getValue())
        .toList();
  }

  /** A data set without its corrupt pictures; empty if all are. */
  public Optional<Dataset> decoded(Dataset dataset) {
    int[] indices = new int[size()];
    int count = 0;
    for (int index = 0; index < size(); index++) {
      if (isDecoded(index)) {
        indices[count++] = index;
      }
    }
    if (count == size()) {
      return Optional.of(dataset);
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(new Subset(dataset.name(), dataset, Arrays.copyOf(indices, count)));
  }

  /** Whether a picture was decoded: neither corrupt nor unknown. */
  public boolean isDecoded(int index) {
    return channels[index] != 0;
  }

  /** Of a decoded picture, 1 or 3. */
  public int channels(int index) {
    return channels[index];
  }

  /** Of a decoded picture, in pixels. */
  public int width(int index) {
    return widths[index];
  }

  /** Of a decoded picture, in pixels. */
  public int height(int index) {
    return heights[index];
  }

  /** Of a decoded picture; see {@link Dataset#fingerprint}. */
  public long fingerprint(int index) {
    return fingerprints[index];
  }
}
