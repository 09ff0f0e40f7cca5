package dev.depthwise.cli;

import java.util.List;

/** Shows two networks as they learn: two lines that change in place, or a line now and then. */
final class TwinsScreen {
  private static final String LEVELS = "▁▂▃▄▅▆▇█";
  private static final String PLAIN_LEVELS = "_.-=+*#%";
  private static final int SPARK = 24;

  /** About ten lines over the run. */
  private static final int LINES = 10;

  private final Screen screen;
  private final Twins twins;
  private final boolean live;
  private boolean drawn;
  private int printed;

  TwinsScreen(Screen screen, Twins twins) {
    this.screen = screen;
    this.twins = twins;
    live = screen.outTerminal() && screen.hasColors();
  }

  /** Trains both and shows it. */
  void train() {
    twins.train(this::watch);
    if (live) {
      draw();
    } else if (printed < LINES) {
      line();
    }
  }

  private void watch() {
    if (live) {
      draw();
      return;
    }
    Twins.Twin slower =
        twins.residual().done() < twins.plain().done() ? twins.residual() : twins.plain();
    if (slower.done() * LINES / slower.steps() > printed) {
      printed = slower.done() * LINES / slower.steps();
      line();
    }
  }

  private void draw() {
    String up = drawn ? "\u001b[2A" : "";
    screen.out().print(up + shown(twins.residual(), Screen.Tone.FIRST));
    screen.out().print(shown(twins.plain(), Screen.Tone.SECOND));
    screen.out().flush();
    drawn = true;
  }

  private String shown(Twins.Twin twin, Screen.Tone tone) {
    return "\r\u001b[K  %s\n".formatted(text(twin, tone));
  }

  private void line() {
    screen.line("  " + text(twins.residual(), Screen.Tone.FIRST));
    screen.line("  " + text(twins.plain(), Screen.Tone.SECOND));
  }

  private String text(Twins.Twin twin, Screen.Tone tone) {
    List<Double> losses = twin.losses();
    if (losses.isEmpty()) {
      return "%-8s  compiling".formatted(twin.name());
    }
    return "%-8s  step %4d/%d  loss %.3f  accuracy %5.1f %%  %s"
        .formatted(
            twin.name(),
            twin.done(),
            twin.steps(),
            losses.get(losses.size() - 1),
            100 * twin.accuracy(),
            screen.toned(tone, spark(losses, twin.steps())));
  }

  /** The loss so far as a little curve, of which a whole run fills the width. */
  private String spark(List<Double> losses, int steps) {
    double most = losses.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    String levels = screen.unicode() ? LEVELS : PLAIN_LEVELS;
    StringBuilder spark = new StringBuilder();
    for (int column = 0; column < SPARK; column++) {
      int step = (int) ((long) (column + 1) * steps / SPARK) - 1;
      if (step >= 0 && step < losses.size()) {
        int level = (int) (losses.get(step) / most * (levels.length() - 1) + 0.5);
        spark.append(levels.charAt(Math.max(0, Math.min(levels.length() - 1, level))));
      }
    }
    return spark.toString();
  }
}
