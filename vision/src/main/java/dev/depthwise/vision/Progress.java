package dev.depthwise.vision;

/** Hears how a longer task goes on: called now and then, by one thread at a time. */
@FunctionalInterface
public interface Progress {
  /** Does not listen. */
  Progress NONE = (task, done, total) -> {};

  /**
   * So much is done.
   *
   * @param task what is being done, such as "checking pictures"
   * @param done pictures
   * @param total pictures; -1 where that is not known yet
   */
  void at(String task, long done, long total);

  /** A remark for the person who waits, one line. */
  default void note(String remark) {}
}
