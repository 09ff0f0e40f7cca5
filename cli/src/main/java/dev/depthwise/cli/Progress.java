package dev.depthwise.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far a task is: a bar where a person looks at the error stream, else a plain line every now
 * and then. A bar vanishes when it is closed.
 */
final class Progress implements AutoCloseable {
  private static final long QUIET_NANOS = 20_000_000_000L;
  private static final int REFRESH_MILLIS = 250;

  private final Screen screen;
  private final String task;
  private final long total;
  private final @Nullable ProgressBar bar;
  private long lastLine = System.nanoTime();

  /**
   * Begins a task.
   *
   * @param task what it is called
   * @param total how much there is; -1 where that is not known
   * @param unit what is counted, such as " pictures"
   */
  Progress(Screen screen, String task, long total, String unit) {
    this.screen = screen;
    this.task = task;
    this.total = total;
    bar =
        screen.errTerminal()
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(unit, 1)
                .setStyle(
                    screen.unicode() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(screen.err(), screen.width() - 1))
                .hideEta()
                .clearDisplayOnFinish()
                .build()
            : null;
  }

  /** So much is done. */
  void at(long done) {
    at(done, "");
  }

  /** So much is done, and how it goes. */
  void at(long done, String remark) {
    if (bar != null) {
      bar.setExtraMessage(remark);
      bar.stepTo(done);
    } else if (System.nanoTime() - lastLine > QUIET_NANOS) {
      lastLine = System.nanoTime();
      String of = total < 0 ? "" : " of %d".formatted(total);
      screen.note("%s  %d%s  %s".formatted(task, done, of, remark).stripTrailing());
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
