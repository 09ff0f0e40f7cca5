package dev.depthwise.training.tensorboard;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of records in TensorFlow's format: of each the length (8 bytes, little-endian, as all that
 * follows), a checksum of these 8 bytes (4), the data, a checksum of the data (4).
 *
 * <p>Checksums are CRC-32C, rotated and shifted by a constant, for a CRC of data that holds CRCs
 * says little.
 */
final class RecordFile implements AutoCloseable {
  private static final int MASK = 0xa282ead8;

  private final FileChannel channel;
  private final OutputStream stream;
  private final ByteBuffer head =
      ByteBuffer.allocate(Long.BYTES + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer foot = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private RecordFile(FileChannel channel) {
    this.channel = channel;
    stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
  }

  /** Creates a file that does not exist yet. */
  static RecordFile create(Path path) throws IOException {
    return new RecordFile(
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  /** Adds a record. */
  void append(byte[] data) throws IOException {
    head.clear().putLong(data.length);
    head.putInt(checksum(head.array(), Long.BYTES));
    stream.write(head.array());
    stream.write(data);
    foot.clear().putInt(checksum(data, data.length));
    stream.write(foot.array());
  }

  private static int checksum(byte[] data, int length) {
    CRC32C crc = new CRC32C();
    crc.update(data, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  /** Lets others see what was added. */
  void flush() throws IOException {
    stream.flush();
  }

  /** Brings what was added onto the disk. */
  void force() throws IOException {
    flush();
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      stream.flush();
    }
  }
}
