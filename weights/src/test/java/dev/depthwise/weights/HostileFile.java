package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A file that is written anew for every try, and what every reader of it promises. */
final class HostileFile {
  private static final long MOST_NANOSECONDS = 1_000_000_000;
  private static final long MOST_ALLOCATED = 256L << 20;
  private static final int LONGEST_MESSAGE = 2_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Path folder;

  HostileFile(Path folder) {
    this.folder = folder;
  }

  /**
   * Any bytes end in a result or in an {@link InputException} of one line, within a second of the
   * processor's time and 256 MiB that were ever asked for.
   */
  void survive(String name, byte[] content, Consumer<Path> reader) {
    Path file = folder.resolve(name);
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long start = THREADS.getCurrentThreadCpuTime();
    try {
      reader.accept(file);
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
}
