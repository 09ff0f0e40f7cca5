package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A group of an HDF5 file: what it holds by name, and its attributes. */
final class Hdf5Group {
  private static final int MOST_SOFT_LINKS = 8;
  private static final int MOST_PARTS = 64;
  private static final int MOST_LINKS = 100_000;

  private static final int HARD = 0;
  private static final int SOFT = 1;

  private final Hdf5Object object;
  private final Map<String, Link> links;

  private Hdf5Group(Hdf5Object object, Map<String, Link> links) {
    this.object = object;
    this.links = links;
  }

  /**
   * What a name leads to: an object at an address, the path of another name, or neither, where it
   * leads into another file.
   */
  private record Link(OptionalLong address, Optional<String> path) {}

  /** The group that an object is, if it is one. */
  static Optional<Hdf5Group> of(Hdf5Object object) {
    Map<String, Link> links = new TreeMap<>();
    Optional<ByteBuffer> table = object.message(Hdf5Object.SYMBOL_TABLE);
    Optional<ByteBuffer> info = object.message(Hdf5Object.LINK_INFO);
    if (table.isPresent()) {
      readTable(object.file(), table.get(), links);
    } else if (info.isPresent()) {
      for (ByteBuffer message : object.all(Hdf5Object.LINK)) {
        put(object.file(), links, message);
      }
      readDense(object.file(), info.get(), links);
    } else {
      return Optional.empty();
    }
    return Optional.of(new Hdf5Group(object, links));
  }

  /** The root of a file. */
  static Hdf5Group root(Hdf5File file) {
    return of(file.root()).orElseThrow(() -> file.fault("has no groups"));
  }

  Hdf5Object object() {
    return object;
  }

  /** What it holds, in alphabetical order. */
  Collection<String> names() {
    return Collections.unmodifiableSet(links.keySet());
  }

  /**
   * The object at a path from here on.
   *
   * @throws dev.depthwise.network.InputException if a name on it leads into another file
   */
  Optional<Hdf5Object> find(String path) {
    return find(this, path, new int[] {MOST_SOFT_LINKS});
  }

  /** The group at a path from here on. */
  Optional<Hdf5Group> group(String path) {
    return find(path).flatMap(Hdf5Group::of);
  }

