package dev.depthwise.vision;

import java.util.List;

/**
 * Labelled pictures by index. Implementations may be read by several threads at once.
 *
 * <p>Pictures of one data set may differ in size and channels; a {@link Preprocessor} brings them
 * to what a network takes.
 */
public interface Dataset {
  /** What progress and errors call it. */
  String name();

  /** The classes' names; a label is an index into them. */
  List<String> labels();

  /** How many pictures there are; at least 1. */
  int size();

  /** The class of a picture, without reading the picture. */
  int label(int index);

  /**
   * A picture.
   *
   * @throws dev.depthwise.network.InputException if its file is broken
   */
  Picture picture(int index);
}
