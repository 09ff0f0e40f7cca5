package dev.depthwise.engine.onednn;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.List;
import java.util.Optional;

/**
 * How many processors OpenMP uses for what the calling thread starts.
 *
 * <p>The bindings of oneDNN give no way to say so; the OpenMP runtime they load does. Asking for it
 * by its plain name finds the one that is loaded already.
 */
final class Threads {
  private static final List<String> RUNTIMES =
      List.of("libgomp.so.1", "libomp.dylib", "libiomp5.dylib", "vcomp140");

  private static final Optional<Function> SETTER = find();
  private static final ThreadLocal<Integer> CURRENT = ThreadLocal.withInitial(() -> 0);

  private Threads() {}

  private static Optional<Function> find() {
    // oneDNN's bindings load the runtime that is asked for below.
    org.bytedeco.javacpp.Loader.load(org.bytedeco.dnnl.global.dnnl.class);
    for (String name : RUNTIMES) {
      try {
        return Optional.of(NativeLibrary.getInstance(name).getFunction("omp_set_num_threads"));
      } catch (UnsatisfiedLinkError absent) {
        // Another platform's name: try the next.
      }
    }
    return Optional.empty();
  }

  /** Whether the number of threads can be set on this machine. */
  static boolean canSet() {
    return SETTER.isPresent();
  }

  /** Lets what this thread starts use so many processors; 0 for all of them. */
  static void use(int threads) {
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    if (CURRENT.get() != count) {
      SETTER.ifPresent(setter -> setter.invokeVoid(new Object[] {count}));
      CURRENT.set(count);
    }
  }
}
