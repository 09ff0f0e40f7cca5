package dev.depthwise.vision;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Work on many pictures by several threads. */
final class InParallel {
  private static final long REPORT_NANOS = 100_000_000;

  private final String task;
  private final int count;
  private final IntConsumer work;
  private final Progress progress;
  private final AtomicInteger next = new AtomicInteger();

  // Guarded by this monitor.
  private int done;
  private long reported = System.nanoTime();
  private int failedAt = Integer.MAX_VALUE;
  private @Nullable Throwable failure;

  private InParallel(String task, int count, IntConsumer work, Progress progress) {
    this.task = task;
    this.count = count;
    this.work = work;
    this.progress = progress;
  }

  /**
   * Does the work for 0 to {@code count - 1}, in about this order, and waits until all is done.
   * What the work throws ends it, and is thrown here: of several, that of the smallest number.
   *
   * @param threads 0 for one each processor
   */
  static void each(String task, int count, int threads, Progress progress, IntConsumer work) {
    InParallel all = new InParallel(task, count, work, progress);
    int wanted = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    Thread[] workers = new Thread[Math.min(wanted, count)];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Thread(all::run, "depthwise-" + task.replace(' ', '-') + "-" + i);
      workers[i].setDaemon(true);
      workers[i].start();
    }
    try {
      for (Thread worker : workers) {
        worker.join();
      }
    } catch (InterruptedException e) {
      all.next.set(count);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + task, e);
    }
    if (all.failure instanceof Error error) {
      throw error;
    }
    if (all.failure != null) {
      throw (RuntimeException) all.failure;
    }
  }

  private void run() {
    for (int index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
      try {
        work.accept(index);
        report();
      } catch (RuntimeException | Error thrown) {
        fail(index, thrown);
        return;
      }
    }
  }

  private synchronized void report() {
    done++;
    long now = System.nanoTime();
    if (done == count || now - reported > REPORT_NANOS) {
      reported = now;
      progress.at(task, done, count);
    }
  }

  private synchronized void fail(int index, Throwable thrown) {
    // The others finish what they have begun: an earlier picture of theirs may fail too.
    next.set(count);
    if (index < failedAt) {
      failedAt = index;
      failure = thrown;
    }
  }
}
