package dev.depthwise.weights;

import dev.depthwise.network.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The objects of an HDF5 file that is being written, in the form that every library since HDF5 1.8
 * reads: groups with links in their headers, float32 data in one piece, attributes of texts.
 */
final class Hdf5Objects {
  static final int SUPERBLOCK_BYTES = 48;

  private static final byte[] GROUP_INFO = new byte[2];
  private static final int GROUP_INFO_TYPE = 0x0a;
  private static final int FILL_VALUE_TYPE = 0x05;
  private static final int UTF_8 = 1;

  private static final int LONGEST_TEXT = 1 << 14;
  private static final int LEAST_HEAP = 4096;

  private final long start;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Objects that will stand in the file from an address on. */
  Hdf5Objects(long start) {
    this.start = start;
  }

  /** All objects so far. */
  byte[] bytes() {
    return bytes.toByteArray();
  }

  /**
   * An attribute of texts.
   *
   * @param list whether it is a list, even of one text
   */
  record Attribute(String name, List<String> texts, boolean list) {
    Attribute {
      texts = List.copyOf(texts);
    }
  }

  /** Adds a group; its address comes back. */
  long group(Map<String, Long> links, List<Attribute> attributes) {
    Header header = new Header();
    header.message(Hdf5Object.LINK_INFO, nowhere());
    header.message(GROUP_INFO_TYPE, ByteBuffer.wrap(GROUP_INFO).position(GROUP_INFO.length));
    links.forEach(
        (name, address) -> {
          byte[] text = name.getBytes(StandardCharsets.UTF_8);
          header.message(
              Hdf5Object.LINK,
              buffer(13 + text.length)
                  .put((byte) 1)
                  // The set of letters is said, and the length takes two bytes.
                  .put((byte) 0x11)
                  .put((byte) UTF_8)
                  .putShort((short) text.length)
                  .put(text)
                  .putLong(address));
        });
    // Without it, libraries count no attributes, though they find them by name.
    header.message(Hdf5Object.ATTRIBUTE_INFO, nowhere());
    attributes.forEach(attribute -> header.message(Hdf5Object.ATTRIBUTE, attribute(attribute)));
    return add(header);
  }

  /** Adds a data set of float32 numbers that stand at an address; its own comes back. */
  long dataset(Shape shape, long address) {
    Header header = new Header();
    header.message(
        Hdf5Object.DATASPACE, dataspace(shape.dimensions().stream().map(d -> (long) d).toList()));
    header.message(
        Hdf5Object.DATATYPE,
        buffer(20)
            .put((byte) 0x11)
            // The leading one of the mantissa is not stored; the sign is bit 31.
            .put((byte) 0x20)
            .putShort((short) 31)
            .putInt(Float.BYTES)
            .putShort((short) 0)
            .putShort((short) Float.SIZE)
            .put((byte) 23)
            .put((byte) 8)
            .put((byte) 0)
            .put((byte) 23)
            .putInt(127));
    // Space is taken when it is written, a fill value is written if one is set.
    header.message(FILL_VALUE_TYPE, buffer(2).put((byte) 3).put((byte) 0x0a));
    header.message(
        Hdf5Object.LAYOUT,
        buffer(18)
            .put((byte) 3)
            .put((byte) 1)
            .putLong(address)
            .putLong((long) shape.size() * Float.BYTES));
    return add(header);
  }

  /** What stands at the beginning of the file. */
  static ByteBuffer superblock(long root, long end) {
    ByteBuffer block =
        buffer(SUPERBLOCK_BYTES)
            .putLong(Hdf5File.SIGNATURE)
            .put((byte) 2)
            .put((byte) Long.BYTES)
            .put((byte) Long.BYTES)
            .put((byte) 0)
            .putLong(0)
            .putLong(Hdf5File.NOWHERE)
            .putLong(end)
            .putLong(root);
    return block.putInt(Hdf5Checksum.lookup3(block, block.position())).flip();
  }

  private long add(Header header) {
    long address = start + bytes.size();
    bytes.writeBytes(header.bytes());
    return address;
  }

  /** What says that there is neither a heap nor a tree, but all stands in the header. */
  private static ByteBuffer nowhere() {
    return buffer(18).putShort((short) 0).putLong(Hdf5File.NOWHERE).putLong(Hdf5File.NOWHERE);
  }

  private ByteBuffer attribute(Attribute attribute) {
    boolean isLong = !attribute.list() && attribute.texts().get(0).length() > LONGEST_TEXT;
    return isLong ? longText(attribute) : texts(attribute);
  }

