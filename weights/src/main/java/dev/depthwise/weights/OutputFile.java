package dev.depthwise.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new file that numbers are written to. */
final class OutputFile implements AutoCloseable {
  private final FileChannel channel;
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  private OutputFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Creates a file that does not exist yet. */
  static OutputFile create(Path path) throws IOException {
    return new OutputFile(
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  /** Writes all that remains. */
  void write(ByteBuffer remaining) throws IOException {
    while (remaining.hasRemaining()) {
      channel.write(remaining);
    }
  }

  /** Writes all that remains as little-endian float32. */
  void write(FloatBuffer values) throws IOException {
    FloatBuffer floats = bytes.clear().asFloatBuffer();
    while (values.hasRemaining()) {
      int count = Math.min(floats.capacity(), values.remaining());
      floats.clear().put(values.slice(values.position(), count));
      values.position(values.position() + count);
      write(bytes.clear().limit(count * Float.BYTES));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
