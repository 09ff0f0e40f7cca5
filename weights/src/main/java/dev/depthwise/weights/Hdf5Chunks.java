package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A data set that is stored in boxes of equal size.
 *
 * @param name of the data set, for messages
 * @param elementBytes the size of an element
 * @param dimensions of the data set
 * @param chunk the dimensions of a box
 * @param filters what was done to each before it was stored
 * @param index where the boxes are
 */
record Hdf5Chunks(
    String name,
    int elementBytes,
    List<Long> dimensions,
    List<Long> chunk,
    Hdf5Filters filters,
    Index index)
    implements Hdf5Dataset.Place {
  private static final int MOST_CHUNKS = 1 << 18;
  private static final int MOST_DIMENSIONS = 32;

  /** How many elements all boxes together may have beyond those of the data set. */
  private static final long LARGEST_EXCESS = 1 << 22;

  /** How a file says where the boxes are. */
  enum Kind {
    TREE,
    SINGLE,
    IMPLICIT,
    FIXED_ARRAY
  }

  /**
   * Where the boxes are.
   *
   * @param stored the size of a single box as stored
   * @param skipped the filters that it was not put through
   */
  record Index(Kind kind, long address, long stored, int skipped) {}

  Hdf5Chunks {
    dimensions = List.copyOf(dimensions);
    chunk = List.copyOf(chunk);
  }

  /**
   * Reads a layout.
   *
   * @param layout behind its kind
   */
  static Hdf5Chunks of(
      Hdf5File file,
      String name,
      int version,
      ByteBuffer layout,
      int elementBytes,
      List<Long> dimensions,
      Hdf5Filters filters) {
    int flags = version == 4 ? layout.get() : 0;
    if ((flags & 1) != 0) {
      throw file.fault("leaves the edges of %s unfiltered, which is not read".formatted(name));
    }
    int rank = Byte.toUnsignedInt(layout.get()) - 1;
    int width = version == 4 ? layout.get() : Integer.BYTES;
    long address = version == 4 ? 0 : layout.getLong();
    if (rank != dimensions.size()
        || rank < 1
        || rank > MOST_DIMENSIONS
        || width < 1
        || width > Long.BYTES) {
      throw file.fault("holds %s in parts of another rank".formatted(name));
    }
    List<Long> chunk = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      long extent = Hdf5Bytes.unsigned(layout, width);
      if (extent < 1 || extent > Integer.MAX_VALUE) {
        throw file.fault("holds %s in parts of %d".formatted(name, extent));
      }
      chunk.add(extent);
    }
    Hdf5Bytes.unsigned(layout, width);
    Index index =
        version == 4 ? newerIndex(file, name, flags, layout) : new Index(Kind.TREE, address, 0, 0);
    Hdf5Chunks chunks = new Hdf5Chunks(name, elementBytes, dimensions, chunk, filters, index);
    if (Hdf5Space.count(dimensions) > 0) {
      if (index.address() == Hdf5File.NOWHERE) {
        throw file.fault("holds nothing of %s: it was never written".formatted(name));
      }
      long count = chunks.count();
      long chunkCount = Hdf5Space.count(chunk);
      if (count < 0
          || count > MOST_CHUNKS
          || chunkCount < 0
          || chunkCount > Integer.MAX_VALUE / elementBytes
          || count * chunkCount > LARGEST_EXCESS + 16 * Hdf5Space.count(dimensions)) {
        throw file.fault(
            "holds %s of %s in %d parts of %s, which are too many or too large"
                .formatted(name, dimensions, count, chunk));
      }
    }
    return chunks;
  }

  private static Index newerIndex(Hdf5File file, String name, int flags, ByteBuffer layout) {
    int kind = layout.get();
    switch (kind) {
      case 1 -> {
        boolean filtered = (flags & 2) != 0;
        long stored = filtered ? layout.getLong() : -1;
        int skipped = filtered ? layout.getInt() : 0;
        return new Index(Kind.SINGLE, layout.getLong(), stored, skipped);
      }
      case 2 -> {
        return new Index(Kind.IMPLICIT, layout.getLong(), 0, 0);
      }
      case 3 -> {
        layout.get();
        return new Index(Kind.FIXED_ARRAY, layout.getLong(), 0, 0);
      }
      default ->
          throw file.fault(
              "holds %s as a data set that can grow in the newest form of HDF5; save it again"
                      .formatted(name)
                  + " with libver='earliest'");
    }
  }

  /** The number of boxes, or -1 if they are too many to count. */
  private long count() {
    return Hdf5Space.count(grid());
  }

  /** The number of boxes along each dimension. */
  private List<Long> grid() {
    List<Long> grid = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      grid.add((dimensions.get(i) + chunk.get(i) - 1) / chunk.get(i));
    }
    return grid;
  }

  /** Where the boxes of a file are: each is there once, and within the file. */
  Located located(InputFile input) {
    Hdf5File file = Hdf5File.open(input);
    Located located = new Located(file);
    if (Hdf5Space.count(dimensions) == 0) {
      return located;
    }
    switch (index.kind()) {
      case TREE -> {
        int keyBytes = 8 + Long.BYTES * (dimensions.size() + 1);
        Hdf5Tree.walk(
            file,
            index.address(),
            1,
            keyBytes,
            (key, address) -> {
              long stored = Integer.toUnsignedLong(key.getInt());
              int skipped = key.getInt();
              List<Long> corner = new ArrayList<>();
              for (int i = 0; i < dimensions.size(); i++) {
                corner.add(key.getLong());
              }
              located.add(corner, new Box(address, stored, skipped));
            });
      }
      case SINGLE ->
          located.add(
              corner(0),
              new Box(
                  index.address(),
                  index.stored() < 0 ? located.chunkBytes : index.stored(),
                  index.skipped()));
      case IMPLICIT -> {
        for (int i = 0; i < count(); i++) {
          located.add(
              corner(i), new Box(index.address() + i * located.chunkBytes, located.chunkBytes, 0));
        }
      }
      case FIXED_ARRAY -> locateByFixedArray(file, located);
    }
    located.requireAll();
    return located;
  }

  private void locateByFixedArray(Hdf5File file, Located located) {
    ByteBuffer header = file.read(index.address(), 28, "FAHD");
    Hdf5Checksum.require(file.file(), header, "an index");
    boolean filtered = header.get(5) == 1;
    int entryBytes = Byte.toUnsignedInt(header.get(6));
    int pageBits = Byte.toUnsignedInt(header.get(7));
    long count = header.getLong(8);
    long block = header.getLong(16);
    if (count != count() || pageBits > 30 || entryBytes < (filtered ? 13 : 8)) {
      throw file.fault("holds an index of %s that is broken".formatted(name));
    }
    long pageEntries = 1L << pageBits;
    file.read(block, 4, "FADB");
    long at = block + 14;
    boolean paged = count > pageEntries;
    if (paged) {
      long pages = (count + pageEntries - 1) / pageEntries;
      // A bit for each page that was written, then the checksum of the block.
      at += (pages + 7) / 8 + 4;
    }
    for (long first = 0; first < count; first += pageEntries) {
      long entries = Math.min(pageEntries, count - first);
      ByteBuffer page = file.read(at, entries * entryBytes);
      for (int i = 0; i < entries; i++) {
        ByteBuffer entry = page.slice(i * entryBytes, entryBytes).order(page.order());
        long address = entry.getLong();
        long stored =
            filtered
                ? Hdf5Bytes.unsigned(entry, entryBytes - Long.BYTES - Integer.BYTES)
                : located.chunkBytes;
        located.add(corner(first + i), new Box(address, stored, filtered ? entry.getInt() : 0));
      }
      at += entries * entryBytes + 4;
    }
  }

  /** Where a box begins, counted row by row. */
  private List<Long> corner(long number) {
    List<Long> grid = grid();
    Long[] corner = new Long[grid.size()];
    long left = number;
    for (int i = grid.size() - 1; i >= 0; i--) {
      corner[i] = left % grid.get(i) * chunk.get(i);
      left /= grid.get(i);
    }
    return List.of(corner);
  }

  /**
   * A box as stored.
   *
   * @param skipped the filters that it was not put through
   */
  private record Box(long address, long stored, int skipped) {}

  /** Boxes that were found; those that begin in the same rows are read together. */
  final class Located {
    private final Hdf5File file;
    private final long chunkBytes;
    private final Map<Integer, Box> boxes = new HashMap<>();

    Located(Hdf5File file) {
      this.file = file;
      long wholeBytes = Hdf5Space.count(dimensions) * elementBytes;
      if (wholeBytes > Integer.MAX_VALUE - 8) {
        throw file.fault("holds %s of %s; at most 2 GiB can be read".formatted(name, dimensions));
      }
      this.chunkBytes = Hdf5Space.count(chunk) * elementBytes;
      if (Hdf5Space.count(grid()) > 1) {
        Deflated.requirePlausible(file.file(), name, file.size(), wholeBytes);
      }
    }

    private void add(List<Long> corner, Box box) {
      if (box.address() < 0 || box.stored() < 0 || box.stored() > file.size() - box.address()) {
        throw file.fault("holds a part of %s that is not there".formatted(name));
      }
      // What does not shrink grows by a few bytes in a thousand.
      if (filters.isEmpty()
          ? box.stored() != chunkBytes
          : box.stored() > chunkBytes + chunkBytes / 8 + InputFile.CHUNK) {
        throw file.fault(
            "holds a part of %s with %d bytes instead of %d"
                .formatted(name, box.stored(), chunkBytes));
      }
      if (boxes.put(number(corner), box) != null) {
        throw file.fault("holds a part of %s twice: %s".formatted(name, corner));
      }
    }

    private void requireAll() {
      if (boxes.size() != count()) {
        throw file.fault("holds %d of the %d parts of %s".formatted(boxes.size(), count(), name));
      }
    }

    private int number(List<Long> corner) {
      List<Long> grid = grid();
      long number = 0;
      for (int i = 0; i < corner.size(); i++) {
        long start = corner.get(i);
        if (start < 0 || start >= dimensions.get(i) || start % chunk.get(i) != 0) {
          throw file.fault("holds a part of %s where none belongs: %s".formatted(name, corner));
        }
        number = number * grid.get(i) + start / chunk.get(i);
      }
      return (int) number;
    }

    /** In how many bands of rows the boxes lie. */
    int bands() {
      return boxes.isEmpty() ? 0 : Math.toIntExact(grid().get(0));
    }

    /** The elements of a band, row-major. */
    byte[] band(int band) {
      long top = band * chunk.get(0);
      List<Long> size = new ArrayList<>(dimensions);
      size.set(0, Math.min(chunk.get(0), dimensions.get(0) - top));
      int each = boxes.size() / bands();
      if (chunk.equals(size)) {
        return unpacked(box(band));
      }
      byte[] elements = new byte[(int) (Hdf5Space.count(size) * elementBytes)];
      for (int number = band * each; number < (band + 1) * each; number++) {
        List<Long> corner = new ArrayList<>(corner(number));
        corner.set(0, 0L);
        copy(unpacked(box(number)), corner, elements, size);
      }
      return elements;
    }

    private Box box(int number) {
      return Objects.requireNonNull(boxes.get(number));
    }

    private byte[] unpacked(Box box) {
      InputFile input = file.file();
      return filters.undo(
          input,
          name,
          input.readArray(box.address(), box.stored()),
          box.skipped(),
          elementBytes,
          chunkBytes);
    }

    /** Copies row by row; what reaches beyond the edges is left out. */
    private void copy(byte[] bytes, List<Long> corner, byte[] elements, List<Long> size) {
      int rank = size.size();
      int last = rank - 1;
      int rowBytes =
          (int) Math.min(chunk.get(last), size.get(last) - corner.get(last)) * elementBytes;
      long[] index = new long[rank];
      while (true) {
        long from = 0;
        long to = 0;
        for (int i = 0; i < rank; i++) {
          from = from * chunk.get(i) + index[i];
          to = to * size.get(i) + corner.get(i) + index[i];
        }
        System.arraycopy(
            bytes, (int) (from * elementBytes), elements, (int) (to * elementBytes), rowBytes);
        int axis = last - 1;
        while (axis >= 0) {
          index[axis]++;
          if (index[axis] < Math.min(chunk.get(axis), size.get(axis) - corner.get(axis))) {
            break;
          }
          index[axis] = 0;
          axis--;
        }
        if (axis < 0) {
          return;
        }
      }
    }
  }
}
