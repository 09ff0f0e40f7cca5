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

  /** What a picture is called, in errors and lists; a file's path where it has one. */
  default String title(int index) {
    return "picture %d of %s".formatted(index, name());
  }

  /**
   * A number that is the same for pictures of the same size, channels and samples, whatever their
   * files, and another for all others (but for a chance that does not matter).
   *
   * @throws dev.depthwise.network.InputException if its file is broken
   */
  default long fingerprint(int index) {
    return Inspection.fingerprint(picture(index));
  }

  /**
   * Whether neighbours lie together on a disk: an epoch then takes them 8,192 at a time, in runs of
   * 128 neighbours from all over the data set, and shuffles those; else it shuffles all at once.
   */
  default boolean sequential() {
    return false;
  }
}
