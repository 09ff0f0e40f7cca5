package dev.depthwise.draw;

import java.util.List;

/**
 * A drawing, before it is a file.
 *
 * @param title for who cannot see it
 * @param width in pixels
 * @param height in pixels
 * @param marks the first is the lowest
 */
public record Scene(String title, double width, double height, List<Mark> marks) {
  /** Keeps a painted picture within an array of Java's. */
  static final int LARGEST = 30_000;

  public Scene {
    marks = List.copyOf(marks);
    if (!(width > 0 && height > 0 && width < 1e7 && height < 1e7)) {
      throw new IllegalArgumentException("a scene of %sx%s".formatted(width, height));
    }
  }
}
