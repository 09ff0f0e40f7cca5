package dev.depthwise.inference;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Model;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.Preprocessor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An executable that any thread may use: one thread of its own runs it, in the order of asking.
 *
 * <p>Not a lock around it: OpenMP keeps a team of threads for every thread that ever started a run,
 * and a server has hundreds. Not a pool of executables: each would hold the weights anew, and
 * compete for the processors that one run fills.
 */
final class Runner implements AutoCloseable {
  private final Preprocessor preprocessor;
  private final Executable executable;
  private final int batch;
  private final ExecutorService worker;

  /** The worker's; none before the first run. */
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  Runner(Model model, Preprocessing preprocessing, Engine engine, CompileOptions options) {
    preprocessor = new Preprocessor(preprocessing);
    executable = engine.compile(model, options);
    batch = options.batch();
    worker = Executors.newSingleThreadExecutor(this::thread);
  }

  private Thread thread(Runnable task) {
    Thread thread = new Thread(task, "depthwise-inference");
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }

  /**
   * Computes pictures, a batch at a time.
   *
   * @param each is given the outputs of each picture by name, in the order of the pictures, by the
   *     calling thread
   */
  void run(List<Picture> pictures, Consumer<Features> each) {
    for (int from = 0; from < pictures.size(); from += batch) {
      List<Picture> some = pictures.subList(from, Math.min(from + batch, pictures.size()));
      float[] pixels = new float[Math.multiplyExact(some.size(), preprocessor.length())];
      for (int i = 0; i < some.size(); i++) {
        preprocessor.normalize(preprocessor.fit(some.get(i)), pixels, i * preprocessor.length());
      }
      await(pixels, some.size()).forEach(each);
    }
  }

  private List<Features> await(float[] pixels, int count) {
    try {
      return worker.submit(() -> compute(pixels, count)).get();
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("it is closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a result", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }

  private List<Features> compute(float[] pixels, int count) {
    executable.run(FloatBuffer.wrap(pixels), count);
    List<Features> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Tensor> values = new LinkedHashMap<>();
      for (Map.Entry<String, Shape> output : executable.outputs().entrySet()) {
        float[] value = new float[output.getValue().size()];
        FloatBuffer all = executable.output(output.getKey());
        all.get(all.position() + i * value.length, value);
        values.put(output.getKey(), Tensor.of(output.getValue(), value));
      }
      results.add(new Features(values));
    }
    return results;
  }

  /** Waits for what was asked for before; its thread has ended then. */
  @Override
  public void close() {
    worker.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = worker.awaitTermination(1, TimeUnit.DAYS);
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (InterruptedException e) {
        interrupted = true;
        ended = false;
      }
    }
    executable.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
