package dev.depthwise.interchange;

/** A part of a model that cannot be expressed here; it is told together with the others. */
final class Unsupported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with half a sentence on what the part does. */
  Unsupported(String message) {
    super(message);
  }
}
