package dev.depthwise.training;

import dev.depthwise.vision.Augmentation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a network is trained: all that the result depends on, besides the network and the pictures.
 *
 * @param epochs passes over the pictures; at least 1
 * @param batch pictures that are computed together; at least 1
 * @param descent how parameters follow the loss
 * @param loss of every output
 * @param augmentation how pictures are varied
 * @param freezing what of the network stays as it is
 * @param selection which epoch is the best, and what follows from it
 * @param outputWeights what each output's loss counts, by name; an output that is not named counts
 *     1 if it is the principal one and 0 if not
 * @param seed keys the order of the pictures, their augmentation and dropout
 */
public record Recipe(
    int epochs,
    int batch,
    Descent descent,
    CrossEntropy loss,
    Augmentation augmentation,
    Freezing freezing,
    Selection selection,
    Map<String, Double> outputWeights,
    long seed) {
  public Recipe {
    outputWeights = Collections.unmodifiableMap(new LinkedHashMap<>(outputWeights));
    Require.atLeast(1, "the number of epochs", epochs);
    Require.atLeast(1, "the batch", batch);
    outputWeights.forEach(
        (name, weight) -> Require.notNegative("the weight of output " + name, weight));
  }

  /**
   * For small pictures: batches of 128, a learning rate of 0.1 along a cosine after one epoch of
   * warm-up, Nesterov's momentum 0.9, weight decay 5e-4 of kernels, crops and flips, seed 0.
   *
   * @param epochs passes over the pictures
   */
  public static Recipe standard(int epochs) {
    return new Recipe(
        epochs,
        128,
        Descent.of(
            0.1,
            Schedule.cosine().withWarmup(Math.min(1, epochs / 4.0)),
            Sgd.nesterov(0.9, Decay.ofKernels(5e-4))),
        new CrossEntropy(0),
        Augmentation.standard(),
        Freezing.nothing(),
        Selection.last(Metric.TOP1),
        Map.of(),
        0);
  }

  /** This recipe with another batch. */
  public Recipe withBatch(int other) {
    return new Recipe(
        epochs, other, descent, loss, augmentation, freezing, selection, outputWeights, seed);
  }

  /** This recipe with another way down. */
  public Recipe withDescent(Descent other) {
    return new Recipe(
        epochs, batch, other, loss, augmentation, freezing, selection, outputWeights, seed);
  }

  /** This recipe with another largest learning rate. */
  public Recipe withLearningRate(double other) {
    return withDescent(descent.withLearningRate(other));
  }

  /** This recipe with another schedule. */
  public Recipe withSchedule(Schedule other) {
    return withDescent(descent.withSchedule(other));
  }

  /** This recipe with another optimiser. */
  public Recipe withOptimizer(Optimizer other) {
    return withDescent(descent.withOptimizer(other));
  }

  /** This recipe with another label smoothing. */
  public Recipe withLabelSmoothing(double smoothing) {
    return withLoss(new CrossEntropy(smoothing, loss.weights()));
  }

  /** This recipe with other weights of the classes. */
  public Recipe withClassWeights(ClassWeights weights) {
    return withLoss(new CrossEntropy(loss.smoothing(), weights));
  }

  private Recipe withLoss(CrossEntropy other) {
    return new Recipe(
        epochs, batch, descent, other, augmentation, freezing, selection, outputWeights, seed);
  }

  /** This recipe with another augmentation. */
  public Recipe withAugmentation(Augmentation other) {
    return new Recipe(
        epochs, batch, descent, loss, other, freezing, selection, outputWeights, seed);
  }

  /** This recipe with other parts that stay as they are. */
  public Recipe withFreezing(Freezing other) {
    return new Recipe(
        epochs, batch, descent, loss, augmentation, other, selection, outputWeights, seed);
  }

  /** This recipe with another way to tell the best epoch. */
  public Recipe withSelection(Selection other) {
    return new Recipe(
        epochs, batch, descent, loss, augmentation, freezing, other, outputWeights, seed);
  }

  /** This recipe with other weights of the outputs' losses. */
  public Recipe withOutputWeights(Map<String, Double> other) {
    return new Recipe(epochs, batch, descent, loss, augmentation, freezing, selection, other, seed);
  }

  /** This recipe with another seed. */
  public Recipe withSeed(long other) {
    return new Recipe(
        epochs, batch, descent, loss, augmentation, freezing, selection, outputWeights, other);
  }
}
