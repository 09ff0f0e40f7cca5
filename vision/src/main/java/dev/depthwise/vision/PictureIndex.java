package dev.depthwise.vision;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of a data set on disk, in columns: 41 bytes each and their names, so that millions
 * fit into memory.
 */
final class PictureIndex {
  /**
   * Pictures that lie together: a class's folder, or a tar file.
   *
   * @param name of the folder or file
   * @param modified when it was last changed, in nanoseconds; {@link #UNSETTLED} if it is to be
   *     read anew
   * @param length in bytes; 0 for a folder
   * @param first index of its first picture
   * @param count of its pictures
   */
  record Group(String name, long modified, long length, int first, int count) {}

  /** Stands for a time that no folder was changed at. */
  static final long UNSETTLED = Long.MIN_VALUE;

  private final List<Group> groups;
  private final Map<String, Group> byName = new HashMap<>();
  private final Columns columns;
  private final Inspection inspection;

  private PictureIndex(List<Group> groups, Columns columns) {
    this.groups = List.copyOf(groups);
    for (Group group : groups) {
      byName.put(group.name(), group);
    }
    this.columns = columns;
    inspection =
        new Inspection(columns.channels, columns.widths, columns.heights, columns.fingerprints);
  }

  /** All pictures, in the order of their groups. */
  int size() {
    return columns.size;
  }

  List<Group> groups() {
    return groups;
  }

  /** The group of this name, if there is one. */
  @Nullable Group group(String name) {
    return byName.get(name);
  }

  /** The group that holds a picture. */
  Group groupOf(int index) {
    Objects.checkIndex(index, columns.size);
    int low = 0;
    int high = groups.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (groups.get(middle).first() <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return groups.get(low);
  }

  /** A picture's name within its group. */
  String name(int index) {
    Objects.checkIndex(index, columns.size);
    int begin = columns.nameBegin(index);
    return new String(
        columns.names, begin, columns.nameEnds[index] - begin, StandardCharsets.UTF_8);
  }

  /** When a file was last changed, in nanoseconds; in a tar file, where its bytes begin. */
  long stamp(int index) {
    return columns.stamps[Objects.checkIndex(index, columns.size)];
  }

  /** How many bytes a picture's file has. */
  long length(int index) {
    return columns.lengths[Objects.checkIndex(index, columns.size)];
  }

  int label(int index) {
    return columns.labels[Objects.checkIndex(index, columns.size)];
  }

  /** What decoding has shown so far. */
  Inspection inspection() {
    return inspection;
  }

  /** The columns themselves, to be written. */
  Columns columns() {
    return columns;
  }

  /** One array for each attribute; of a picture, what stands at its index. */
  static final class Columns {
    int size;
    byte[] names;
    int[] nameEnds;
    long[] stamps;
    long[] lengths;
    int[] labels;
    byte[] channels;
    int[] widths;
    int[] heights;
    long[] fingerprints;

    Columns(int capacity, int nameCapacity) {
      names = new byte[nameCapacity];
      nameEnds = new int[capacity];
      stamps = new long[capacity];
      lengths = new long[capacity];
      labels = new int[capacity];
      channels = new byte[capacity];
      widths = new int[capacity];
      heights = new int[capacity];
      fingerprints = new long[capacity];
    }

    int nameBegin(int index) {
      return index == 0 ? 0 : nameEnds[index - 1];
    }

    private void resize(int capacity, int nameCapacity) {
      names = Arrays.copyOf(names, nameCapacity);
      nameEnds = Arrays.copyOf(nameEnds, capacity);
      stamps = Arrays.copyOf(stamps, capacity);
      lengths = Arrays.copyOf(lengths, capacity);
      labels = Arrays.copyOf(labels, capacity);
      channels = Arrays.copyOf(channels, capacity);
      widths = Arrays.copyOf(widths, capacity);
      heights = Arrays.copyOf(heights, capacity);
      fingerprints = Arrays.copyOf(fingerprints, capacity);
    }
  }

  /** Makes an index, picture by picture. */
  static final class Builder {
    private final List<Group> groups = new ArrayList<>();
    private final Columns columns = new Columns(64, 1024);
    private int first;

    /** How many pictures there are so far. */
    int size() {
      return columns.size;
    }

    /** How many pictures the group has that is being made. */
    int groupSize() {
      return columns.size - first;
    }

    void add(String name, long stamp, long length, int label) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      add(bytes, 0, bytes.length, stamp, length, label);
    }

    private void add(byte[] from, int begin, int count, long stamp, long length, int label) {
      int index = columns.size;
      int nameBegin = columns.nameBegin(index);
      if (index == columns.nameEnds.length || nameBegin + count > columns.names.length) {
        columns.resize(
            grown(columns.nameEnds.length, index + 1),
            grown(columns.names.length, Math.addExact(nameBegin, count)));
      }
      System.arraycopy(from, begin, columns.names, nameBegin, count);
      columns.nameEnds[index] = nameBegin + count;
      columns.stamps[index] = stamp;
      columns.lengths[index] = length;
      columns.labels[index] = label;
      columns.size++;
    }

    private static int grown(int capacity, int needed) {
      return needed <= capacity
          ? capacity
          : Math.max(needed, (int) Math.min(capacity * 3L / 2, Integer.MAX_VALUE - 8));
    }

    /** Adds a picture as another index knows it. */
    void copy(PictureIndex other, int index) {
      Columns old = other.columns;
      int begin = old.nameBegin(index);
      add(
          old.names,
          begin,
          old.nameEnds[index] - begin,
          old.stamps[index],
          old.lengths[index],
          old.labels[index]);
      remember(other, index);
    }

    /** What another index knows of a picture's content holds for the one that was added last. */
    void remember(PictureIndex other, int index) {
      int last = columns.size - 1;
      columns.channels[last] = other.columns.channels[index];
      columns.widths[last] = other.columns.widths[index];
      columns.heights[last] = other.columns.heights[index];
      columns.fingerprints[last] = other.columns.fingerprints[index];
    }

    /** The pictures that were added since the last group are one. */
    void group(String name, long modified, long length) {
      groups.add(new Group(name, modified, length, first, columns.size - first));
      first = columns.size;
    }

    PictureIndex build() {
      columns.resize(columns.size, columns.nameBegin(columns.size));
      return new PictureIndex(groups, columns);
    }
  }

  /** An index of columns that were read. */
  static PictureIndex of(List<Group> groups, Columns columns) {
    return new PictureIndex(groups, columns);
  }
}
