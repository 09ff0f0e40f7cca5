package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A group or a data set of an HDF5 file: the messages of its header. */
final class Hdf5Object {
  static final int DATASPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int DATATYPE = 0x03;
  static final int LINK = 0x06;
  static final int EXTERNAL_FILES = 0x07;
  static final int LAYOUT = 0x08;
  static final int FILTERS = 0x0b;
  static final int ATTRIBUTE = 0x0c;
  static final int SYMBOL_TABLE = 0x11;
  static final int ATTRIBUTE_INFO = 0x15;
  private static final int CONTINUATION = 0x10;
  private static final int SHARED = 2;
  private static final int CHECKSUM_BYTES = 4;

  private final Hdf5File file;
  private final long address;
  private final List<Message> messages = new ArrayList<>();

  private Hdf5Object(Hdf5File file, long address) {
    this.file = file;
    this.address = address;
  }

  /** What a header says of its object; {@code shared} if it stands elsewhere. */
  private record Message(int type, boolean shared, ByteBuffer content) {}

  /** Reads a header, of the older or the newer form. */
  static Hdf5Object read(Hdf5File file, long address) {
    Hdf5Object object = new Hdf5Object(file, address);
    if (file.read(address, 1).get() == 1) {
      object.readOlder();
    } else {
      object.readNewer();
    }
    return object;
  }

  Hdf5File file() {
    return file;
  }

  /** Where its header stands: two names of one object have the same. */
  long address() {
    return address;
  }

  /** The first message of a type; each call gives a buffer of its own. */
  Optional<ByteBuffer> message(int type) {
    return all(type).stream().findFirst();
  }

  /** The messages of a type. */
  List<ByteBuffer> all(int type) {
    List<ByteBuffer> contents = new ArrayList<>();
    for (Message message : messages) {
      if (message.type() == type) {
        if (message.shared()) {
          throw file.fault("shares parts between its objects, which cannot be read");
        }
        contents.add(message.content().slice().order(message.content().order()));
      }
    }
    return contents;
  }

  private void readOlder() {
    ByteBuffer start = file.read(address, 16);
    int count = Short.toUnsignedInt(start.getShort(2));
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block(address + 16, Integer.toUnsignedLong(start.getInt(8))));
    for (int i = 0; i < blocks.size(); i++) {
      ByteBuffer block = file.read(blocks.get(i).address(), blocks.get(i).length());
      while (block.remaining() >= 8 && messages.size() < count) {
        int type = Short.toUnsignedInt(block.getShort());
        int length = Short.toUnsignedInt(block.getShort());
        int flags = block.get();
        block.position(block.position() + 3);
        add(type, flags, length, block, blocks);
      }
    }
  }

  private void readNewer() {
    ByteBuffer start = file.read(address, 6, "OHDR");
    int version = start.get();
    int flags = start.get();
    if (version != 2) {
      throw file.fault("has an object of version %d; 1 and 2 are known".formatted(version));
    }
    int fixed = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
    int lengthBytes = 1 << (flags & 3);
    long length = Hdf5Bytes.unsigned(file.read(address + fixed, lengthBytes), lengthBytes);
    if (length < 0 || length > file.size()) {
      throw file.fault("has an object that is longer than the file");
    }
    int prefix = fixed + lengthBytes;
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block(address, prefix + length + CHECKSUM_BYTES));
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < blocks.size(); i++) {
      Block at = blocks.get(i);
      if (!seen.add(at.address())) {
        throw file.fault("its structure goes round in circles");
      }
      ByteBuffer block = file.read(at.address(), at.length());
      Hdf5Checksum.require(file.file(), block, "an object");
      if (i == 0) {
        block.position(prefix);
      } else {
        file.require(block, "OCHK");
      }
      block.limit(block.limit() - CHECKSUM_BYTES);
      int headerBytes = (flags & 4) != 0 ? 6 : 4;
      while (block.remaining() >= headerBytes) {
        int type = Byte.toUnsignedInt(block.get());
        int size = Short.toUnsignedInt(block.getShort());
        int messageFlags = block.get();
        block.position(block.position() + headerBytes - 4);
        add(type, messageFlags, size, block, blocks);
      }
    }
  }

  private record Block(long address, long length) {}

  private void add(int type, int flags, int length, ByteBuffer block, List<Block> blocks) {
    if (length > block.remaining()) {
      throw file.fault("its structure is broken: a message leaves its object");
    }
    ByteBuffer content = block.slice(block.position(), length).order(block.order());
    block.position(block.position() + length);
    messages.add(new Message(type, (flags & SHARED) != 0, content));
    if (type == CONTINUATION && length >= 16) {
      blocks.add(new Block(content.getLong(0), content.getLong(8)));
    }
  }
}
