package dev.depthwise.weights;

import dev.depthwise.network.Tensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** NumPy's archives of named arrays ({@code numpy.savez}). */
public final class Npz {
  private static final int CHUNK = 1 << 14;

  private Npz() {}

  /**
   * Writes tensors as float32 and publishes the file when it is whole.
   *
   * @throws WriteException if it could not be written; an older file is unharmed then
   */
  public static void write(Path path, Map<String, Tensor> tensors) {
    Publish.file(
        path,
        temporary -> {
          try (OutputStream file =
                  new BufferedOutputStream(
                      Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW));
              ZipOutputStream zip = new ZipOutputStream(file)) {
            // Weights do not shrink; Java's zip cannot store what it does not know the sum of.
            zip.setLevel(Deflater.NO_COMPRESSION);
            WritableByteChannel channel = Channels.newChannel(zip);
            for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
              zip.putNextEntry(new ZipEntry(tensor.getKey() + ".npy"));
              channel.write(Npy.header(tensor.getValue().shape()));
              write(channel, tensor.getValue().values());
              zip.closeEntry();
            }
          }
        });
  }

  private static void write(WritableByteChannel channel, FloatBuffer values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      int count = Math.min(CHUNK, values.remaining());
      bytes.clear().asFloatBuffer().put(values.slice(values.position(), count));
      values.position(values.position() + count);
      channel.write(bytes.limit(count * Float.BYTES));
    }
  }
}
