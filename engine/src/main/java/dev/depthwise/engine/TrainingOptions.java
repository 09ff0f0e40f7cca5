package dev.depthwise.engine;

import dev.depthwise.network.Weights;
import java.util.List;
import java.util.function.Predicate;

/**
 * How a network is compiled for training, or for derivatives alone.
 *
 * @param batch the most pictures of one step; at least 1
 * @param threads how many processors a step may use; 0 for all of them
 * @param seed keys whatever is random inside the network (dropout)
 * @param random whether layers that are random in training (dropout, stochastic depth) are; if not,
 *     they pass everything on, as in inference
 * @param frozenStatistics the names of batch norms that use their running statistics and leave them
 *     as they are, as in inference
 * @param outputs names of values that have a loss; empty for the network's own outputs
 * @param derivatives what the backward pass is for
 * @param memory bytes that parameters, their gradients and all that is kept between forward and
 *     backward may take; 0 for as many as it needs. Where it would need more, some of it is
 *     computed twice instead of kept, which costs at most one more forward pass, and changes no bit
 *     of the result. Moments of an update rule and the kernels' scratch memory are not counted
 * @param guards whether to keep all tensors apart, with room between them that {@link
 *     TrainingExecutable#verifyGuards} looks at: for tests
 * @param watcher sees the result of each pass
 */
public record TrainingOptions(
    int batch,
    int threads,
    long seed,
    boolean random,
    Predicate<String> frozenStatistics,
    List<String> outputs,
    Derivatives derivatives,
    long memory,
    boolean guards,
    CompileWatcher watcher) {
  public TrainingOptions {
    outputs = List.copyOf(outputs);
    CompileOptions.requireCounts(batch, threads);
    if (memory < 0) {
      throw new IllegalArgumentException("memory must not be negative, was " + memory);
    }
  }

  /** Options to train everything, so many pictures a step, on all processors. */
  public static TrainingOptions batch(int batch) {
    return new TrainingOptions(
        batch,
        0,
        0,
        true,
        node -> false,
        List.of(),
        Derivatives.all(),
        0,
        false,
        CompileWatcher.NONE);
  }

  /** These options with another number of threads. */
  public TrainingOptions withThreads(int other) {
    return new TrainingOptions(
        batch,
        other,
        seed,
        random,
        frozenStatistics,
        outputs,
        derivatives,
        memory,
        guards,
        watcher);
  }

  /** These options with another seed. */
  public TrainingOptions withSeed(long other) {
    return new TrainingOptions(
        batch,
        threads,
        other,
        random,
        frozenStatistics,
        outputs,
        derivatives,
        memory,
        guards,
        watcher);
  }

  /** These options with every layer as it is in inference: nothing random, no statistics moved. */
  public TrainingOptions asInference() {
    return new TrainingOptions(
        batch, threads, seed, false, node -> true, outputs, derivatives, memory, guards, watcher);
  }

  /** These options with other batch norms that stay as they are. */
  public TrainingOptions withFrozenStatistics(Predicate<String> other) {
    return new TrainingOptions(
        batch, threads, seed, random, other, outputs, derivatives, memory, guards, watcher);
  }

  /** These options with other values that have a loss. */
  public TrainingOptions withOutputs(List<String> names) {
    return new TrainingOptions(
        batch,
        threads,
        seed,
        random,
        frozenStatistics,
        names,
        derivatives,
        memory,
        guards,
        watcher);
  }

  /** These options with other derivatives. */
  public TrainingOptions withDerivatives(Derivatives other) {
    return new TrainingOptions(
        batch, threads, seed, random, frozenStatistics, outputs, other, memory, guards, watcher);
  }

  /** These options with other parameters to train. */
  public TrainingOptions withTrained(Predicate<Weights.Key> other) {
    return withDerivatives(derivatives.withTrained(other));
  }

  /** These options with derivatives by other values. */
  public TrainingOptions withGradients(List<String> names) {
    return withDerivatives(derivatives.withValues(names));
  }

  /** These options with a bound for the memory, in bytes. */
  public TrainingOptions withMemory(long bytes) {
    return new TrainingOptions(
        batch,
        threads,
        seed,
        random,
        frozenStatistics,
        outputs,
        derivatives,
        bytes,
        guards,
        watcher);
  }

  /** These options with guards. */
  public TrainingOptions withGuards() {
    return new TrainingOptions(
        batch,
        threads,
        seed,
        random,
        frozenStatistics,
        outputs,
        derivatives,
        memory,
        true,
        watcher);
  }

  /** These options with somebody who looks on. */
  public TrainingOptions withWatcher(CompileWatcher other) {
    return new TrainingOptions(
        batch,
        threads,
        seed,
        random,
        frozenStatistics,
        outputs,
        derivatives,
        memory,
        guards,
        other);
  }
}
