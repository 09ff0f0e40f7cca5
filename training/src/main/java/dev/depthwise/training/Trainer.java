package dev.depthwise.training;

/** The training loop. */
public final class Trainer {
  private Trainer() {}

  /**
   * Trains a network.
   *
   * <p>May be called by several threads at a time; each run has executables of its own.
   *
   * @throws dev.depthwise.network.InputException if the output directory holds a run and that was
   *     neither to be resumed nor overwritten, or if the run to be resumed is another; if a picture
   *     is broken
   * @throws DivergenceException if the loss is no number any more
   */
  @SuppressWarnings("DoNotCallSuggester")
  public static TrainingResult fit(TrainingRun run, TrainingListener listener) {
    throw new UnsupportedOperationException("under way");
  }
}
