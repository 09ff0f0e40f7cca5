package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.function.Consumer;

/**
 * An open file that somebody handed over: every fault is an {@link InputException} that names it.
 *
 * <p>Files are read, not mapped: where a mapped file is cut short by another program, the virtual
 * machine dies of the next access instead of throwing.
 */
final class InputFile implements AutoCloseable {
  /** How much is read at once. */
  static final int CHUNK = 1 << 20;

  private final Path path;

  /** What stands before every fault: the name of a file within the file. */
  private final String part;

  private final FileChannel channel;
  private final long start;
  private final long size;
  private final boolean temporary;

  private InputFile(
      Path path, String part, FileChannel channel, long start, long size, boolean temporary) {
    this.path = path;
    this.part = part;
    this.channel = channel;
    this.start = start;
    this.size = size;
    this.temporary = temporary;
  }

  /** Opens the same file again. */
  @FunctionalInterface
  interface Opener {
    InputFile open();
  }

  static InputFile open(Path path) {
    if (!Files.exists(path)) {
      throw fault(path, "there is no such file");
    }
    // A pipe or a device may never end, and has no size to check a header against.
    if (!Files.isRegularFile(path)) {
      throw fault(path, Files.isDirectory(path) ? "is a directory, not a file" : "is not a file");
    }
    try {
      FileChannel channel = FileChannel.open(path);
      try {
        return new InputFile(path, "", channel, 0, channel.size(), false);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (AccessDeniedException e) {
      throw new InputException(path + ": permission denied", e);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** A file within this one, which is closed with it. */
  InputFile part(String name, long position, long length) {
    requireInside(position, length);
    return new InputFile(
        path, Text.clean(name) + ": ", channel, start + position, length, temporary);
  }

  /** The same file, whose faults are those of a file within it. */
  InputFile within(String name) {
    return part(name, 0, size);
  }

  /**
   * A file of its own with other content than the one that is named, which goes when nobody refers
   * to it any more. Closing does nothing: it could not be opened again.
   *
   * @param name of the content, for messages
   */
  static InputFile temporary(Path path, String name, Content content) {
    try {
      Path file = Files.createTempFile("depthwise", ".tmp");
      // On Unix it has no name from here on, and elsewhere none when it is closed.
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      boolean done = false;
      try {
        content.write(Channels.newOutputStream(channel));
        done = true;
        return new InputFile(
            path, Text.clean(name) + ": ", channel, 0, channel.size(), /* temporary= */ true);
      } finally {
        if (!done) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw new InputException(
          "%s: %s could not be unpacked into a temporary file (%s)"
              .formatted(path, Text.clean(name), Publish.reason(e)),
          e);
    }
  }

  /** Writes the content of a file. */
  @FunctionalInterface
  interface Content {
    void write(OutputStream output) throws IOException;
  }

  static InputException fault(Path path, String what) {
    return new InputException(path + ": " + what);
  }

  static InputException unreadable(Path path, IOException e) {
    return new InputException("%s: cannot be read (%s)".formatted(path, Publish.reason(e)), e);
  }

  InputException fault(String what) {
    return fault(path, part + what);
  }

  InputException fault(String what, Throwable cause) {
    return new InputException(path + ": " + part + what, cause);
  }

  long size() {
    return size;
  }

  /**
   * A part of the file, little-endian. Nothing is allocated before the part is known to lie inside
   * the file.
   */
  ByteBuffer read(long position, long length) {
    return ByteBuffer.wrap(readArray(position, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The same as an array. */
  byte[] readArray(long position, long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw fault("holds a tensor of %d bytes; at most 2 GiB can be read".formatted(length));
    }
    requireInside(position, length);
    byte[] array = new byte[(int) length];
    read(position, ByteBuffer.wrap(array));
    return array;
  }

  /** Fills what remains of a buffer from there on. */
  void read(long position, ByteBuffer bytes) {
    requireInside(position, bytes.remaining());
    int limit = bytes.limit();
    int from = bytes.position();
    try {
      while (bytes.position() < limit) {
        // The channel copies through a native buffer as large as what is asked of it at once.
        bytes.limit((int) Math.min(bytes.position() + (long) CHUNK, limit));
        if (channel.read(bytes, start + position + bytes.position() - from) < 0) {
          throw fault("became shorter while it was read");
        }
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** A part of the file piece by piece, each of whole elements of at most eight bytes. */
  void parts(long position, long length, ByteOrder order, Consumer<ByteBuffer> use) {
    requireInside(position, length);
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(CHUNK, length)).order(order);
    for (long at = 0; at < length; at += bytes.limit()) {
      bytes.clear().limit((int) Math.min(CHUNK, length - at));
      read(position + at, bytes);
      use.accept(bytes.flip());
    }
  }

  private void requireInside(long position, long length) {
    if (position < 0 || length < 0 || length > size - position) {
      throw fault("ends too early: it has %d bytes".formatted(size));
    }
  }

  /** A part of the file as a stream; it ends where the part does. */
  InputStream stream(long position, long length) {
    requireInside(position, length);
    return new InputStream() {
      private long at;

      @Override
      public int read() {
        byte[] next = new byte[1];
        return read(next, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(next[0]);
      }

      @Override
      public int read(byte[] bytes, int offset, int most) {
        if (most > 0 && at == length) {
          return -1;
        }
        int count = (int) Math.min(most, length - at);
        InputFile.this.read(position + at, ByteBuffer.wrap(bytes, offset, count));
        at += count;
        return count;
      }
    };
  }

  /** The SHA-256 of the whole file, in hexadecimal. */
  String sha256() {
    MessageDigest digest = Sha256.digest();
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
    for (long at = 0; at < size; at += bytes.limit()) {
      read(at, bytes.clear().limit((int) Math.min(CHUNK, size - at)));
      digest.update(bytes.flip());
    }
    return Sha256.text(digest);
  }

  @Override
  public void close() {
    if (temporary) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }
}
