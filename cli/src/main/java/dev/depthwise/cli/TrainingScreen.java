package dev.depthwise.cli;

import dev.depthwise.training.EpochReport;
import dev.depthwise.training.Metric;
import dev.depthwise.training.Selection;
import dev.depthwise.training.StepReport;
import dev.depthwise.training.TrainingListener;
import dev.depthwise.training.TrainingResult;
import dev.depthwise.training.TrainingRun;
import dev.depthwise.training.TrainingView;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows a training run: a bar within an epoch, a line after it, and at the end what to do next. */
final class TrainingScreen implements TrainingListener, AutoCloseable {
  private final Screen screen;
  private final boolean json;
  private final String out;
  private final String data;
  private final boolean hasTest;
  private final long begin = System.nanoTime();
  private int epochs;
  private Selection selection = Selection.last(Metric.TOP1);
  private int resumed;
  private @Nullable Progress progress;
  private @Nullable ProgressSeries validation;

  /**
   * Shows a run.
   *
   * @param json whether results are for a program
   * @param out where the run goes, as it was given
   * @param data as it was given
   * @param hasTest whether there is a part to test on
   */
  TrainingScreen(Screen screen, boolean json, String out, String data, boolean hasTest) {
    this.screen = screen;
    this.json = json;
    this.out = out;
    this.data = data;
    this.hasTest = hasTest;
  }

  @Override
  public void onStart(TrainingRun run, List<EpochReport> history) {
    epochs = run.recipe().epochs();
    selection = run.recipe().selection();
    if (!history.isEmpty()) {
      screen.note("goes on after epoch %d of %d".formatted(history.size(), epochs));
      resumed = history.size();
    }
  }

  @Override
  public void onNote(String note) {
    closeBars();
    screen.note(note);
  }

  @Override
  public void onStep(StepReport report, TrainingView view) {
    if (progress == null) {
      progress =
          new Progress(
              screen, "epoch %d/%d".formatted(report.epoch(), report.epochs()), report.steps(), "");
    }
    progress.at(
        report.step(),
        "loss %.3f  %.1f %%  %,.0f pictures/s  %s left"
            .formatted(
                report.meanLoss(),
                100 * report.accuracy(),
                report.imagesPerSecond(),
                Durations.text(secondsLeft(report))));
  }

  private double secondsLeft(StepReport report) {
    double spent = (System.nanoTime() - begin) / 1e9;
    double steps = (double) (report.epoch() - 1 - resumed) * report.steps() + report.step();
    double left = (double) (report.epochs() - report.epoch() + 1) * report.steps() - report.step();
    return spent / steps * left;
  }

  @Override
  public void onValidation(int finished, int total) {
    if (progress != null) {
      progress.close();
      progress = null;
    }
    if (validation == null) {
      validation = new ProgressSeries(screen, "validation");
    }
    validation.at(finished, total);
  }

  @Override
  public void onEpoch(EpochReport report) {
    closeBars();
    if (json) {
      screen.line(
          Json.line(
              Json.object(
                  "event", "epoch",
                  "epoch", report.epoch(),
                  "epochs", epochs,
                  "learningRate", report.learningRate(),
                  "trainingLoss", report.trainingLoss(),
                  "trainingAccuracy", report.trainingAccuracy(),
                  "validationLoss", report.validationLoss(),
                  "validationAccuracy", report.validationAccuracy(),
                  "seconds", report.seconds(),
                  "imagesPerSecond", report.imagesPerSecond())));
      return;
    }
    Double accuracy = report.validationAccuracy();
    Double loss = report.validationLoss();
    String validated =
        accuracy == null || loss == null
            ? ""
            : "  validation %s loss %.4f"
                .formatted(
                    screen.toned(Screen.Tone.STRONG, "%6.2f %%".formatted(100 * accuracy)), loss);
    screen.line(
        "epoch %s  training %6.2f %% loss %.4f%s  %,6.0f pictures/s  %s"
            .formatted(
                "%%%dd/%%d"
                    .formatted(String.valueOf(epochs).length())
                    .formatted(report.epoch(), epochs),
                100 * report.trainingAccuracy(),
                report.trainingLoss(),
                validated,
                report.imagesPerSecond(),
                Durations.text(report.seconds())));
  }

  @Override
  public void onEnd(TrainingResult result) {
    closeBars();
    double seconds = (System.nanoTime() - begin) / 1e9;
    boolean cancelled = result.ending() == TrainingResult.Ending.CANCELLED;
    int done = result.history().size();
    if (cancelled) {
      screen.note(
          "stopped after %d whole %s; to go on: the same command with --resume"
              .formatted(done, done == 1 ? "epoch" : "epochs"));
    }
    if (json) {
      screen.line(
          Json.line(
              Json.object(
                  "event",
                  "end",
                  "ending",
                  result.ending().name().toLowerCase(Locale.ROOT),
                  "model",
                  out,
                  "epochs",
                  done,
                  "bestEpoch",
                  result.best().map(EpochReport::epoch).orElse(null),
                  "validationAccuracy",
                  done == 0 ? null : result.history().get(done - 1).validationAccuracy(),
                  "seconds",
                  seconds)));
      return;
    }
    if (cancelled) {
      return;
    }
    screen.line("");
    screen.line("The model is in %s, after %s.".formatted(out, Durations.text(seconds)));
    if (result.ending() == TrainingResult.Ending.STOPPED_EARLY) {
      screen.line("It stopped early, after epoch %d.".formatted(done));
    }
    result.best().filter(best -> best.epoch() != done).ifPresent(best -> sayBest(best.epoch()));
    screen.line("Next:");
    if (hasTest) {
      screen.line("  depthwise evaluate %s --data %s".formatted(out, data));
    }
    screen.line("  depthwise classify %s PICTURE...".formatted(out));
    screen.line("  depthwise summary %s".formatted(out));
  }

  private void sayBest(int best) {
    screen.line(
        selection.restoreBest()
            ? "It is that of epoch %d, the best by %s in validation."
                .formatted(best, selection.metric())
            : "It is that of the last epoch; the best by %s in validation was epoch %d."
                .formatted(selection.metric(), best));
  }

  private void closeBars() {
    if (progress != null) {
      progress.close();
      progress = null;
    }
    if (validation != null) {
      validation.close();
      validation = null;
    }
  }

  @Override
  public void close() {
    closeBars();
  }
}
