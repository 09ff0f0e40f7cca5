package dev.depthwise.training;

import java.util.OptionalDouble;

/**
 * How parameters follow the gradient of the loss downwards, step by step.
 *
 * @param learningRate at its largest; positive
 * @param schedule how it changes
 * @param optimizer how parameters follow their gradients
 * @param accumulation how many batches a step takes together, as if they were one large batch (but
 *     for batch norm, which looks at each on its own, and class weights, which are shared out
 *     within each); at least 1
 * @param clipping the largest norm that all gradients of a step may have together; what is longer
 *     is shortened to it (Pascanu et al. 2013, "On the difficulty of training recurrent neural
 *     networks", algorithm 1); positive
 * @param averaging how long weights are remembered in their exponential moving average, in (0, 1):
 *     0.999 averages over about the last thousand steps. The average is what is evaluated and what
 *     comes out; batch norms' statistics are as they are
 */
public record Descent(
    double learningRate,
    Schedule schedule,
    Optimizer optimizer,
    int accumulation,
    OptionalDouble clipping,
    OptionalDouble averaging) {
  public Descent {
    Require.positive("the learning rate", learningRate);
    Require.atLeast(1, "the number of batches in a step", accumulation);
    clipping.ifPresent(norm -> Require.positive("the largest norm of the gradients", norm));
    averaging.ifPresent(
        decay -> {
          Require.positive("the average's decay", decay);
          Require.belowOne("the average's decay", decay);
        });
  }

  /** One batch a step, gradients as they are. */
  public static Descent of(double learningRate, Schedule schedule, Optimizer optimizer) {
    return new Descent(
        learningRate, schedule, optimizer, 1, OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** The same with another largest learning rate. */
  public Descent withLearningRate(double other) {
    return new Descent(other, schedule, optimizer, accumulation, clipping, averaging);
  }

  /** The same with another schedule. */
  public Descent withSchedule(Schedule other) {
    return new Descent(learningRate, other, optimizer, accumulation, clipping, averaging);
  }

  /** The same with another optimiser. */
  public Descent withOptimizer(Optimizer other) {
    return new Descent(learningRate, schedule, other, accumulation, clipping, averaging);
  }

  /** The same with so many batches in a step. */
  public Descent withAccumulation(int batches) {
    return new Descent(learningRate, schedule, optimizer, batches, clipping, averaging);
  }

  /** The same with gradients of at most this norm. */
  public Descent withClipping(double norm) {
    return new Descent(
        learningRate, schedule, optimizer, accumulation, OptionalDouble.of(norm), averaging);
  }

  /** The same with weights averaged. */
  public Descent withAveraging(double decay) {
    return new Descent(
        learningRate, schedule, optimizer, accumulation, clipping, OptionalDouble.of(decay));
  }
}
