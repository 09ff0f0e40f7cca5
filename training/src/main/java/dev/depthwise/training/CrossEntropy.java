package dev.depthwise.training;

import dev.depthwise.vision.Targets;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * The negative logarithm of the probability that softmax gives the right class.
 *
 * <p>With label smoothing, the target is {@code 1 - smoothing} for the right class and {@code
 * smoothing / classes} for every class (Szegedy et al. 2015b, "Rethinking the Inception
 * Architecture", section 7; the mixture is with all classes, the right one included, as in
 * PyTorch). Of a mixed picture, two classes share the place of the right one.
 *
 * <p>With class weights, each class's part of the target is multiplied by its weight, and a batch
 * comes to the sum over its pictures divided by the sum of their classes' weights, so that weights
 * of one size change nothing. That is PyTorch's weighted mean; Keras' {@code class_weight} divides
 * by the number of pictures, so that its weights change the size of a step as well.
 *
 * <p>Computed in double precision and shifted by the largest logit, so that no logit is too large.
 *
 * @param smoothing in [0, 1)
 * @param weights what each class counts
 */
public record CrossEntropy(double smoothing, ClassWeights weights) {
  public CrossEntropy {
    Require.belowOne("label smoothing", smoothing);
  }

  /** All classes count the same. */
  public CrossEntropy(double smoothing) {
    this(smoothing, ClassWeights.equal());
  }

  /**
   * What a batch came to.
   *
   * @param loss mean over the batch, in nats; not finite if a logit is not
   * @param correct pictures whose largest logit is that of their class; of equal ones the first
   *     counts
   */
  public record Score(double loss, int correct) {}

  /**
   * The loss of a batch.
   *
   * @param logits at its position {@code classes} numbers for each picture; not moved
   * @param targets what the pictures show; of at least one
   */
  public Score score(FloatBuffer logits, Targets targets, int classes) {
    return score(logits, targets, classes, 0, logits, false);
  }

  /**
   * The loss of a batch and its derivative.
   *
   * @param logits at its position {@code classes} numbers for each picture; not moved
   * @param targets what the pictures show; of at least one
   * @param weight the derivative is multiplied by it, the loss is not
   * @param gradient takes at its position the derivative of the mean loss by each logit; not moved
   */
  public Score score(
      FloatBuffer logits, Targets targets, int classes, double weight, FloatBuffer gradient) {
    return score(logits, targets, classes, weight, gradient, true);
  }

  private Score score(
      FloatBuffer logits,
      Targets targets,
      int classes,
      double weight,
      FloatBuffer gradient,
      boolean differentiate) {
    int count = targets.labels().length;
    if (count < 1) {
      throw new IllegalArgumentException("a batch without a picture has no loss");
    }
    weights.require(classes);
    double divisor = 0;
    for (int row = 0; row < count; row++) {
      divisor += ownWeight(targets, row);
    }
    double smoothed = smoothing / classes;
    double weightOfAll = 0;
    for (int i = 0; i < classes; i++) {
      weightOfAll += weights.of(i);
    }
    double total = 0;
    int correct = 0;
    for (int row = 0; row < count; row++) {
      int label = Objects.checkIndex(targets.labels()[row], classes);
      int other = Objects.checkIndex(targets.others()[row], classes);
      double share = targets.shares()[row];
      int from = logits.position() + row * classes;
      int best = 0;
      double sumOfLogits = 0;
      for (int i = 0; i < classes; i++) {
        double logit = logits.get(from + i);
        best = logit > logits.get(from + best) ? i : best;
        sumOfLogits += weights.of(i) * logit;
      }
      double largest = logits.get(from + best);
      double sum = 0;
      for (int i = 0; i < classes; i++) {
        sum += StrictMath.exp(logits.get(from + i) - largest);
      }
      double logSum = largest + StrictMath.log(sum);
      double own =
          share * weights.of(label) * logits.get(from + label)
              + (1 - share) * weights.of(other) * logits.get(from + other);
      double weightOfTarget =
          weights.areEqual()
              ? 1
              : (1 - smoothing) * ownWeight(targets, row) + smoothed * weightOfAll;
      total +=
          weightOfTarget * logSum - (1 - smoothing) * own - smoothing * (sumOfLogits / classes);
      correct += best == label ? 1 : 0;
      if (differentiate) {
        int to = gradient.position() + row * classes;
        for (int i = 0; i < classes; i++) {
          double probability = StrictMath.exp(logits.get(from + i) - logSum);
          double target = smoothed;
          target += i == label ? (1 - smoothing) * share : 0;
          target += i == other ? (1 - smoothing) * (1 - share) : 0;
          double slope = weightOfTarget * probability - weights.of(i) * target;
          gradient.put(to + i, (float) (weight * slope / divisor));
        }
      }
    }
    return new Score(total / divisor, correct);
  }

  private double ownWeight(Targets targets, int row) {
    double share = targets.shares()[row];
    return share * weights.of(targets.labels()[row])
        + (1 - share) * weights.of(targets.others()[row]);
  }
}
