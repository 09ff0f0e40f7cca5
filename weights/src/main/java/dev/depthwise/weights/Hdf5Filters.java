package dev.depthwise.weights;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What has been done to the chunks of a data set before they were stored, first to last.
 *
 * @param filters their numbers
 */
record Hdf5Filters(List<Integer> filters) {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER_32 = 3;
  private static final int MOST_FILTERS = 32;
  private static final int FIRST_NAMED = 256;

  Hdf5Filters {
    filters = List.copyOf(filters);
  }

  /** Those of a data set. */
  static Hdf5Filters read(Hdf5File file, Hdf5Object object) {
    List<Integer> filters = new ArrayList<>();
    Optional<ByteBuffer> found = object.message(Hdf5Object.FILTERS);
    if (found.isPresent()) {
      ByteBuffer message = found.get();
      int version = message.get();
      int count = Byte.toUnsignedInt(message.get());
      if ((version != 1 && version != 2) || count > MOST_FILTERS) {
        throw file.fault("holds filters of version %d; 1 and 2 are known".formatted(version));
      }
      if (version == 1) {
        message.position(message.position() + 6);
      }
      for (int i = 0; i < count; i++) {
        int filter = Short.toUnsignedInt(message.getShort());
        int nameBytes =
            version == 1 || filter >= FIRST_NAMED ? Short.toUnsignedInt(message.getShort()) : 0;
        message.getShort();
        int values = Short.toUnsignedInt(message.getShort());
        int padded = version == 1 ? (nameBytes + 7) / 8 * 8 : nameBytes;
        String name = Hdf5Bytes.text(message.slice(message.position(), padded));
        int valuesPadded = version == 1 ? (values + 1) / 2 * 2 : values;
        message.position(message.position() + padded + valuesPadded * Integer.BYTES);
        if (filter != DEFLATE && filter != SHUFFLE && filter != FLETCHER_32) {
          throw file.fault(
              "holds data behind filter %d %s; deflate, shuffle and Fletcher-32 can be read"
                  .formatted(filter, Text.quote(name)));
        }
        filters.add(filter);
      }
    }
    return new Hdf5Filters(filters);
  }

  boolean isEmpty() {
    return filters.isEmpty();
  }

  /**
   * Takes the filters off a chunk.
   *
   * @param skipped a bit for each filter that was not applied to this chunk
   * @param size of the chunk without them
   */
  byte[] undo(
      InputFile file, String name, byte[] stored, int skipped, int elementBytes, long size) {
    byte[] bytes = stored;
    int length = stored.length;
    for (int i = filters.size() - 1; i >= 0; i--) {
      if ((skipped & 1 << i) != 0) {
        continue;
      }
      switch (filters.get(i)) {
        case DEFLATE -> {
          boolean checked = filters.subList(0, i).contains(FLETCHER_32);
          bytes =
              Deflated.read(
                  file,
                  "a part of " + name,
                  Deflated.unpacked(new ByteArrayInputStream(bytes, 0, length), true),
                  length,
                  checked ? size + Integer.BYTES : size);
          length = bytes.length;
        }
        case SHUFFLE -> bytes = unshuffled(bytes, length, elementBytes);
        default -> {
          length -= Integer.BYTES;
          if (length < 0
              || Hdf5Checksum.fletcher32(bytes, length)
                  != ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(length)) {
            throw file.fault("is damaged: the checksum of a part of %s is wrong".formatted(name));
          }
        }
      }
    }
    if (length != size) {
      throw file.fault("a part of %s has %d bytes instead of %d".formatted(name, length, size));
    }
    return bytes;
  }

  /** First bytes of all elements, then all second ones, and so on: back into elements. */
  private static byte[] unshuffled(byte[] bytes, int length, int elementBytes) {
    byte[] elements = new byte[length];
    int count = length / elementBytes;
    for (int b = 0; b < elementBytes; b++) {
      for (int i = 0; i < count; i++) {
        elements[i * elementBytes + b] = bytes[b * count + i];
      }
    }
    int rest = count * elementBytes;
    System.arraycopy(bytes, rest, elements, rest, length - rest);
    return elements;
  }
}
