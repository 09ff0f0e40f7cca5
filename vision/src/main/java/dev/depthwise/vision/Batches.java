package dev.depthwise.vision;

import static java.util.Objects.requireNonNull;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Randomness;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one epoch in order, prepared ahead by daemon threads. Which pictures a batch holds
 * and how they are varied and mixed depends on (seed, epoch, picture) and the batch alone, not on
 * the number of threads.
 *
 * <p>For one consuming thread. A batch's pixels are written over once the next one is asked for.
 */
public final class Batches implements Iterator<Batch>, AutoCloseable {
  /** Batches being read, ready or being prepared at a time. */
  private static final int SLOTS = 4;

  /**
   * How an epoch is cut into batches.
   *
   * @param batchSize pictures in a batch
   * @param shuffle whether each epoch has an order of its own, else the data set's
   * @param dropLast whether a short last batch is left out
   * @param seed of order and augmentation
   * @param threads that prepare batches
   */
  public record Options(int batchSize, boolean shuffle, boolean dropLast, long seed, int threads) {
    public Options {
      if (batchSize < 1) {
        throw new InputException("the batch size must be positive, was " + batchSize);
      }
      if (threads < 1) {
        throw new InputException("the number of threads must be positive, was " + threads);
      }
    }

    /** Shuffled, the short last batch left out, prepared by one thread. */
    public static Options training(int batchSize, long seed) {
      return new Options(batchSize, true, true, seed, 1);
    }

    /** Every picture in the data set's order, prepared by one thread. */
    public static Options evaluation(int batchSize) {
      return new Options(batchSize, false, false, 0, 1);
    }

    /** The same with another number of threads. */
    public Options withThreads(int threads) {
      return new Options(batchSize, shuffle, dropLast, seed, threads);
    }

    /**
     * How many batches an epoch has.
     *
     * @param size of the data set
     */
    public int count(int size) {
      return dropLast ? size / batchSize : (size - 1) / batchSize + 1;
    }
  }

  private final Dataset dataset;
  private final Preprocessor preprocessor;
  private final Augmentation augmentation;
  private final Options options;
  private final int epoch;
  private final int[] order;
  private final int count;
  private final FloatBuffer[] buffers = new FloatBuffer[SLOTS];
  private final Thread[] workers;

  // Guarded by this monitor, as is everything that the two sides tell each other.
  private final @Nullable Batch[] ready = new @Nullable Batch[SLOTS];
  private final @Nullable Throwable[] failures = new @Nullable Throwable[SLOTS];
  private int claimed;
  private int taken;
  private long waited;
  private volatile boolean closed;

  /**
   * Begins to prepare an epoch.
   *
   * @param epoch counted from 0
   * @param firstBatch with which to begin, for an epoch that was broken off
   * @throws InputException if the data set has no full batch and short ones are left out
   */
  public Batches(
      Dataset dataset,
      Preprocessor preprocessor,
      Augmentation augmentation,
      Options options,
      int epoch,
      int firstBatch) {
    this.dataset = dataset;
    this.preprocessor = preprocessor;
    this.augmentation = augmentation;
    this.options = options;
    this.epoch = epoch;
    count = options.count(dataset.size());
    if (count == 0) {
      throw new InputException(
          "%s has %d pictures, less than one batch of %d; expected a smaller batch"
              .formatted(dataset.name(), dataset.size(), options.batchSize()));
    }
    if (firstBatch < 0 || firstBatch > count) {
      throw new IllegalArgumentException(
          "the first batch must lie in 0 to %d, was %d".formatted(count, firstBatch));
    }
    claimed = firstBatch;
    taken = firstBatch;
    order =
        options.shuffle()
            ? shuffled(dataset, Randomness.keyed("shuffle", options.seed(), epoch))
            : IntStream.range(0, dataset.size()).toArray();
    long bytes = (long) Float.BYTES * options.batchSize() * preprocessor.length();
    if (bytes > Integer.MAX_VALUE) {
      throw new InputException(
          "a batch of %d pictures takes %d bytes, at most 2 GiB are possible; expected a smaller one"
              .formatted(options.batchSize(), bytes));
    }
    for (int slot = 0; slot < Math.min(SLOTS, count - firstBatch); slot++) {
      buffers[(firstBatch + slot) % SLOTS] =
          ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
    workers = new Thread[Math.min(options.threads(), SLOTS)];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Thread(this::prepare, "depthwise-batches-" + i);
      workers[i].setDaemon(true);
      workers[i].start();
    }
  }

