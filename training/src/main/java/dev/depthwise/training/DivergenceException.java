package dev.depthwise.training;

import java.util.Optional;

/**
 * The numbers of a run grew beyond all bounds. Nothing of it was written; the checkpoint before it
 * stands.
 *
 * <p>The message is one line for the person who trains.
 */
public final class DivergenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String layer;

  /**
   * Creates one with a line that says when it happened, where, and what to do.
   *
   * @param layer the name of the layer where it began, or "" if that is not known
   */
  public DivergenceException(String message, String layer) {
    super(message);
    this.layer = layer;
  }

  /** The layer where it began, if that is known. */
  public Optional<String> layer() {
    return layer.isEmpty() ? Optional.empty() : Optional.of(layer);
  }
}
