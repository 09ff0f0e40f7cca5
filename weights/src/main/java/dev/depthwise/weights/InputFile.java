package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

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
  private final FileChannel channel;
  private final long size;

  private InputFile(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
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
        return new InputFile(path, channel, channel.size());
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

  static InputException fault(Path path, String what) {
    return new InputException(path + ": " + what);
  }

  static InputException unreadable(Path path, IOException e) {
    return new InputException("%s: cannot be read (%s)".formatted(path, Publish.reason(e)), e);
  }

  InputException fault(String what) {
    return fault(path, what);
  }

  InputException fault(String what, Throwable cause) {
    return new InputException(path + ": " + what, cause);
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
    int start = bytes.position();
    try {
      while (bytes.position() < limit) {
        // The channel copies through a native buffer as large as what is asked of it at once.
        bytes.limit((int) Math.min(bytes.position() + (long) CHUNK, limit));
        if (channel.read(bytes, position + bytes.position() - start) < 0) {
          throw fault("became shorter while it was read");
        }
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private void requireInside(long position, long length) {
    if (position < 0 || length < 0 || length > size - position) {
      throw fault("ends too early: it has %d bytes".formatted(size));
    }
  }

  /** The SHA-256 of the whole file, in hexadecimal. */
  String sha256() {
    MessageDigest digest = Sha256.digest();
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
    try {
      channel.position(0);
      while (channel.read(bytes) >= 0) {
        digest.update(bytes.flip());
        bytes.clear();
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    return Sha256.text(digest);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }
}
