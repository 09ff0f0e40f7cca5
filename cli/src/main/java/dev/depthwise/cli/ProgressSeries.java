package dev.depthwise.cli;

import org.jspecify.annotations.Nullable;

/** Progress of a task that says only as it goes how much there is, perhaps in several parts. */
final class ProgressSeries implements AutoCloseable {
  private final Screen screen;
  private final String task;
  private @Nullable Progress progress;

  ProgressSeries(Screen screen, String task) {
    this.screen = screen;
    this.task = task;
  }

  /** So many of so many pictures are done. */
  void at(int done, int total) {
    if (progress == null) {
      progress = new Progress(screen, task, total, " pictures");
    }
    progress.at(done);
    if (done == total) {
      close();
    }
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }
}
