package dev.depthwise.training;

import org.jspecify.annotations.Nullable;

/**
 * What an epoch came to.
 *
 * @param epoch counted from 1
 * @param learningRate of its last step
 * @param trainingLoss mean over the epoch's pictures as they were trained on (varied and mixed,
 *     labels smoothed, classes weighted), in nats, outputs weighted
 * @param trainingAccuracy fraction of them that were right when their turn came, in [0, 1]
 * @param validation how good the network is after the epoch; null without validation
 * @param seconds the epoch took, validation included; since it was resumed, if it was
 * @param imagesPerSecond trained on, validation not included
 * @param waiting fraction of the time of its steps that the training thread waited for pictures, in
 *     [0, 1]
 */
public record EpochReport(
    int epoch,
    double learningRate,
    double trainingLoss,
    double trainingAccuracy,
    @Nullable Scores validation,
    double seconds,
    double imagesPerSecond,
    double waiting) {
  /** The mean loss over the validation pictures, in nats; null without validation. */
  public @Nullable Double validationLoss() {
    return validation == null ? null : validation.loss();
  }

  /** The fraction of validation pictures that were right, in [0, 1]; null without validation. */
  public @Nullable Double validationAccuracy() {
    return validation == null ? null : validation.top1();
  }
}
