package dev.depthwise.engine.onednn;

import dev.depthwise.network.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Results as callers see them: buffers that the garbage collector owns, so that one who still holds
 * a result after the executable was closed reads old numbers, not freed memory.
 */
final class Results {
  private final Map<String, FloatBuffer> buffers = new LinkedHashMap<>();

  Results(Map<String, Shape> shapes, int batch) {
    shapes.forEach(
        (name, shape) ->
            buffers.put(
                name,
                ByteBuffer.allocateDirect(
                        Math.multiplyExact(batch, Math.multiplyExact(shape.size(), Float.BYTES)))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer()));
  }

  /** Takes over the first {@code count} numbers of a result. */
  void take(String name, FloatBuffer from, int count) {
    FloatBuffer buffer = buffer(name).clear();
    buffer.put(0, from, 0, count);
    buffer.limit(count);
  }

  /** A read-only view of what was taken over last. */
  FloatBuffer view(String name) {
    return buffer(name).asReadOnlyBuffer();
  }

  private FloatBuffer buffer(String name) {
    return Objects.requireNonNull(buffers.get(name));
  }
}
