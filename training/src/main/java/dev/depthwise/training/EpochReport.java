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
 * @param validationLoss mean over the validation pictures after the epoch, in nats, without
 *     smoothing; null without validation
 * @param validationAccuracy fraction of them that were right, in [0, 1]; null without validation
 * @param seconds the epoch took, validation included
 * @param imagesPerSecond trained on, validation not included
 * @param waiting fraction of the time of its steps that the training thread waited for pictures, in
 *     [0, 1]
 */
public record EpochReport(
    int epoch,
    double learningRate,
    double trainingLoss,
    double trainingAccuracy,
    @Nullable Double validationLoss,
    @Nullable Double validationAccuracy,
    double seconds,
    double imagesPerSecond,
    double waiting) {}
