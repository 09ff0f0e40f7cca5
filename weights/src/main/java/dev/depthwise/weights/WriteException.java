package dev.depthwise.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Something could not be written (the disk is full, permission is missing), and nothing was
 * changed.
 *
 * <p>The message is one line for the person who asked for it.
 */
public final class WriteException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  /** Creates one with a line that says what could not be written and why. */
  public WriteException(String message, IOException cause) {
    super(message, cause);
  }

  @Override
  public synchronized IOException getCause() {
    return Objects.requireNonNull(super.getCause());
  }
}
