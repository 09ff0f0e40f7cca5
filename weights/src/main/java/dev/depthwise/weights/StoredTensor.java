package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A tensor in a file: described, and read when asked for.
 *
 * @param file where it is
 * @param name its name in the file
 * @param type of its elements in the file
 * @param dimensions its extent, outermost first; 0 is possible
 * @param content reads its elements
 */
public record StoredTensor(
    Path file, String name, DataType type, List<Long> dimensions, Elements content) {
  public StoredTensor {
    dimensions = List.copyOf(dimensions);
  }

  /**
   * A tensor that is read as a whole.
   *
   * @param content reads its elements, row-major, in the byte order of the buffer
   */
  public StoredTensor(
      Path file, String name, DataType type, List<Long> dimensions, Supplier<ByteBuffer> content) {
    this(file, name, type, dimensions, (Elements) parts -> parts.accept(content.get()));
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
    Shape shape = new Shape(dimensions.stream().map(Math::toIntExact).toList());
    Gathered all = new Gathered(shape.size());
    floats(all::add);
    return new Tensor(shape, all.values());
  }

  /**
   * Its elements, which are integers; also of a tensor without any.
   *
   * @throws InputException if it cannot be read
   */
  public long[] integers() {
    LongStream.Builder integers = LongStream.builder();
    content.read(
        part -> {
          while (part.hasRemaining()) {
            integers.add(type.integer(part));
          }
        });
    return integers.build().toArray();
  }

  /** Its elements rounded to float32, part by part; see {@link Elements}. */
  void floats(Consumer<FloatBuffer> parts) {
    content.read(part -> parts.accept(type.floats(part)));
  }

  /**
   * The SHA-256 of its elements in hexadecimal: of the type that they have in the file, row-major
   * and little-endian, whatever the file has.
   *
   * @throws InputException if it cannot be read
   */
  public String sha256() {
    MessageDigest digest = Sha256.digest();
    content.read(part -> update(digest, part));
    return Sha256.text(digest);
  }

  private void update(MessageDigest digest, ByteBuffer elements) {
    if (elements.order() == ByteOrder.LITTLE_ENDIAN || type.bytes() == 1) {
      digest.update(elements);
      return;
    }
    byte[] element = new byte[type.bytes()];
    while (elements.hasRemaining()) {
      for (int i = element.length - 1; i >= 0; i--) {
        element[i] = elements.get();
      }
      digest.update(element);
    }
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

  /** Parts that become one. */
  private static final class Gathered {
    private final int size;
    private FloatBuffer all = FloatBuffer.allocate(0);

    Gathered(int size) {
      this.size = size;
    }

    void add(FloatBuffer part) {
      if (part.remaining() == size) {
        all = part;
        return;
      }
      if (all.capacity() == 0) {
        all = FloatBuffer.allocate(size);
      }
      all.put(part);
      if (all.position() == size) {
        all.flip();
      }
    }

    FloatBuffer values() {
      return all;
    }
  }
}