  private static Optional<Hdf5Object> find(Hdf5Group start, String path, int[] softLinksLeft) {
    Hdf5File file = start.object.file();
    Hdf5Group group = path.startsWith("/") ? root(file) : start;
    List<String> parts =
        Arrays.stream(path.split("/", MOST_PARTS))
            .filter(part -> !part.isEmpty() && !part.equals("."))
            .toList();
    Hdf5Object found = group.object;
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        Optional<Hdf5Group> below = of(found);
        if (below.isEmpty()) {
          return Optional.empty();
        }
        group = below.get();
      }
      Optional<Hdf5Object> next = group.follow(parts.get(i), softLinksLeft);
      if (next.isEmpty()) {
        return next;
      }
      found = next.get();
    }
    return Optional.of(found);
  }

  private Optional<Hdf5Object> follow(String name, int[] softLinksLeft) {
    Hdf5File file = object.file();
    Link link = links.get(name);
    if (link == null) {
      return Optional.empty();
    }
    if (link.address().isPresent()) {
      return Optional.of(Hdf5Object.read(file, link.address().getAsLong()));
    }
    if (link.path().isEmpty()) {
      throw file.fault(
          "leads into another file at %s, which is not followed".formatted(Text.quote(name)));
    }
    softLinksLeft[0]--;
    if (softLinksLeft[0] < 0) {
      throw file.fault("leads in circles at " + Text.quote(name));
    }
    return find(this, link.path().get(), softLinksLeft);
  }

  /** The older form: a tree of nodes of names in a local heap. */
  private static void readTable(Hdf5File file, ByteBuffer table, Map<String, Link> links) {
    long tree = table.getLong();
    ByteBuffer heap = localHeap(file, table.getLong());
    Hdf5Tree.walk(
        file,
        tree,
        0,
        Long.BYTES,
        (key, address) -> {
          ByteBuffer start = file.read(address, 8, "SNOD");
          int count = Short.toUnsignedInt(start.getShort(6));
          ByteBuffer entries = file.read(address + 8, count * 40L);
          for (int i = 0; i < count; i++) {
            int at = i * 40;
            String name = text(heap, entries.getLong(at));
            boolean soft = entries.getInt(at + 16) == 2;
            put(
                file,
                links,
                name,
                soft
                    ? new Link(
                        OptionalLong.empty(),
                        Optional.of(text(heap, Integer.toUnsignedLong(entries.getInt(at + 24)))))
                    : new Link(OptionalLong.of(entries.getLong(at + 8)), Optional.empty()));
          }
        });
  }

  private static ByteBuffer localHeap(Hdf5File file, long address) {
    ByteBuffer header = file.read(address, 32, "HEAP");
    ByteBuffer heap = file.read(header.getLong(24), header.getLong(8));
    // What is free is chained; a chain that leaves the heap says that the names are damaged too.
    long free = header.getLong(16);
    for (int i = 0; free != 1 && free != Hdf5File.NOWHERE; i++) {
      if (free < 0 || free > heap.limit() - 16 || i > heap.limit() / 16) {
        throw file.fault("its structure is broken: the free list of a heap leaves it");
      }
      long length = heap.getLong((int) free + 8);
      if (length < 16 || length > heap.limit() - free) {
        throw file.fault("its structure is broken: the free list of a heap leaves it");
      }
      free = heap.getLong((int) free);
    }
    return heap;
  }

  private static String text(ByteBuffer heap, long offset) {
    return Hdf5Bytes.text(heap.duplicate().position(Math.toIntExact(offset)));
  }

  /** The newer form of a large group: a heap of links, and a tree that leads to them. */
  private static void readDense(Hdf5File file, ByteBuffer info, Map<String, Link> links) {
    info.get();
    if ((info.get() & 1) != 0) {
      info.getLong();
    }
    long address = info.getLong();
    long names = info.getLong();
    if (address != Hdf5File.NOWHERE && names != Hdf5File.NOWHERE) {
      Hdf5Heap heap = Hdf5Heap.read(file, address);
      Hdf5Tree.walk2(
          file, names, 5, record -> put(file, links, heap.object(record.position(Integer.BYTES))));
    }
  }

  private static void put(Hdf5File file, Map<String, Link> links, ByteBuffer message) {
    message.order(ByteOrder.LITTLE_ENDIAN).get();
    int flags = message.get();
    int type = (flags & 8) != 0 ? Byte.toUnsignedInt(message.get()) : HARD;
    if ((flags & 4) != 0) {
      message.getLong();
    }
    if ((flags & 0x10) != 0) {
      message.get();
    }
    long length = Hdf5Bytes.unsigned(message, 1 << (flags & 3));
    String name = Hdf5Bytes.text(message.slice(message.position(), Math.toIntExact(length)));
    message.position(message.position() + (int) length);
    put(
        file,
        links,
        name,
        switch (type) {
          case HARD -> new Link(OptionalLong.of(message.getLong()), Optional.empty());
          case SOFT -> {
            int pathLength = Short.toUnsignedInt(message.getShort());
            yield new Link(
                OptionalLong.empty(),
                Optional.of(Hdf5Bytes.text(message.slice(message.position(), pathLength))));
          }
          default -> new Link(OptionalLong.empty(), Optional.empty());
        });
  }

  private static void put(Hdf5File file, Map<String, Link> links, String name, Link link) {
    if (links.put(name, link) != null) {
      throw file.fault("holds the name %s twice".formatted(Text.quote(name)));
    }
    if (links.size() > MOST_LINKS) {
      throw file.fault("holds a group of more than %d names".formatted(MOST_LINKS));
    }
  }
}
