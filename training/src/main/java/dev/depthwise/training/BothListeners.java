package dev.depthwise.training;

import java.nio.file.Path;
import java.util.List;

/** Tells two listeners everything, one after the other. */
record BothListeners(TrainingListener first, TrainingListener second) implements TrainingListener {
  @Override
  public void onStart(TrainingRun run, List<EpochReport> history) {
    first.onStart(run, history);
    second.onStart(run, history);
  }

  @Override
  public void onNote(String note) {
    first.onNote(note);
    second.onNote(note);
  }

  @Override
  public void onStep(StepReport report, TrainingView view) {
    first.onStep(report, view);
    second.onStep(report, view);
  }

  @Override
  public void onValidation(int done, int total) {
    first.onValidation(done, total);
    second.onValidation(done, total);
  }

  @Override
  public void onEpoch(EpochReport report) {
    first.onEpoch(report);
    second.onEpoch(report);
  }

  @Override
  public void onCheckpoint(Path directory) {
    first.onCheckpoint(directory);
    second.onCheckpoint(directory);
  }

  @Override
  public void onEnd(TrainingResult result) {
    first.onEnd(result);
    second.onEnd(result);
  }
}
