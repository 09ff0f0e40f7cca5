package dev.depthwise.training;

import dev.depthwise.network.InputException;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * The negative logarithm of the probability that softmax gives the right class, with label
 * smoothing: the target is {@code 1 - smoothing} for the right class and {@code smoothing /
 * classes} for every class (Szegedy et al. 2015b, "Rethinking the Inception Architecture", section
 * 7; the mixture is with all classes, the right one included, as in PyTorch).
 *
 * <p>Computed in double precision and shifted by the largest logit, so that no logit is too large.
 *
 * @param smoothing in [0, 1)
 */
public record CrossEntropy(double smoothing) {
  public CrossEntropy {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new InputException(
          "label smoothing must be at least 0 and less than 1, was " + smoothing);
    }
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
   * @param logits at its position {@code count * classes} numbers; not moved
   * @param labels the right class of each picture; only the first {@code count} are read
   * @param count pictures, at least 1
   */
  public Score score(FloatBuffer logits, int[] labels, int count, int classes) {
    return score(logits, labels, count, classes, 0, logits, false);
  }

  /**
   * The loss of a batch and its derivative.
   *
   * @param logits at its position {@code count * classes} numbers; not moved
   * @param labels the right class of each picture; only the first {@code count} are read
   * @param count pictures, at least 1
   * @param weight the derivative is multiplied by it, the loss is not
   * @param gradient takes at its position the derivative of the mean loss by each logit; not moved
   */
  public Score score(
      FloatBuffer logits,
      int[] labels,
      int count,
      int classes,
      double weight,
      FloatBuffer gradient) {
    return score(logits, labels, count, classes, weight, gradient, true);
  }

  private Score score(
      FloatBuffer logits,
      int[] labels,
      int count,
      int classes,
      double weight,
      FloatBuffer gradient,
      boolean differentiate) {
    if (count < 1 || labels.length < count) {
      throw new IllegalArgumentException(
          "%d pictures with %d labels".formatted(count, labels.length));
    }
    double total = 0;
    int correct = 0;
    double each = smoothing / classes;
    for (int row = 0; row < count; row++) {
      int label = Objects.checkIndex(labels[row], classes);
      int from = logits.position() + row * classes;
      int best = 0;
      double mean = 0;
      for (int i = 0; i < classes; i++) {
        double logit = logits.get(from + i);
        best = logit > logits.get(from + best) ? i : best;
        mean += logit;
      }
      mean /= classes;
      double largest = logits.get(from + best);
      double sum = 0;
      for (int i = 0; i < classes; i++) {
        sum += StrictMath.exp(logits.get(from + i) - largest);
      }
      double logSum = largest + StrictMath.log(sum);
      total += logSum - (1 - smoothing) * logits.get(from + label) - smoothing * mean;
      correct += best == label ? 1 : 0;
      if (differentiate) {
        int to = gradient.position() + row * classes;
        for (int i = 0; i < classes; i++) {
          double probability = StrictMath.exp(logits.get(from + i) - logSum);
          double target = each + (i == label ? 1 - smoothing : 0);
          gradient.put(to + i, (float) (weight * (probability - target) / count));
        }
      }
    }
    return new Score(total / count, correct);
  }
}
