package dev.depthwise.engine;

import dev.depthwise.network.Weights;
import java.util.List;
import java.util.function.Predicate;

/**
 * How a network is compiled for training.
 *
 * @param batch the most pictures of one step; at least 1
 * @param threads how many processors a step may use; 0 for all of them
 * @param seed keys whatever is random inside the network (dropout)
 * @param trained which parameters get a gradient and are updated; statistics never do
 * @param frozenStatistics the names of batch norms that use their running statistics and leave them
 *     as they are, as in inference
 * @param outputs names of values that have a loss; empty for the network's own outputs
 * @param gradients names of further values whose derivative is asked for, "input" among them
 * @param guards whether to keep all tensors apart, with room between them that {@link
 *     TrainingExecutable#verifyGuards} looks at: for tests
 * @param watcher sees the result of each pass
 */
public record TrainingOptions(
    int batch,
    int threads,
    long seed,
    Predicate<Weights.Key> trained,
    Predicate<String> frozenStatistics,
    List<String> outputs,
    List<String> gradients,
    boolean guards,
    CompileWatcher watcher) {
  public TrainingOptions {
    outputs = List.copyOf(outputs);
    gradients = List.copyOf(gradients);
    CompileOptions.requireCounts(batch, threads);
  }

  /** Options to train everything, so many pictures a step, on all processors. */
  public static TrainingOptions batch(int batch) {
    return new TrainingOptions(
        batch, 0, 0, key -> true, node -> false, List.of(), List.of(), false, CompileWatcher.NONE);
  }

  /** These options with another number of threads. */
  public TrainingOptions withThreads(int other) {
    return new TrainingOptions(
        batch, other, seed, trained, frozenStatistics, outputs, gradients, guards, watcher);
  }

  /** These options with another seed. */
  public TrainingOptions withSeed(long other) {
    return new TrainingOptions(
        batch, threads, other, trained, frozenStatistics, outputs, gradients, guards, watcher);
  }

  /** These options with other parameters to train. */
  public TrainingOptions withTrained(Predicate<Weights.Key> other) {
    return new TrainingOptions(
        batch, threads, seed, other, frozenStatistics, outputs, gradients, guards, watcher);
  }

  /** These options with other batch norms that stay as they are. */
  public TrainingOptions withFrozenStatistics(Predicate<String> other) {
    return new TrainingOptions(
        batch, threads, seed, trained, other, outputs, gradients, guards, watcher);
  }

  /** These options with other values that have a loss. */
  public TrainingOptions withOutputs(List<String> names) {
    return new TrainingOptions(
        batch, threads, seed, trained, frozenStatistics, names, gradients, guards, watcher);
  }

  /** These options with derivatives by other values. */
  public TrainingOptions withGradients(List<String> names) {
    return new TrainingOptions(
        batch, threads, seed, trained, frozenStatistics, outputs, names, guards, watcher);
  }

  /** These options with guards. */
  public TrainingOptions withGuards() {
    return new TrainingOptions(
        batch, threads, seed, trained, frozenStatistics, outputs, gradients, true, watcher);
  }

  /** These options with somebody who looks on. */
  public TrainingOptions withWatcher(CompileWatcher other) {
    return new TrainingOptions(
        batch, threads, seed, trained, frozenStatistics, outputs, gradients, guards, other);
  }
}
