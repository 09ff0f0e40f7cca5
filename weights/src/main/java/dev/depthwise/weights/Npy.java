package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * Files of NumPy's {@code .npy} format: one array of numbers.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
public final class Npy {
  private Npy() {}

  /**
   * Reads an array, rounded to float32 and in C order whatever the file has. Its first dimension is
   * often a batch: that is for the caller to know.
   *
   * @throws InputException naming the file and what is wrong with it
   */
  public static Tensor read(Path path) {
    return stored(path).read();
  }

  /** The array of a file as a tensor that is called as the file is. */
  static NamedTensors named(Path path) {
    StoredTensor tensor = stored(path);
    return new NamedTensors(path, Map.of(tensor.name(), tensor), Npz.METADATA);
  }

  private static StoredTensor stored(Path path) {
    try (InputFile file = InputFile.open(path)) {
      NpyHeader header = NpyHeader.read(file, file.stream(0, file.size()), file.size());
      return new StoredTensor(
          path,
          String.valueOf(path.getFileName()).replaceFirst("\\.npy$", ""),
          header.type(),
          header.dimensions(),
          () -> {
            try (InputFile reopened = InputFile.open(path)) {
              return header.elements(reopened.read(header.begin(), header.bytes()));
            }
          });
    }
  }

  /**
   * Writes a tensor as {@code <f4} in C order, version 1, and publishes the file when it is whole.
   *
   * @throws WriteException if it could not be written; an older file is unharmed then
   */
  public static void write(Path path, Tensor tensor) {
    ByteBuffer header = NpyHeader.bytes(tensor.shape());
    Publish.file(
        path,
        temporary -> {
          try (OutputFile file = OutputFile.create(temporary)) {
            file.write(header);
            file.write(tensor.values());
          }
        });
  }
}
