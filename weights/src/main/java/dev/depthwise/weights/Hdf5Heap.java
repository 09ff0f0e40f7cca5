package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.nio.ByteBuffer;

/**
 * A fractal heap: where the newer form of HDF5 keeps the links and attributes of an object that has
 * many. Its blocks double in size from row to row.
 */
final class Hdf5Heap {
  private static final int HEADER_BYTES = 146;
  private static final int MOST_ROWS = 64;
  private static final int MOST_DOUBLINGS = 20;
  private static final long LARGEST_BLOCK = 1 << 24;

  private final Hdf5File file;
  private final int offsetBytes;
  private final int lengthBytes;
  private final int width;
  private final long startSize;
  private final int directRows;
  private final long root;
  private final int rootRows;

  private Hdf5Heap(Hdf5File file, ByteBuffer header) {
    this.file = file;
    int filterBytes = Short.toUnsignedInt(header.getShort(7));
    long mostManaged = Integer.toUnsignedLong(header.getInt(10));
    this.width = Short.toUnsignedInt(header.getShort(110));
    this.startSize = header.getLong(112);
    long mostDirect = header.getLong(120);
    int heapBits = Short.toUnsignedInt(header.getShort(128));
    this.root = header.getLong(132);
    this.rootRows = Short.toUnsignedInt(header.getShort(140));
    if (header.get(4) != 0
        || filterBytes != 0
        || width == 0
        || Long.bitCount(startSize) != 1
        || Long.bitCount(mostDirect) != 1
        || startSize > LARGEST_BLOCK
        || mostDirect > LARGEST_BLOCK
        || mostDirect < startSize
        || heapBits > Long.SIZE
        || rootRows > MOST_ROWS) {
      throw file.fault("holds a heap that cannot be read");
    }
    this.directRows =
        Long.numberOfTrailingZeros(mostDirect) - Long.numberOfTrailingZeros(startSize) + 2;
    this.offsetBytes = (heapBits + 7) / Byte.SIZE;
    // One counts places in a block, the other lengths up to and with the largest.
    this.lengthBytes = Math.min(Hdf5Bytes.width(mostDirect - 1), Hdf5Bytes.width(mostManaged));
  }

  static Hdf5Heap read(Hdf5File file, long address) {
    ByteBuffer header = file.read(address, HEADER_BYTES, "FRHP");
    Hdf5Checksum.require(file.file(), header, "a heap");
    return new Hdf5Heap(file, header);
  }

  /** The object that an identifier stands for. */
  ByteBuffer object(ByteBuffer identifier) {
    int flags = identifier.get();
    if ((flags & 0x30) != 0) {
      throw file.fault("holds a link or attribute of more than 64 KiB, which is not read");
    }
    long offset = Hdf5Bytes.unsigned(identifier, offsetBytes);
    long length = Hdf5Bytes.unsigned(identifier, lengthBytes);
    if (offset < 0) {
      throw outside();
    }
    long block = root;
    int rows = rootRows;
    while (rows > 0) {
      int row = 0;
      long rowStart = 0;
      while (row < rows && offset - rowStart >= width * size(row)) {
        rowStart += width * size(row);
        row++;
      }
      if (row == rows) {
        throw outside();
      }
      int column = (int) ((offset - rowStart) / size(row));
      offset -= rowStart + column * size(row);
      long entry = (long) row * width + column;
      block = file.read(block + 13 + offsetBytes + Long.BYTES * entry, Long.BYTES).getLong();
      rows = row < directRows ? 0 : rowsOf(size(row));
    }
    file.read(block, 4, "FHDB");
    return file.read(block + offset, length);
  }

  private InputException outside() {
    return file.fault("its structure is broken: an object leaves its heap");
  }

  /** The size of each block in a row: the first two rows are alike. */
  private long size(int row) {
    return startSize << Math.min(Math.max(0, row - 1), MOST_DOUBLINGS);
  }

  /** The number of rows in an indirect block that stands for so many bytes. */
  private int rowsOf(long bytes) {
    int rows = 0;
    long held = 0;
    while (held < bytes) {
      held += width * size(rows);
      rows++;
    }
    return rows;
  }
}
