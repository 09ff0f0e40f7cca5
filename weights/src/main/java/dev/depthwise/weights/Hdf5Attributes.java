package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The attributes of an object of an HDF5 file that are texts, as those of Keras' are. */
final class Hdf5Attributes {
  private static final int MOST_TEXTS = 1_000_000;

  private final Hdf5File file;
  private final Map<String, Attribute> attributes = new HashMap<>();

  private Hdf5Attributes(Hdf5File file) {
    this.file = file;
  }

  private record Attribute(Hdf5Type type, List<Long> dimensions, ByteBuffer data) {}

  static Hdf5Attributes of(Hdf5Object object) {
    Hdf5Attributes attributes = new Hdf5Attributes(object.file());
    object.all(Hdf5Object.ATTRIBUTE).forEach(attributes::add);
    object.message(Hdf5Object.ATTRIBUTE_INFO).ifPresent(attributes::addDense);
    return attributes;
  }

  /** The only text of an attribute. */
  Optional<String> text(String name) {
    return texts(name).filter(texts -> !texts.isEmpty()).map(texts -> texts.get(0));
  }

  /**
   * The texts of an attribute; none where it is an empty list, which programs write as numbers.
   *
   * @throws dev.depthwise.network.InputException if it holds something else than texts
   */
  Optional<List<String>> texts(String name) {
    Attribute attribute = attributes.get(name);
    if (attribute == null) {
      return Optional.empty();
    }
    long count = Hdf5Space.count(attribute.dimensions());
    if (count < 0 || count > MOST_TEXTS) {
      throw file.fault("holds an attribute %s of too many texts".formatted(Text.quote(name)));
    }
    List<String> texts = new ArrayList<>();
    ByteBuffer data = attribute.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < count; i++) {
      texts.add(next(attribute.type(), data, name));
    }
    return Optional.of(texts);
  }

  private String next(Hdf5Type type, ByteBuffer data, String name) {
    switch (type.kind()) {
      case FIXED_TEXT -> {
        file.charge(0);
        int bytes = Math.toIntExact(type.bytes());
        String text = Hdf5Bytes.text(data.slice(data.position(), bytes));
        data.position(data.position() + bytes);
        return text;
      }
      case VARIABLE_TEXT -> {
        int length = data.getInt();
        long heap = data.getLong();
        int index = data.getInt();
        if (length == 0) {
          return "";
        }
        ByteBuffer object = file.global(heap, index);
        return Hdf5Bytes.text(object.slice(0, Math.min(length, object.limit())));
      }
      case NUMBER, OTHER -> {}
    }
    throw file.fault("holds an attribute %s that is no text".formatted(Text.quote(name)));
  }

  private void addDense(ByteBuffer info) {
    info.get();
    if ((info.get() & 1) != 0) {
      info.getShort();
    }
    long address = info.getLong();
    long names = info.getLong();
    if (address != Hdf5File.NOWHERE && names != Hdf5File.NOWHERE) {
      Hdf5Heap heap = Hdf5Heap.read(file, address);
      Hdf5Tree.walk2(file, names, 8, record -> add(heap.object(record)));
    }
  }

  private void add(ByteBuffer given) {
    ByteBuffer message = given.order(ByteOrder.LITTLE_ENDIAN);
    int version = message.get();
    int flags = message.get();
    int nameBytes = Short.toUnsignedInt(message.getShort());
    int typeBytes = Short.toUnsignedInt(message.getShort());
    int spaceBytes = Short.toUnsignedInt(message.getShort());
    if (version < 1 || version > 3) {
      throw file.fault("holds an attribute of version %d; 1 to 3 are known".formatted(version));
    }
    if (version == 3) {
      message.get();
    }
    // Only the first version fills its parts up to whole words; its flags mean nothing.
    int unit = version == 1 ? 8 : 1;
    ByteBuffer nameField = part(message, nameBytes, unit);
    String name = Hdf5Bytes.text(nameField);
    ByteBuffer type = part(message, typeBytes, unit);
    ByteBuffer space = part(message, spaceBytes, unit);
    if (version > 1 && flags != 0) {
      throw file.fault("shares parts between its objects, which cannot be read");
    }
    if (Hdf5Bytes.textBytes(nameField) != nameBytes - 1) {
      throw file.fault(
          "its structure is broken: the name of attribute %s".formatted(Text.quote(name)));
    }
    Attribute attribute =
        new Attribute(Hdf5Type.read(type), Hdf5Space.read(file, space), message.slice());
    if (attributes.put(name, attribute) != null) {
      throw file.fault("holds the attribute %s twice".formatted(Text.quote(name)));
    }
  }

  private static ByteBuffer part(ByteBuffer message, int bytes, int unit) {
    ByteBuffer part = message.slice(message.position(), bytes).order(message.order());
    message.position(message.position() + (bytes + unit - 1) / unit * unit);
    return part;
  }
}
