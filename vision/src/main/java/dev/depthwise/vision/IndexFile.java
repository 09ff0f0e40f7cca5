package dev.depthwise.vision;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link PictureIndex} is kept: beside the data as {@value #NAME}, or, if nothing can be
 * written there, in the user's cache folder. It only saves time: it may be deleted at any moment,
 * and a broken one is as good as none.
 */
final class IndexFile {
  static final String NAME = ".depthwise-index";

  /** Names another folder than the user's cache folder. */
  static final String CACHE_PROPERTY = "depthwise.cache";

  private static final long MAGIC = 0x4457_494e_4458_0002L; // "DWINDX", version 2
  private static final int BYTES_PER_PICTURE = 41;
  private static final int MOST_GROUPS = 10_000_000;
  private static final int CHUNK = 1 << 16;

  private final Path beside;
  private final Path cached;

  /** The file of the data in a folder. */
  IndexFile(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    beside = absolute.resolve(NAME);
    CRC32 checksum = new CRC32();
    checksum.update(absolute.toString().getBytes(StandardCharsets.UTF_8));
    Path last = Objects.requireNonNullElse(absolute.getFileName(), absolute);
    cached =
        cacheFolder()
            .resolve("indexes")
            .resolve(
                "%s-%08x.index"
                    .formatted(last.toString().replaceAll("\\W", "_"), checksum.getValue()));
  }

  private static Path cacheFolder() {
    String given = System.getProperty(CACHE_PROPERTY);
    if (given != null) {
      return Path.of(given);
    }
    String home = System.getProperty("user.home", ".");
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("mac")) {
      return Path.of(home, "Library", "Caches", "depthwise");
    }
    String variable =
        System.getenv(system.startsWith("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
    return variable == null || variable.isEmpty()
        ? Path.of(home, ".cache", "depthwise")
        : Path.of(variable, "depthwise");
  }

  /** The index that is kept; null if there is none, or a broken one, of which a note tells. */
  @Nullable PictureIndex read(Progress progress) {
    for (Path file : List.of(beside, cached)) {
      if (Files.isRegularFile(file)) {
        try {
          return read(file);
        } catch (IOException e) {
          progress.note(
              "the index %s is broken (%s) and is made anew".formatted(file, e.getMessage()));
        }
      }
    }
    return null;
  }

  private static PictureIndex read(Path file) throws IOException {
    long length = Files.size(file);
    CheckedInputStream checked =
        new CheckedInputStream(
            new BufferedInputStream(Files.newInputStream(file), CHUNK), new CRC32());
    try (DataInputStream in = new DataInputStream(checked)) {
      require(in.readLong() == MAGIC, "it is of another kind or version");
      int size = in.readInt();
      int nameBytes = in.readInt();
      int groupCount = in.readInt();
      require(
          size > 0
              && nameBytes > 0
              && groupCount > 0
              && groupCount <= Math.min(size, MOST_GROUPS)
              && (long) size * BYTES_PER_PICTURE + nameBytes < length,
          "its header does not fit its length");
      List<PictureIndex.Group> groups = new ArrayList<>();
      int first = 0;
      for (int i = 0; i < groupCount; i++) {
        PictureIndex.Group group =
            new PictureIndex.Group(in.readUTF(), in.readLong(), in.readLong(), first, in.readInt());
        require(
            isName(group.name()) && group.count() > 0 && group.count() <= size - first,
            "a group's size or name cannot be");
        groups.add(group);
        first += group.count();
      }
      require(first == size, "its groups hold another number of pictures");
      PictureIndex.Columns columns = new PictureIndex.Columns(size, nameBytes);
      columns.size = size;
      in.readFully(columns.names);
      read(in, columns.nameEnds);
      read(in, columns.stamps);
      read(in, columns.lengths);
      read(in, columns.labels);
      in.readFully(columns.channels);
      read(in, columns.widths);
      read(in, columns.heights);
      read(in, columns.fingerprints);
      long sum = checked.getChecksum().getValue();
      require(in.readLong() == sum && in.read() == -1, "its checksum is wrong");
      // Behind the checksum: what still is impossible somebody has made up.
      for (int index = 0; index < size; index++) {
        require(
            columns.nameEnds[index] >= columns.nameBegin(index)
                && columns.nameEnds[index] <= nameBytes
                && columns.labels[index] >= 0,
            "a picture's name or label cannot be");
      }
      PictureIndex index = PictureIndex.of(groups, columns);
      for (int picture = 0; picture < size; picture++) {
        require(isName(index.name(picture)), "a picture's name leads elsewhere");
      }
      return index;
    }
  }

  private static void require(boolean condition, String fault) throws IOException {
    if (!condition) {
      throw new StreamCorruptedException(fault);
    }
  }

  /** Whether a name cannot lead out of its folder. */
  private static boolean isName(String name) {
    return !name.isEmpty()
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('\\') < 0
        && name.indexOf(0) < 0;
  }

  /**
   * Keeps an index; where that cannot be, a note says so. Nothing is forced to the disk: the
   * checksum tells when less than all of it has arrived.
   */
  void write(PictureIndex index, Progress progress) {
    IOException first = null;
    for (Path file : List.of(beside, cached)) {
      try {
        write(index, file);
        return;
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    progress.note("the index of the pictures could not be kept: " + first);
  }

  private static void write(PictureIndex index, Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    if (!file.getFileName().toString().equals(NAME)) {
      Files.createDirectories(folder);
    }
    Path temporary =
        folder.resolve(
            ".%s.%016x.tmp".formatted(file.getFileName(), ThreadLocalRandom.current().nextLong()));
    try {
      CheckedOutputStream checked =
          new CheckedOutputStream(
              new BufferedOutputStream(Files.newOutputStream(temporary), CHUNK), new CRC32());
      try (DataOutputStream out = new DataOutputStream(checked)) {
        write(index, out);
        out.writeLong(checked.getChecksum().getValue());
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void write(PictureIndex index, DataOutputStream out) throws IOException {
    PictureIndex.Columns columns = index.columns();
    out.writeLong(MAGIC);
    out.writeInt(columns.size);
    out.writeInt(columns.names.length);
    out.writeInt(index.groups().size());
    for (PictureIndex.Group group : index.groups()) {
      out.writeUTF(group.name());
      out.writeLong(group.modified());
      out.writeLong(group.length());
      out.writeInt(group.count());
    }
    out.write(columns.names);
    write(out, columns.nameEnds);
    write(out, columns.stamps);
    write(out, columns.lengths);
    write(out, columns.labels);
    out.write(columns.channels);
    write(out, columns.widths);
    write(out, columns.heights);
    write(out, columns.fingerprints);
  }

  private static void read(DataInputStream in, int[] column) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int at = 0; at < column.length; at += CHUNK / Integer.BYTES) {
      int count = Math.min(CHUNK / Integer.BYTES, column.length - at);
      in.readFully(chunk, 0, count * Integer.BYTES);
      ByteBuffer.wrap(chunk).asIntBuffer().get(column, at, count);
    }
  }

  private static void read(DataInputStream in, long[] column) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int at = 0; at < column.length; at += CHUNK / Long.BYTES) {
      int count = Math.min(CHUNK / Long.BYTES, column.length - at);
      in.readFully(chunk, 0, count * Long.BYTES);
      ByteBuffer.wrap(chunk).asLongBuffer().get(column, at, count);
    }
  }

  private static void write(DataOutputStream out, int[] column) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int at = 0; at < column.length; at += CHUNK / Integer.BYTES) {
      int count = Math.min(CHUNK / Integer.BYTES, column.length - at);
      ByteBuffer.wrap(chunk).asIntBuffer().put(column, at, count);
      out.write(chunk, 0, count * Integer.BYTES);
    }
  }

  private static void write(DataOutputStream out, long[] column) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int at = 0; at < column.length; at += CHUNK / Long.BYTES) {
      int count = Math.min(CHUNK / Long.BYTES, column.length - at);
      ByteBuffer.wrap(chunk).asLongBuffer().put(column, at, count);
      out.write(chunk, 0, count * Long.BYTES);
    }
  }
}
