package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Tensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** NumPy's archives of named arrays ({@code numpy.savez}). */
public final class Npz {
  private static final int CHUNK = 1 << 14;

  /** What is said of them: whose names they use is not known. */
  static final Map<String, String> METADATA = Map.of("format", "npz");

  private static final String ENDING = ".npy";

  private Npz() {}

  /** Whether an archive is one of arrays. */
  static boolean is(Zip zip) {
    return !zip.entries().isEmpty()
        && zip.entries().keySet().stream().allMatch(name -> name.endsWith(ENDING));
  }

  /**
   * Reads which arrays an archive holds; their elements are read when they are asked for.
   *
   * @throws InputException naming the file and what is wrong with it
   */
  static NamedTensors read(Path path) {
    try (InputFile file = InputFile.open(path)) {
      if (file.size() < Integer.BYTES || file.read(0, Integer.BYTES).getInt() != Zip.SIGNATURE) {
        throw file.fault("is no .npz file: it is no zip archive");
      }
      Map<String, StoredTensor> tensors = new LinkedHashMap<>();
      for (Zip.Entry entry : Zip.read(file).entries().values()) {
        if (!entry.name().endsWith(ENDING)) {
          throw file.fault("holds %s, which is no array".formatted(Text.quote(entry.name())));
        }
        String name = entry.name().substring(0, entry.name().length() - ENDING.length());
        tensors.put(name, tensor(path, file, name, entry));
      }
      return new NamedTensors(path, tensors, METADATA);
    }
  }

  private static StoredTensor tensor(Path path, InputFile file, String name, Zip.Entry entry) {
    NpyHeader header;
    try (InputStream content = entry.stream(file)) {
      header = NpyHeader.read(file.within(entry.name()), content, entry.size());
    } catch (IOException e) {
      throw file.fault("%s: %s".formatted(Text.clean(entry.name()), Deflated.reason(e)), e);
    }
    return new StoredTensor(
        path,
        name,
        header.type(),
        header.dimensions(),
        (Elements)
            parts -> {
              try (InputFile reopened = InputFile.open(path)) {
                if (header.fortran()) {
                  ByteBuffer whole = entry.read(reopened);
                  parts.accept(header.elements(whole.position((int) header.begin()).slice()));
                } else {
                  entry.parts(reopened, header.begin(), header.order(), parts);
                }
              }
            });
  }

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
              channel.write(NpyHeader.bytes(tensor.getValue().shape()));
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
