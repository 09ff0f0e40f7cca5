package dev.depthwise.network;

/**
 * Input from outside (a file, an option, a picture) that cannot be used.
 *
 * <p>The message is one line for the person who gave the input: what came, what was expected, what
 * to do. The command line prints it as it is and exits with code 2. Faults of the program itself
 * are {@link IllegalArgumentException} and {@link IllegalStateException} instead.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with a line that says what came, what was expected and what to do. */
  public InputException(String message) {
    super(message);
  }

  /** The same, keeping the fault of the layer below for a log. */
  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
