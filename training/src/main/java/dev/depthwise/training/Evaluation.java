package dev.depthwise.training;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.vision.Augmentation;
import dev.depthwise.vision.Batch;
import dev.depthwise.vision.Batches;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Preprocessor;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** How well a network classifies the pictures of a data set. */
public final class Evaluation {
  private static final CrossEntropy LOSS = new CrossEntropy(0);

  private final List<String> labels;

  /**
   * By class, then by what its pictures were taken for: of 17,000 classes, most pairs never are.
   */
  private final Map<Integer, SortedMap<Integer, Integer>> confusion = new HashMap<>();

  private final int[] counts;
  private final int[] taken;
  private final int size;
  private int inTopFive;
  private double loss;

  private Evaluation(Dataset dataset) {
    labels = dataset.labels();
    counts = new int[labels.size()];
    taken = new int[labels.size()];
    size = dataset.size();
  }

  /** Hears how far an evaluation is. */
  @FunctionalInterface
  public interface Progress {
    /** Does not listen. */
    Progress NONE = (done, total) -> {};

    /** So many of so many pictures are done. */
    void at(int done, int total);
  }

  /**
   * Classifies every picture of a data set.
   *
   * @param network its principal output logits or their softmax
   * @param batch pictures at a time; at least 1
   * @param threads how many processors may be used; 0 for all of them
   * @throws InputException if the network tells another number of classes apart
   */
  public static Evaluation of(
      Engine engine, Network network, Dataset dataset, int batch, int threads, Progress progress) {
    if (batch < 1) {
      throw new InputException("the batch must be at least 1, was " + batch);
    }
    if (threads < 0) {
      throw new InputException("threads must be 0 (all) or more, was " + threads);
    }
    Logits.requireClasses(network.model().graph(), dataset);
    // A batch larger than the data set would only be padding.
    CompileOptions options =
        CompileOptions.batch(Math.min(batch, dataset.size())).withThreads(threads);
    try (Executable executable = engine.compile(Logits.model(network.model()), options)) {
      return of(executable, dataset, network.preprocessing(), progress);
    }
  }

  /**
   * Classifies every picture of a data set.
   *
   * @param executable its first output logits
   */
  public static Evaluation of(
      Executable executable, Dataset dataset, Preprocessing preprocessing, Progress progress) {
    Evaluation evaluation = new Evaluation(dataset);
    int done = 0;
    try (Batches batches =
        new Batches(
            dataset,
            new Preprocessor(preprocessing),
            Augmentation.none(),
            Batches.Options.evaluation(executable.batch()).withThreads(preparingThreads()),
            0,
            0)) {
      while (batches.hasNext()) {
        Batch batch = batches.next();
        executable.run(batch.pixels(), batch.count());
        evaluation.add(executable.output(), batch);
        done += batch.count();
        progress.at(done, evaluation.size);
      }
    }
    evaluation.loss /= evaluation.size;
    return evaluation;
  }

  /** Threads that decode pictures beside the engine. */
  static int preparingThreads() {
    return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
  }

  private void add(FloatBuffer logits, Batch batch) {
    int classes = labels.size();
    loss += LOSS.score(logits, batch.targets(), classes).loss() * batch.count();
    for (int row = 0; row < batch.count(); row++) {
      int from = logits.position() + row * classes;
      int label = batch.labels()[row];
      float own = logits.get(from + label);
      int best = 0;
      int before = 0;
      for (int i = 0; i < classes; i++) {
        float logit = logits.get(from + i);
        best = logit > logits.get(from + best) ? i : best;
        before += logit > own || (logit == own && i < label) ? 1 : 0;
      }
      counts[label]++;
      taken[best]++;
      confusion.computeIfAbsent(label, none -> new TreeMap<>()).merge(best, 1, Integer::sum);
      inTopFive += before < 5 ? 1 : 0;
    }
  }

  /** How many pictures there were. */
  public int size() {
    return size;
  }

  /** Mean cross entropy, in nats, without smoothing. */
  public double loss() {
    return loss;
  }

  /** The classes' names. */
  public List<String> labels() {
    return labels;
  }

  /** How many pictures were classified right. */
  public int correct() {
    int correct = 0;
    for (int label = 0; label < counts.length; label++) {
      correct += confused(label, label);
    }
    return correct;
  }

  /** The fraction of pictures whose class has the largest score, in [0, 1]. */
  public double top1() {
    return (double) correct() / size;
  }

  /**
   * The fraction of pictures whose class is among those with the five largest scores, in [0, 1];
   * empty where there are five classes or fewer.
   */
  public OptionalDouble top5() {
    return labels.size() > 5
        ? OptionalDouble.of((double) inTopFive / size)
        : OptionalDouble.empty();
  }

  /** How many pictures of a class there were. */
  public int count(int label) {
    return counts[label];
  }

  /** The fraction of a class's pictures that were classified right; empty if it has none. */
  public OptionalDouble accuracy(int label) {
    int count = count(label);
    return count == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) confused(label, label) / count);
  }

  /** The fraction of what was taken for a class that is of it, in [0, 1]; empty if nothing was. */
  public OptionalDouble precision(int label) {
    return taken[label] == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) confused(label, label) / taken[label]);
  }

  /**
   * The harmonic mean of a class's precision and recall (which is its {@link #accuracy}), in [0,
   * 1]; empty if it has no pictures and nothing was taken for it.
   */
  public OptionalDouble f1(int label) {
    int both = counts[label] + taken[label];
    return both == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(2.0 * confused(label, label) / both);
  }

  /**
   * The mean precision of the classes that have pictures or that something was taken for; a class
   * without a value counts 0, as in scikit-learn's macro average.
   */
  public double precision() {
    return macro(this::precision);
  }

  /** The mean recall, over the same classes as the mean {@link #precision()}. */
  public double recall() {
    return macro(this::accuracy);
  }

  /** The mean F1, over the same classes as the mean {@link #precision()}. */
  public double f1() {
    return macro(this::f1);
  }

  private double macro(IntFunction<OptionalDouble> measure) {
    double sum = 0;
    int classes = 0;
    for (int label = 0; label < counts.length; label++) {
      if (f1(label).isPresent()) {
        sum += measure.apply(label).orElse(0);
        classes++;
      }
    }
    return sum / classes;
  }

  /** How many pictures of one class were taken for another (or for what they are). */
  public int confused(int label, int predicted) {
    return takenFor(label).getOrDefault(predicted, 0);
  }

  /** What the pictures of a class were taken for, and how often; what they are among it. */
  public SortedMap<Integer, Integer> takenFor(int label) {
    return Collections.unmodifiableSortedMap(
        confusion.getOrDefault(label, Collections.emptySortedMap()));
  }
}