  private static int[] shuffled(Dataset dataset, Randomness randomness) {
    return dataset.sequential()
        ? ShuffledRuns.order(dataset.size(), randomness)
        : randomness.permutation(dataset.size());
  }

  /** How many batches the whole epoch has, those before the first one included. */
  public int count() {
    return count;
  }

  /** Whether the epoch has another batch; does not wait for it. */
  @Override
  public synchronized boolean hasNext() {
    return taken < count;
  }

  /**
   * Waits for the next batch; the pixels of the one before it may be written over from now on. What
   * a data set threw while this batch was prepared is thrown here.
   */
  @Override
  public synchronized Batch next() {
    if (closed) {
      throw new IllegalStateException("the batches are closed");
    }
    if (!hasNext()) {
      throw new NoSuchElementException("the epoch has %d batches".formatted(count));
    }
    int slot = taken % SLOTS;
    taken++;
    notifyAll();
    long began = System.nanoTime();
    awaitUntil(() -> ready[slot] != null || failures[slot] != null);
    waited += System.nanoTime() - began;
    Batch batch = ready[slot];
    Throwable failure = failures[slot];
    ready[slot] = null;
    failures[slot] = null;
    if (batch == null) {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) requireNonNull(failure);
    }
    return batch;
  }

  /** How long {@link #next} has waited for batches that were not ready, in all, in seconds. */
  public synchronized double secondsWaited() {
    return waited * 1e-9;
  }

  /** Stops the threads and waits until they have ended: for one picture at most. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void prepare() {
    float[] pixels = new float[preprocessor.length()];
    for (int number = claim(); number < count && !closed; number = claim()) {
      try {
        publish(number, fill(number, pixels), null);
      } catch (RuntimeException | Error failure) {
        // Errors too: the consumer would wait forever for a batch that nobody prepares.
        publish(number, null, failure);
      }
    }
  }

  /** The next batch to prepare, once its buffer is free; the count when there is none. */
  private synchronized int claim() {
    // The batch that the consumer holds is number taken - 1: its buffer is not free yet.
    awaitUntil(() -> closed || claimed >= count || claimed < Math.max(taken - 1, 0) + SLOTS);
    return closed || claimed >= count ? count : claimed++;
  }

  private synchronized void publish(
      int number, @Nullable Batch batch, @Nullable Throwable failure) {
    ready[number % SLOTS] = batch;
    failures[number % SLOTS] = failure;
    notifyAll();
  }

  private @Nullable Batch fill(int number, float[] pixels) {
    int from = number * options.batchSize();
    int[] indices =
        Arrays.copyOfRange(order, from, Math.min(from + options.batchSize(), order.length));
    int[] labels = new int[indices.length];
    FloatBuffer buffer = buffers[number % SLOTS];
    for (int i = 0; i < indices.length; i++) {
      if (closed) {
        return null;
      }
      int index = indices[i];
      labels[i] = dataset.label(index);
      augmentation.apply(
          dataset.picture(index),
          preprocessor,
          pixels,
          0,
          Randomness.keyed("augment", options.seed(), epoch, index));
      buffer.put(i * pixels.length, pixels);
    }
    Targets targets =
        augmentation
            .mixing()
            .apply(
                buffer,
                labels,
                preprocessor.preprocessing().height(),
                preprocessor.preprocessing().width(),
                pixels,
                Randomness.keyed("mix", options.seed(), epoch, number));
    return new Batch(
        buffer.duplicate().limit(indices.length * pixels.length), targets, indices, indices.length);
  }

  private synchronized void awaitUntil(BooleanSupplier condition) {
    try {
      while (!condition.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    }
  }
}
