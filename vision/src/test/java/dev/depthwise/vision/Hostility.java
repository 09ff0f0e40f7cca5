package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Bytes that nobody meant well with, and what every reader promises of them. */
final class Hostility {
  private static final long MOST_NANOSECONDS = 1_000_000_000;
  private static final long MOST_ALLOCATED = 256L << 20;
  private static final int LONGEST_MESSAGE = 2_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Hostility() {}

  /**
   * Any bytes end in a result or in an {@link InputException} of one line, within a second of the
   * processor's time and 256 MiB that were ever asked for.
   */
  static void survive(VisionReader reader, Path folder, byte[] content) throws IOException {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long start = THREADS.getCurrentThreadCpuTime();
    try {
      reader.read(folder, content);
    } catch (InputException e) {
      assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(LONGEST_MESSAGE);
    }
    long nanoseconds = THREADS.getCurrentThreadCpuTime() - start;
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    if (nanoseconds > MOST_NANOSECONDS || allocated > MOST_ALLOCATED) {
      throw new AssertionError(
          "took %d ms and %d MiB".formatted(nanoseconds / 1_000_000, allocated >> 20));
    }
  }

  /** The bytes with one place changed, cut out, copied or cut off. */
  static byte[] mutate(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> bytes = Arrays.copyOf(bytes, at);
      case 3 -> {
        int length = Math.min(random.nextInt(1, 40), bytes.length - at);
        byte[] shorter = new byte[bytes.length - length];
        System.arraycopy(bytes, 0, shorter, 0, at);
        System.arraycopy(bytes, at + length, shorter, at, shorter.length - at);
        bytes = shorter;
      }
      default -> {
        int from = random.nextInt(bytes.length);
        int length = Math.min(random.nextInt(1, 40), bytes.length - Math.max(at, from));
        System.arraycopy(whole, from, bytes, at, length);
      }
    }
    return bytes;
  }
}
