package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The structure of an HDF5 file: addresses lead from its superblock to groups, attributes and data.
 *
 * <p>This is our own reader of the part of the format that weight files use, because a file may
 * come from anybody: every address and length is held against the file before anything is
 * allocated, other files are never opened, and what is read of the structure is bounded in all, so
 * that one that goes round in circles ends.
 *
 * @see <a href="https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html">the format</a>
 */
final class Hdf5File {
  static final long SIGNATURE = 0x0a1a0a0d46444889L;

  /** The address of what is not there. */
  static final long NOWHERE = -1;

  /** A file of a thousand layers has less than 4 MiB of structure. */
  private static final long MOST_STRUCTURE = 1 << 26;

  /** What a visit costs at least, so that many small ones are bounded too. */
  private static final long LEAST_COST = 256;

  private static final int SUPERBLOCK_BYTES = 96;

  private final InputFile file;
  private final Map<Long, Map<Integer, ByteBuffer>> globalHeaps = new HashMap<>();
  private final long root;
  private final long size;
  private long left = MOST_STRUCTURE;

  private Hdf5File(InputFile file, long root, long size) {
    this.file = file;
    this.root = root;
    this.size = size;
  }

  /** Reads the superblock. */
  static Hdf5File open(InputFile file) {
    if (file.size() < SUPERBLOCK_BYTES || file.read(0, Long.BYTES).getLong() != SIGNATURE) {
      throw file.fault("is no HDF5 file");
    }
    ByteBuffer block = file.read(0, SUPERBLOCK_BYTES);
    int version = block.get(8);
    int sizes = version < 2 ? 13 : 9;
    if (version < 0 || version > 3) {
      throw file.fault("is of version %d of HDF5; known are 0 to 3".formatted(version));
    }
    if (block.get(sizes) != Long.BYTES || block.get(sizes + 1) != Long.BYTES) {
      throw file.fault(
          "has addresses of %d bytes and lengths of %d; those of 8 can be read"
              .formatted(block.get(sizes), block.get(sizes + 1)));
    }
    int base = version == 0 ? 24 : version == 1 ? 28 : 12;
    if (version >= 2) {
      Hdf5Checksum.require(file, block.slice(0, 48), "its superblock");
    }
    if (block.getLong(base) != 0) {
      throw file.fault("begins with something else than HDF5");
    }
    long end = block.getLong(base + 16);
    if (end < 0 || end > file.size()) {
      throw file.fault(
          "is cut short: it should have %s bytes, but has %d"
              .formatted(Long.toUnsignedString(end), file.size()));
    }
    long root = block.getLong(version < 2 ? base + 40 : base + 24);
    return new Hdf5File(file, root, end);
  }

  /** The group that holds all others. */
  Hdf5Object root() {
    return Hdf5Object.read(this, root);
  }

  /** The bytes of the file that data is read from. */
  InputFile file() {
    return file;
  }

  /** Where the file ends, as it says itself. */
  long size() {
    return size;
  }

  /** A part of the structure. */
  ByteBuffer read(long address, long length) {
    if (address < 0 || length < 0 || length > size - address) {
      throw fault(
          "its structure points at byte %s, where nothing is"
              .formatted(Long.toUnsignedString(address)));
    }
    charge(length);
    return file.read(address, length);
  }

  /** Counts bytes of the structure that are looked at. */
  void charge(long length) {
    left -= Math.max(length, LEAST_COST);
    if (left < 0) {
      throw fault("its structure is too large, or goes round in circles");
    }
  }

  /** The same, where a name of four letters must stand first; they are skipped. */
  ByteBuffer read(long address, long length, String signature) {
    ByteBuffer block = read(address, length);
    require(block, signature);
    return block;
  }

  /** Skips four letters that must stand there. */
  void require(ByteBuffer block, String signature) {
    for (int i = 0; i < signature.length(); i++) {
      if (!block.hasRemaining() || block.get() != signature.charAt(i)) {
        throw fault(
            "its structure is broken: there is no %s where one should be".formatted(signature));
      }
    }
  }

  /** An object of a global heap: the bytes of a text of any length. */
  ByteBuffer global(long address, int index) {
    Map<Integer, ByteBuffer> heap = globalHeaps.get(address);
    if (heap == null) {
      heap = globalHeap(address);
      globalHeaps.put(address, heap);
    }
    ByteBuffer object = heap.get(index);
    if (object == null) {
      throw fault("refers to a text that is not there");
    }
    charge(object.limit());
    return object.duplicate();
  }

  private Map<Integer, ByteBuffer> globalHeap(long address) {
    ByteBuffer start = read(address, 16, "GCOL");
    ByteBuffer heap = read(address, start.getLong(8));
    Map<Integer, ByteBuffer> objects = new HashMap<>();
    int at = 16;
    while (at <= heap.limit() - 16) {
      int index = Short.toUnsignedInt(heap.getShort(at));
      long length = heap.getLong(at + 8);
      if (index == 0) {
        break;
      }
      if (length < 0 || length > heap.limit() - at - 16) {
        throw fault("its structure is broken: a text leaves its heap");
      }
      objects.put(index, heap.slice(at + 16, (int) length));
      at += 16 + (int) ((length + 7) / 8 * 8);
    }
    return objects;
  }

  InputException fault(String what) {
    return file.fault(what);
  }
}
