package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * The directory of a zip archive, read without unpacking anything. Java's own reader hides where a
 * stored entry lies, so that a part of it could not be read alone, and does not check its sum.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the format</a>
 */
final class Zip {
  /** With what every zip archive begins that has an entry. */
  static final int SIGNATURE = 0x04034b50;

  private static final int DIRECTORY_ENTRY = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int END_64_BYTES = 56;
  private static final int DIRECTORY_ENTRY_BYTES = 46;
  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int LONGEST_DIRECTORY = 1 << 25;
  private static final int MOST_ENTRIES = 100_000;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final long IN_64 = 0xffff_ffffL;

  private final Map<String, Entry> entries;

  private Zip(Map<String, Entry> entries) {
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * One file in the archive.
   *
   * @param name as the archive has it: it is a key here and never a path
   * @param method how it is compressed
   * @param packed its size in the archive
   * @param size its size when unpacked
   * @param sum its CRC-32
   * @param header where its local header begins
   */
  record Entry(String name, int method, long packed, long size, int sum, long header) {
    /** Whether its bytes stand in the archive as they are. */
    boolean isStored() {
      return method == STORED;
    }

    /** Where its bytes begin. */
    long position(InputFile file) {
      ByteBuffer local = file.read(header, LOCAL_HEADER_BYTES);
      if (local.getInt(0) != SIGNATURE) {
        throw file.fault("has no entry %s where its directory says".formatted(Text.quote(name)));
      }
      long position =
          header
              + LOCAL_HEADER_BYTES
              + Short.toUnsignedInt(local.getShort(26))
              + Short.toUnsignedInt(local.getShort(28));
      if (packed > file.size() - position) {
        throw file.fault("ends before its entry %s does".formatted(Text.quote(name)));
      }
      return position;
    }

    /** All of its bytes, unpacked and held against its sum. */
    ByteBuffer read(InputFile file) {
      byte[] bytes =
          isStored()
              ? file.readArray(position(file), size)
              : Deflated.read(file, Text.quote(name), stream(file), packed, size);
      CRC32 crc = new CRC32();
      crc.update(bytes);
      require(file, crc);
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Hands over its bytes from one on, piece by piece, each of whole elements of at most eight
     * bytes; all of its bytes are held against its sum when the last was handed over.
     */
    void parts(InputFile file, long from, ByteOrder order, Consumer<ByteBuffer> use) {
      Deflated.requireNoBomb(file, Text.quote(name), packed, size);
      CRC32 crc = new CRC32();
      byte[] piece = new byte[(int) Math.min(InputFile.CHUNK, size - from)];
      try (InputStream unpacked = new CheckedInputStream(stream(file), crc)) {
        unpacked.skipNBytes(from);
        for (long at = from; at < size; at += piece.length) {
          int length = (int) Math.min(piece.length, size - at);
          if (unpacked.readNBytes(piece, 0, length) < length) {
            throw otherSize(file);
          }
          use.accept(ByteBuffer.wrap(piece, 0, length).order(order));
        }
        if (unpacked.read() >= 0) {
          throw otherSize(file);
        }
      } catch (IOException e) {
        throw unreadable(file, e);
      }
      require(file, crc);
    }

    /** Its bytes, unpacked as they are read. */
    InputStream stream(InputFile file) {
      InputStream stored = file.stream(position(file), packed);
      return isStored() ? stored : Deflated.unpacked(stored, false);
    }

    /** Holds its bytes against its sum, a piece at a time. */
    void verify(InputFile file) {
      try {
        copy(file, OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }

    /**
     * Opens it as a file of its own, which is held against its sum once: in the archive, or, if it
     * is compressed, in a temporary file that goes when nobody refers to the opener any more.
     */
    InputFile.Opener opener(Path path) {
      try (InputFile file = InputFile.open(path)) {
        if (!isStored()) {
          InputFile unpacked = InputFile.temporary(path, name, output -> copy(file, output));
          return () -> unpacked;
        }
        verify(file);
        long position = position(file);
        return () -> InputFile.open(path).part(name, position, size);
      }
    }

    private void copy(InputFile file, OutputStream output) throws IOException {
      Deflated.requireNoBomb(file, Text.quote(name), packed, size);
      CRC32 crc = new CRC32();
      byte[] piece = new byte[InputFile.CHUNK];
      long copied = 0;
      try (InputStream unpacked = stream(file)) {
        for (int length = unpacked.read(piece); length >= 0; length = unpacked.read(piece)) {
          copied += length;
          if (copied > size) {
            break;
          }
          crc.update(piece, 0, length);
          output.write(piece, 0, length);
        }
      }
      if (copied != size) {
        throw otherSize(file);
      }
      require(file, crc);
    }

    private InputException otherSize(InputFile file) {
      return file.fault(
          "the entry %s does not have the %d bytes announced".formatted(Text.quote(name), size));
    }

    private InputException unreadable(InputFile file, IOException e) {
      return file.fault("%s cannot be read: %s".formatted(Text.quote(name), Deflated.reason(e)), e);
    }

    private void require(InputFile file, CRC32 crc) {
      if ((int) crc.getValue() != sum) {
        throw file.fault(
            "is damaged: the checksum of its entry %s is %08x, should be %08x"
                .formatted(Text.quote(name), crc.getValue(), sum));
      }
    }
  }

  /** Reads the directory. */
  static Zip read(InputFile file) {
    long tail = Math.min(file.size(), END_BYTES + LONGEST_COMMENT);
    ByteBuffer end = file.read(file.size() - tail, tail);
    int at = end.limit() - END_BYTES;
    while (at >= 0
        && !(end.getInt(at) == END
            && at + END_BYTES + Short.toUnsignedInt(end.getShort(at + 20)) == end.limit())) {
      at--;
    }
    if (at < 0) {
      throw file.fault("is cut short: the directory of the zip archive is not there");
    }
    long count = Short.toUnsignedInt(end.getShort(at + 10));
    long length = Integer.toUnsignedLong(end.getInt(at + 12));
    long position = Integer.toUnsignedLong(end.getInt(at + 16));
    if (count == 0xffff || length == IN_64 || position == IN_64) {
      long locator = file.size() - tail + at - LOCATOR_BYTES;
      ByteBuffer where = file.read(locator, LOCATOR_BYTES);
      if (where.getInt(0) == LOCATOR_64) {
        ByteBuffer end64 = file.read(where.getLong(8), END_64_BYTES);
        if (end64.getInt(0) != END_64) {
          throw file.fault("has a zip directory that is broken at its end");
        }
        count = end64.getLong(32);
        length = end64.getLong(40);
        position = end64.getLong(48);
      }
    }
    if (count < 0 || count > MOST_ENTRIES || length > LONGEST_DIRECTORY) {
      throw file.fault(
          "is a zip archive with a directory of %s entries in %s bytes; at most %d in %d are read"
              .formatted(
                  Long.toUnsignedString(count),
                  Long.toUnsignedString(length),
                  MOST_ENTRIES,
                  LONGEST_DIRECTORY));
    }
    return new Zip(entries(file, file.read(position, length), (int) count));
  }

  /** In the order of the directory. */
  Map<String, Entry> entries() {
    return entries;
  }

  private static Map<String, Entry> entries(InputFile file, ByteBuffer directory, int count) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      if (directory.remaining() < DIRECTORY_ENTRY_BYTES
          || directory.getInt(directory.position()) != DIRECTORY_ENTRY) {
        throw file.fault("has a zip directory that is broken at entry %d".formatted(i));
      }
      Entry entry = entry(file, directory, i);
      if (entries.put(entry.name(), entry) != null) {
        throw file.fault("holds the entry %s twice".formatted(Text.quote(entry.name())));
      }
    }
    return entries;
  }

  private static Entry entry(InputFile file, ByteBuffer directory, int index) {
    ByteBuffer fixed = directory.slice().order(directory.order());
    int nameLength = Short.toUnsignedInt(fixed.getShort(28));
    int extraLength = Short.toUnsignedInt(fixed.getShort(30));
    int commentLength = Short.toUnsignedInt(fixed.getShort(32));
    int length = DIRECTORY_ENTRY_BYTES + nameLength + extraLength + commentLength;
    if (length > fixed.limit()) {
      throw file.fault("has a zip directory that is cut short at entry %d".formatted(index));
    }
    directory.position(directory.position() + length);
    String name =
        StandardCharsets.UTF_8.decode(fixed.slice(DIRECTORY_ENTRY_BYTES, nameLength)).toString();
    long packed = Integer.toUnsignedLong(fixed.getInt(20));
    long size = Integer.toUnsignedLong(fixed.getInt(24));
    long header = Integer.toUnsignedLong(fixed.getInt(42));
    ByteBuffer extra =
        fixed.slice(DIRECTORY_ENTRY_BYTES + nameLength, extraLength).order(fixed.order());
    ByteBuffer wide = extra64(extra);
    // The wide fields stand there in this order, but only those that are marked as not fitting.
    size = size == IN_64 && wide.remaining() >= Long.BYTES ? wide.getLong() : size;
    packed = packed == IN_64 && wide.remaining() >= Long.BYTES ? wide.getLong() : packed;
    header = header == IN_64 && wide.remaining() >= Long.BYTES ? wide.getLong() : header;
    int method = Short.toUnsignedInt(fixed.getShort(10));
    boolean encrypted = (fixed.getShort(8) & 1) != 0;
    if (encrypted || (method != STORED && method != DEFLATED)) {
      throw file.fault(
          "holds the entry %s %s; stored and deflated entries can be read"
              .formatted(
                  Text.quote(name), encrypted ? "encrypted" : "in compression method " + method));
    }
    if (size < 0 || packed < 0 || packed > file.size() || (method == STORED && size != packed)) {
      throw file.fault(
          "holds the entry %s of %s bytes, packed in %s"
              .formatted(
                  Text.quote(name), Long.toUnsignedString(size), Long.toUnsignedString(packed)));
    }
    return new Entry(name, method, packed, size, fixed.getInt(16), header);
  }

  /** The content of the extra field with sizes of 64 bits; empty if there is none. */
  private static ByteBuffer extra64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort();
      int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
      if (id == 1) {
        return extra.slice(extra.position(), length).order(extra.order());
      }
      extra.position(extra.position() + length);
    }
    return extra.limit(extra.position());
  }
}
