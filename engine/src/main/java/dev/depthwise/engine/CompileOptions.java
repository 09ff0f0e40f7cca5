package dev.depthwise.engine;

import java.util.List;

/**
 * How a network is compiled for inference.
 *
 * @param batch the most pictures of one run; at least 1
 * @param threads how many processors a run may use; 0 for all of them
 * @param outputs names of values (see {@link dev.depthwise.network.Graph#value}); empty for the
 *     network's own outputs
 * @param guards whether to keep all tensors apart, with room between them that {@link
 *     Executable#verifyGuards} looks at: for tests
 * @param watcher sees the result of each pass
 */
public record CompileOptions(
    int batch, int threads, List<String> outputs, boolean guards, CompileWatcher watcher) {
  public CompileOptions {
    outputs = List.copyOf(outputs);
    requireCounts(batch, threads);
  }

  /** Options for runs of so many pictures on all processors. */
  public static CompileOptions batch(int batch) {
    return new CompileOptions(batch, 0, List.of(), false, CompileWatcher.NONE);
  }

  /** These options with another number of threads. */
  public CompileOptions withThreads(int other) {
    return new CompileOptions(batch, other, outputs, guards, watcher);
  }

  /** These options with other outputs. */
  public CompileOptions withOutputs(List<String> names) {
    return new CompileOptions(batch, threads, names, guards, watcher);
  }

  /** These options with guards. */
  public CompileOptions withGuards() {
    return new CompileOptions(batch, threads, outputs, true, watcher);
  }

  /** These options with somebody who looks on. */
  public CompileOptions withWatcher(CompileWatcher other) {
    return new CompileOptions(batch, threads, outputs, guards, other);
  }

  static void requireCounts(int batch, int threads) {
    if (batch < 1) {
      throw new IllegalArgumentException("the batch must be at least 1, was " + batch);
    }
    if (threads < 0) {
      throw new IllegalArgumentException("threads must not be negative, was " + threads);
    }
  }
}
