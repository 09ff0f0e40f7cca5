package dev.depthwise.cli;

import dev.depthwise.catalogue.FetchListener;
import org.jspecify.annotations.Nullable;

/** Progress of a file that comes. */
final class FetchProgress implements FetchListener, AutoCloseable {
  private static final int MEBIBYTE = 1 << 20;

  private final Screen screen;
  private final String name;
  private @Nullable Progress progress;

  FetchProgress(Screen screen, String name) {
    this.screen = screen;
    this.name = name;
  }

  @Override
  public void at(long done, long total) {
    if (progress == null) {
      long whole = total < 0 ? total : (total + MEBIBYTE - 1) / MEBIBYTE;
      progress = new Progress(screen, name, whole, " MiB");
    }
    progress.at(done / MEBIBYTE);
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
