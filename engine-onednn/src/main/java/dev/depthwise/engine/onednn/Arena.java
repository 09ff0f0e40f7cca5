package dev.depthwise.engine.onednn;

import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * The block in which the slots of one executable lie. Its programs for different batch sizes share
 * it, as only one of them runs at a time, and the largest comes first.
 */
final class Arena {
  private final Natives natives;
  private @Nullable BytePointer block;
  private long bytes;

  Arena(Natives natives) {
    this.natives = natives;
  }

  /** Room for a program; a block of its own, if it needs more than those before it. */
  BytePointer claim(long needed) {
    BytePointer current = block;
    if (current == null || needed > bytes) {
      current = natives.allocate(Math.max(needed, Natives.ALIGNMENT));
      block = current;
      bytes = needed;
    }
    return current;
  }
}
