package dev.depthwise.training;

import org.jspecify.annotations.Nullable;

/**
 * How good a network is on the validation pictures.
 *
 * @param loss mean cross entropy, in nats, without smoothing
 * @param top1 fraction of pictures whose class has the largest score, in [0, 1]
 * @param top5 fraction of pictures whose class is among the five largest scores; null for five
 *     classes or fewer
 * @param precision averaged over classes, in [0, 1]
 * @param recall averaged over classes, in [0, 1]
 * @param f1 averaged over classes, in [0, 1]
 */
public record Scores(
    double loss, double top1, @Nullable Double top5, double precision, double recall, double f1) {
  static Scores of(Evaluation evaluation) {
    return new Scores(
        evaluation.loss(),
        evaluation.top1(),
        evaluation.top5().isPresent() ? evaluation.top5().getAsDouble() : null,
        evaluation.precision(),
        evaluation.recall(),
        evaluation.f1());
  }
}
