package dev.depthwise.training;

/**
 * Where a run stands after a step.
 *
 * @param epoch counted from 1
 * @param epochs of the run
 * @param step within the epoch, counted from 1
 * @param steps of an epoch
 * @param loss of this step, in nats
 * @param meanLoss of the epoch so far, over its pictures
 * @param accuracy of the epoch so far, in [0, 1]
 * @param learningRate of this step
 * @param gradientNorm the Euclidean norm of all gradients together, before clipping
 * @param imagesPerSecond of the epoch so far
 */
public record StepReport(
    int epoch,
    int epochs,
    int step,
    int steps,
    double loss,
    double meanLoss,
    double accuracy,
    double learningRate,
    double gradientNorm,
    double imagesPerSecond) {
  /** Steps since the run began, this one included. */
  public long totalSteps() {
    return (long) (epoch - 1) * steps + step;
  }
}
