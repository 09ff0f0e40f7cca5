package dev.depthwise.cli;

import org.jspecify.annotations.Nullable;

/** Progress of what is done to a data set, task after task, as it says itself. */
final class DataProgress implements dev.depthwise.vision.Progress, AutoCloseable {
  private final Screen screen;
  private @Nullable Progress progress;
  private String task = "";

  DataProgress(Screen screen) {
    this.screen = screen;
  }

  @Override
  public void at(String task, long done, long total) {
    if (progress == null || !task.equals(this.task)) {
      close();
      this.task = task;
      progress = new Progress(screen, task, total, " pictures");
    }
    progress.at(done);
    if (done == total) {
      close();
    }
  }

  @Override
  public void note(String remark) {
    close();
    screen.note(remark);
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }
}
