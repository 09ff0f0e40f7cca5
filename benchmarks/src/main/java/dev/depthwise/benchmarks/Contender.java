package dev.depthwise.benchmarks;

/** One side of a comparison: it trains the same network on the same batch, step after step. */
interface Contender extends AutoCloseable {
  String name();

  /** One whole step: forward, loss, backward, update. Gives the loss. */
  double step();

  @Override
  void close();
}
