package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A tensor in a file: described, and read when asked for.
 *
 * @param file where it is
 * @param name its name in the file
 * @param type of its elements in the file
 * @param dimensions its extent, outermost first; 0 is possible
 * @param content reads its elements, row-major, in the byte order of the buffer
 */
public record StoredTensor(
    Path file, String name, DataType type, List<Long> dimensions, Supplier<ByteBuffer> content) {
  public StoredTensor {
    dimensions = List.copyOf(dimensions);
  }

  /**
   * The tensor, its elements rounded to float32.
   *
   * @throws InputException if it is empty, too large, or cannot be read
   */
  public Tensor read() {
    if (!hasShape()) {
      throw InputFile.fault(
          file, "tensor %s of %s is empty or too large".formatted(Text.quote(name), extent()));
    }
    return new Tensor(shape(), type.floats(content.get()));
  }

  /**
   * The SHA-256 of its elements in hexadecimal: of the type that they have in the file, row-major
   * and little-endian, whatever the file has.
   *
   * @throws InputException if it cannot be read
   */
  public String sha256() {
    ByteBuffer elements = content.get();
    MessageDigest digest = Sha256.digest();
    if (elements.order() == ByteOrder.LITTLE_ENDIAN || type.bytes() == 1) {
      digest.update(elements);
    } else {
      byte[] element = new byte[type.bytes()];
      while (elements.hasRemaining()) {
        for (int i = element.length - 1; i >= 0; i--) {
          element[i] = elements.get();
        }
        digest.update(element);
      }
    }
    return Sha256.text(digest);
  }

  /** The dimensions as a message shows them. */
  public String extent() {
    return dimensions.isEmpty()
        ? "scalar"
        : dimensions.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }

  private boolean hasShape() {
    long size = 1;
    for (long dimension : dimensions) {
      if (dimension < 1 || dimension > Integer.MAX_VALUE / size) {
        return false;
      }
      size *= dimension;
    }
    return true;
  }

  private Shape shape() {
    return new Shape(dimensions.stream().map(Math::toIntExact).toList());
  }
}
