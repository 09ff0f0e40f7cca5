package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The extent of an HDF5 data set or attribute. */
final class Hdf5Space {
  private static final int MOST_DIMENSIONS = 32;
  private static final int NULL_SPACE = 2;

  private Hdf5Space() {}

  /** The extent, outermost first; {@code [0]} where there is nothing at all. */
  static List<Long> read(Hdf5File file, ByteBuffer message) {
    int version = message.get();
    int rank = Byte.toUnsignedInt(message.get());
    message.get();
    int type = message.get();
    if ((version != 1 && version != 2) || rank > MOST_DIMENSIONS) {
      throw file.fault("holds an extent of version %d in %d dimensions".formatted(version, rank));
    }
    if (version == 1) {
      message.getInt();
    } else if (type == NULL_SPACE) {
      return List.of(0L);
    }
    List<Long> dimensions = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      long dimension = message.getLong();
      if (dimension < 0) {
        throw file.fault("holds an extent of " + Long.toUnsignedString(dimension));
      }
      dimensions.add(dimension);
    }
    return dimensions;
  }

  /**
   * The number of elements, or -1 if there are too many to count.
   *
   * @param dimensions none is negative
   */
  static long count(List<Long> dimensions) {
    if (dimensions.contains(0L)) {
      return 0;
    }
    long count = 1;
    for (long dimension : dimensions) {
      if (dimension > Long.MAX_VALUE / 64 / count) {
        return -1;
      }
      count *= dimension;
    }
    return count;
  }
}
