package dev.depthwise.training;

/**
 * The numbers of a run grew beyond all bounds. Nothing of it was written; the checkpoint before it
 * stands.
 *
 * <p>The message is one line for the person who trains.
 */
public final class DivergenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with a line that says when it happened and what to do. */
  public DivergenceException(String message) {
    super(message);
  }
}
