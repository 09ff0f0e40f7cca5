package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The two kinds of trees in HDF5: version 1 leads to the names of a group or the chunks of a data
 * set, version 2 holds records of any kind.
 */
final class Hdf5Tree {
  private static final int HEADER_2_BYTES = 38;
  private static final int DEEPEST = 12;

  private Hdf5Tree() {}

  /** What a node of version 1 points at. */
  @FunctionalInterface
  interface Entry {
    /**
     * Takes one child of the lowest level.
     *
     * @param key what stands before it
     * @param address where it is
     */
    void take(ByteBuffer key, long address);
  }

  /**
   * Walks a tree of version 1 from left to right.
   *
   * @param type 0 for groups, 1 for chunks
   */
  static void walk(Hdf5File file, long address, int type, int keyBytes, Entry entry) {
    ByteBuffer start = file.read(address, 24, "TREE");
    walk(file, address, type, Byte.toUnsignedInt(start.get(5)), keyBytes, entry);
  }

  private static void walk(
      Hdf5File file, long address, int type, int level, int keyBytes, Entry entry) {
    ByteBuffer start = file.read(address, 24, "TREE");
    int count = Short.toUnsignedInt(start.getShort(6));
    if (start.get(4) != type || Byte.toUnsignedInt(start.get(5)) != level || level > DEEPEST) {
      throw file.fault("its structure is broken: a tree is none");
    }
    ByteBuffer children = file.read(address + 24, (long) count * (keyBytes + Long.BYTES));
    for (int i = 0; i < count; i++) {
      ByteBuffer key = children.slice(children.position(), keyBytes).order(children.order());
      children.position(children.position() + keyBytes);
      long child = children.getLong();
      if (level == 0) {
        entry.take(key, child);
      } else {
        walk(file, child, type, level - 1, keyBytes, entry);
      }
    }
  }

  /** Walks a tree of version 2 from left to right. */
  static void walk2(Hdf5File file, long address, int type, Consumer<ByteBuffer> records) {
    ByteBuffer header = file.read(address, HEADER_2_BYTES, "BTHD");
    Hdf5Checksum.require(file.file(), header, "a tree");
    int nodeBytes = header.getInt(6);
    int recordBytes = Short.toUnsignedInt(header.getShort(10));
    int depth = Short.toUnsignedInt(header.getShort(12));
    if (header.get(5) != type || recordBytes == 0 || nodeBytes < 16 || depth > DEEPEST) {
      throw file.fault("its structure is broken: a tree is none");
    }
    List<Integer> widths = new ArrayList<>();
    widths.add(0);
    int most = (nodeBytes - 10) / recordBytes;
    int countBytes = Hdf5Bytes.width(most);
    long mostBelow = most;
    for (int level = 1; level <= depth; level++) {
      int pointerBytes = Long.BYTES + countBytes + widths.get(level - 1);
      most = (nodeBytes - 10 - pointerBytes) / (recordBytes + pointerBytes);
      if (most < 1 || mostBelow > Long.MAX_VALUE / 2 / (most + 1L)) {
        throw file.fault("its structure is broken: a tree is none");
      }
      mostBelow = (most + 1) * mostBelow + most;
      widths.add(Hdf5Bytes.width(mostBelow));
    }
    if (header.getLong(16) != Hdf5File.NOWHERE) {
      Nodes nodes = new Nodes(file, nodeBytes, recordBytes, countBytes, widths, records);
      nodes.walk(header.getLong(16), depth, Short.toUnsignedInt(header.getShort(24)));
    }
  }

  /**
   * The nodes of a tree of version 2.
   *
   * @param countBytes the width of the number of records in a child
   * @param widths of the number of records in a child and all below it, by level
   */
  private record Nodes(
      Hdf5File file,
      int nodeBytes,
      int recordBytes,
      int countBytes,
      List<Integer> widths,
      Consumer<ByteBuffer> records) {
    void walk(long address, int level, int count) {
      ByteBuffer node = file.read(address, nodeBytes, level == 0 ? "BTLF" : "BTIN");
      int pointerBytes = level == 0 ? 0 : Long.BYTES + countBytes + widths.get(level - 1);
      int used = 6 + count * recordBytes + (level == 0 ? 0 : (count + 1) * pointerBytes);
      Hdf5Checksum.require(file.file(), node.slice(0, used + 4), "a tree");
      for (int i = 0; i < count; i++) {
        ByteBuffer record = node.slice(6 + i * recordBytes, recordBytes).order(node.order());
        if (level > 0) {
          child(node, 6 + count * recordBytes + i * pointerBytes, level);
        }
        records.accept(record);
      }
      if (level > 0) {
        child(node, 6 + count * recordBytes + count * pointerBytes, level);
      }
    }

    private void child(ByteBuffer node, int at, int level) {
      ByteBuffer pointer = node.duplicate().order(node.order()).position(at);
      long address = pointer.getLong();
      walk(address, level - 1, (int) Hdf5Bytes.unsigned(pointer, countBytes));
    }
  }
}
