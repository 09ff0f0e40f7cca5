package dev.depthwise.training;

import dev.depthwise.network.InputException;
import dev.depthwise.vision.Augmentation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a network is trained: all that the result depends on, besides the network and the pictures.
 *
 * @param epochs passes over the pictures; at least 1
 * @param batch pictures in a step; at least 1
 * @param learningRate at its largest; positive
 * @param schedule how it changes
 * @param optimizer how parameters follow their gradients
 * @param loss of every output
 * @param augmentation how pictures are varied
 * @param outputWeights what each output's loss counts, by name; an output that is not named counts
 *     1 if it is the principal one and 0 if not
 * @param seed keys the order of the pictures, their augmentation and dropout
 */
public record Recipe(
    int epochs,
    int batch,
    double learningRate,
    Schedule schedule,
    Optimizer optimizer,
    CrossEntropy loss,
    Augmentation augmentation,
    Map<String, Double> outputWeights,
    long seed) {
  public Recipe {
    outputWeights = Collections.unmodifiableMap(new LinkedHashMap<>(outputWeights));
    if (epochs < 1) {
      throw new InputException("the number of epochs must be at least 1, was " + epochs);
    }
    if (batch < 1) {
      throw new InputException("the batch must be at least 1, was " + batch);
    }
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new InputException("the learning rate must be positive, was " + learningRate);
    }
    outputWeights.forEach(
        (name, weight) -> {
          if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new InputException(
                "the weight of output %s must be 0 or larger, was %s".formatted(name, weight));
          }
        });
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
        0.1,
        Schedule.cosine().withWarmup(Math.min(1, epochs / 4.0)),
        new Sgd(0.9, true, 5e-4, false),
        new CrossEntropy(0),
        Augmentation.standard(),
        Map.of(),
        0);
  }

  /** This recipe with another batch. */
  public Recipe withBatch(int other) {
    return new Recipe(
        epochs, other, learningRate, schedule, optimizer, loss, augmentation, outputWeights, seed);
  }

  /** This recipe with another largest learning rate. */
  public Recipe withLearningRate(double other) {
    return new Recipe(
        epochs, batch, other, schedule, optimizer, loss, augmentation, outputWeights, seed);
  }

  /** This recipe with another schedule. */
  public Recipe withSchedule(Schedule other) {
    return new Recipe(
        epochs, batch, learningRate, other, optimizer, loss, augmentation, outputWeights, seed);
  }

  /** This recipe with another optimiser. */
  public Recipe withOptimizer(Optimizer other) {
    return new Recipe(
        epochs, batch, learningRate, schedule, other, loss, augmentation, outputWeights, seed);
  }

  /** This recipe with another label smoothing. */
  public Recipe withLabelSmoothing(double smoothing) {
    return new Recipe(
        epochs,
        batch,
        learningRate,
        schedule,
        optimizer,
        new CrossEntropy(smoothing),
        augmentation,
        outputWeights,
        seed);
  }

  /** This recipe with another augmentation. */
  public Recipe withAugmentation(Augmentation other) {
    return new Recipe(
        epochs, batch, learningRate, schedule, optimizer, loss, other, outputWeights, seed);
  }

  /** This recipe with other weights of the outputs' losses. */
  public Recipe withOutputWeights(Map<String, Double> other) {
    return new Recipe(
        epochs, batch, learningRate, schedule, optimizer, loss, augmentation, other, seed);
  }

  /** This recipe with another seed. */
  public Recipe withSeed(long other) {
    return new Recipe(
        epochs, batch, learningRate, schedule, optimizer, loss, augmentation, outputWeights, other);
  }
}