  /** An attribute whose text stands in a heap: a message has at most 64 KiB. */
  private ByteBuffer longText(Attribute attribute) {
    byte[] text = attribute.texts().get(0).getBytes(StandardCharsets.UTF_8);
    long heap = heap(text);
    byte[] name = attribute.name().getBytes(StandardCharsets.UTF_8);
    ByteBuffer space = dataspace(List.of()).flip();
    return buffer(9 + name.length + 1 + 20 + space.limit() + 16)
        .put((byte) 3)
        .put((byte) 0)
        .putShort((short) (name.length + 1))
        .putShort((short) 20)
        .putShort((short) space.limit())
        .put((byte) UTF_8)
        .put(name)
        .put((byte) 0)
        // A text of any length, made of bytes.
        .put((byte) 0x19)
        .put((byte) 1)
        .putShort((short) UTF_8)
        .putInt(16)
        .putInt(0x10)
        .putInt(1)
        .putInt(8 << 16)
        .put(space)
        .putInt(text.length)
        .putLong(heap)
        .putInt(1);
  }

  /** Adds a global heap of one object; its address comes back. */
  private long heap(byte[] object) {
    int padded = (object.length + 7) / 8 * 8;
    int used = 32 + padded;
    int size = Math.max(LEAST_HEAP, used + 16);
    long address = start + bytes.size();
    bytes.writeBytes(
        buffer(size)
            .put("GCOL".getBytes(StandardCharsets.US_ASCII))
            .putInt(1)
            .putLong(size)
            .putShort((short) 1)
            .putShort((short) 1)
            .putInt(0)
            .putLong(object.length)
            .put(object)
            .position(used)
            // What is free.
            .putLong(0)
            .putLong(size - used)
            .array());
    return address;
  }

  private static ByteBuffer texts(Attribute attribute) {
    List<byte[]> texts =
        attribute.texts().stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    int width = Math.max(1, texts.stream().mapToInt(text -> text.length).max().orElse(0));
    byte[] name = attribute.name().getBytes(StandardCharsets.UTF_8);
    ByteBuffer space =
        dataspace(attribute.list() ? List.of((long) texts.size()) : List.of()).flip();
    ByteBuffer message =
        buffer(9 + name.length + 1 + 8 + space.limit() + width * texts.size())
            .put((byte) 3)
            .put((byte) 0)
            .putShort((short) (name.length + 1))
            .putShort((short) 8)
            .putShort((short) space.limit())
            .put((byte) UTF_8)
            .put(name)
            .put((byte) 0)
            // Texts of one width, filled up with zeros.
            .put((byte) 0x13)
            .put((byte) (UTF_8 << 4 | 1))
            .putShort((short) 0)
            .putInt(width)
            .put(space);
    for (byte[] text : texts) {
      int next = message.position() + width;
      message.put(text).position(next);
    }
    return message;
  }

  private static ByteBuffer dataspace(List<Long> dimensions) {
    ByteBuffer message =
        buffer(4 + Long.BYTES * dimensions.size())
            .put((byte) 2)
            .put((byte) dimensions.size())
            .put((byte) 0)
            .put((byte) (dimensions.isEmpty() ? 0 : 1));
    dimensions.forEach(message::putLong);
    return message;
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] array(ByteBuffer written) {
    byte[] array = new byte[written.flip().limit()];
    written.get(array);
    return array;
  }

  /** The header of one object. */
  private static final class Header {
    private static final int LONGEST_MESSAGE = 0xffff;

    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    /** Adds what has been written into a buffer. */
    void message(int type, ByteBuffer written) {
      byte[] content = array(written);
      if (content.length > LONGEST_MESSAGE) {
        throw new IllegalArgumentException("a message of %d bytes".formatted(content.length));
      }
      messages.writeBytes(
          array(buffer(4).put((byte) type).putShort((short) content.length).put((byte) 0)));
      messages.writeBytes(content);
    }

    byte[] bytes() {
      ByteBuffer header =
          buffer(10 + messages.size() + Integer.BYTES)
              .put("OHDR".getBytes(StandardCharsets.US_ASCII))
              .put((byte) 2)
              // The length takes four bytes.
              .put((byte) 2)
              .putInt(messages.size())
              .put(messages.toByteArray());
      return array(header.putInt(Hdf5Checksum.lookup3(header, header.position())));
    }
  }
}
