package dev.depthwise.engine.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** A caller's buffer outside of the heap, with numbers around it that nobody may touch. */
final class Guarded {
  private static final int MARGIN = 32;
  private static final float SENTINEL = 12345.678f;

  private final FloatBuffer buffer;
  private final float[] values;

  Guarded(float[] values) {
    this.values = values.clone();
    this.buffer =
        ByteBuffer.allocateDirect((values.length + 2 * MARGIN) * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int index = 0; index < MARGIN; index++) {
      buffer.put(index, SENTINEL);
      buffer.put(MARGIN + values.length + index, SENTINEL);
    }
    buffer.position(MARGIN).limit(MARGIN + values.length);
    buffer.duplicate().put(values);
  }

  /** The buffer, standing at its first number. */
  FloatBuffer buffer() {
    return buffer;
  }

  /** Fails if anything was written, or if the buffer was moved. */
  void verify() {
    assertThat(buffer.position()).as("the caller's position").isEqualTo(MARGIN);
    assertThat(buffer.limit()).as("the caller's limit").isEqualTo(MARGIN + values.length);
    FloatBuffer whole = buffer.duplicate().clear();
    for (int index = 0; index < MARGIN; index++) {
      assertThat(whole.get(index)).as("before the buffer").isEqualTo(SENTINEL);
      assertThat(whole.get(MARGIN + values.length + index)).as("behind it").isEqualTo(SENTINEL);
    }
    for (int index = 0; index < values.length; index++) {
      assertThat(whole.get(MARGIN + index)).as("in the buffer").isEqualTo(values[index]);
    }
  }
}
