package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A data set of an HDF5 file: numbers of one type.
 *
 * @param type of its elements
 * @param order of their bytes
 * @param dimensions outermost first
 * @param place where they are
 */
record Hdf5Dataset(DataType type, ByteOrder order, List<Long> dimensions, Place place) {
  private static final int COMPACT = 0;
  private static final int CONTIGUOUS = 1;
  private static final int CHUNKED = 2;

  /** Where the elements of a data set are. */
  sealed interface Place permits Inline, Contiguous, Hdf5Chunks {}

  /** In the header itself. */
  record Inline(ByteBuffer elements) implements Place {}

  /** In one piece. */
  record Contiguous(long address, long length) implements Place {}

  /** The data set that an object is, if it is one. */
  static Optional<Hdf5Dataset> of(Hdf5Object object, String name) {
    Optional<ByteBuffer> layout = object.message(Hdf5Object.LAYOUT);
    if (layout.isEmpty()) {
      return Optional.empty();
    }
    Hdf5File file = object.file();
    if (object.message(Hdf5Object.EXTERNAL_FILES).isPresent()) {
      throw file.fault("keeps %s in another file, which is not read".formatted(Text.quote(name)));
    }
    Hdf5Type type = Hdf5Type.read(message(object, Hdf5Object.DATATYPE));
    List<Long> dimensions = Hdf5Space.read(file, message(object, Hdf5Object.DATASPACE));
    DataType numbers = type.numbers();
    if (numbers == null) {
      throw file.fault(
          "holds %s, which is made of something else than plain numbers"
              .formatted(Text.quote(name)));
    }
    long count = Hdf5Space.count(dimensions);
    if (count < 0) {
      throw file.fault(
          "holds %s of %s, which is too large".formatted(Text.quote(name), dimensions));
    }
    Place place =
        place(
            file,
            Text.quote(name),
            layout.get(),
            count * numbers.bytes(),
            numbers.bytes(),
            dimensions,
            Hdf5Filters.read(file, object));
    return Optional.of(new Hdf5Dataset(numbers, type.order(), dimensions, place));
  }

  private static ByteBuffer message(Hdf5Object object, int type) {
    return object
        .message(type)
        .orElseThrow(() -> object.file().fault("holds data without saying what it is or how much"));
  }

  /** Hands over all elements, in the byte order of the data set; see {@link Elements}. */
  void read(InputFile file, Consumer<ByteBuffer> parts) {
    if (place instanceof Inline inline) {
      parts.accept(inline.elements().duplicate().order(order));
    } else if (place instanceof Contiguous contiguous) {
      file.parts(contiguous.address(), contiguous.length(), order, parts);
    } else if (place instanceof Hdf5Chunks chunks) {
      Hdf5Chunks.Located located = Keras.guarded(file, () -> chunks.located(file));
      for (int i = 0; i < located.bands(); i++) {
        int band = i;
        byte[] elements = Keras.guarded(file, () -> located.band(band));
        parts.accept(ByteBuffer.wrap(elements).order(order));
      }
    } else {
      throw new IllegalStateException("no such place: " + place);
    }
  }

  private static Place place(
      Hdf5File file,
      String name,
      ByteBuffer layout,
      long bytes,
      int elementBytes,
      List<Long> dimensions,
      Hdf5Filters filters) {
    int version = layout.get();
    int rank = 0;
    if (version == 1 || version == 2) {
      rank = Byte.toUnsignedInt(layout.get());
    } else if (version != 3 && version != 4) {
      throw file.fault("holds %s in layout %d; 1 to 4 are known".formatted(name, version));
    }
    int kind = layout.get();
    if (version < 3) {
      layout.position(layout.position() + 5);
    }
    switch (kind) {
      case COMPACT -> {
        if (version < 3) {
          layout.position(layout.position() + Integer.BYTES * rank);
        }
        long length =
            version < 3
                ? Integer.toUnsignedLong(layout.getInt())
                : Short.toUnsignedInt(layout.getShort());
        if (length < bytes) {
          throw file.fault("holds %d bytes of %s instead of %d".formatted(length, name, bytes));
        }
        return new Inline(layout.slice(layout.position(), Math.toIntExact(bytes)));
      }
      case CONTIGUOUS -> {
        long address = layout.getLong();
        long length = version < 3 ? bytes : layout.getLong();
        if (bytes == 0) {
          return new Inline(ByteBuffer.allocate(0));
        }
        if (address == Hdf5File.NOWHERE) {
          throw file.fault("holds nothing of %s: it was never written".formatted(name));
        }
        if (length < bytes || address < 0 || bytes > file.size() - address) {
          throw file.fault(
              "holds %s at byte %d: its %d bytes are not all there"
                  .formatted(name, address, bytes));
        }
        return new Contiguous(address, bytes);
      }
      case CHUNKED -> {
        return Hdf5Chunks.of(
            file,
            name,
            version < 3 ? 3 : version,
            version < 3 ? older(layout, rank) : layout,
            elementBytes,
            dimensions,
            filters);
      }
      default ->
          throw file.fault(
              "keeps %s in other data sets, perhaps of other files, which are not read"
                  .formatted(name));
    }
  }

  /** What the two oldest layouts say of chunks, in the order of the third. */
  private static ByteBuffer older(ByteBuffer layout, int rank) {
    ByteBuffer same = ByteBuffer.allocate(1 + layout.remaining()).order(layout.order());
    return same.put((byte) rank).put(layout).flip();
  }
}
