package dev.depthwise.training.tensorboard;

import dev.depthwise.network.Weights;
import dev.depthwise.training.EpochReport;
import dev.depthwise.training.StepReport;
import dev.depthwise.training.TrainingListener;
import dev.depthwise.training.TrainingRun;
import dev.depthwise.training.TrainingView;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run for TensorBoard ({@code tensorboard --logdir DIRECTORY}): curves, the distributions
 * of weights and gradients, and pictures as the network sees them.
 *
 * <p>The directory gets two parts, {@code training} and {@code validation}, whose curves
 * TensorBoard draws into one chart. Steps are counted over the whole run.
 *
 * <ul>
 *   <li>{@code epoch/...}: loss and accuracy, and how fast the epoch was
 *   <li>{@code step/...}: loss, learning rate, norm of the gradients, speed; at most a hundred
 *       times an epoch
 *   <li>{@code weights/...}, {@code gradients/...}: distributions, after the first step of the run
 *       and after each epoch; what is not finite is left out
 *   <li>{@code pictures}: the first ones of each epoch, varied as they were trained on
 * </ul>
 *
 * <p>A run that goes on begins new files, and what older ones say about the steps that are done
 * again is void. What an epoch said is on the disk before its checkpoint is.
 */
public final class TensorBoard implements TrainingListener, AutoCloseable {
  private static final int STEPS_TOLD = 100;

  private final Path directory;
  private @Nullable TrainingRun run;
  private @Nullable EventFile training;
  private @Nullable EventFile validation;
  private long step;

  /**
   * Writes into a directory, once the run takes its first step.
   *
   * @param directory made if it is not there
   */
  public TensorBoard(Path directory) {
    this.directory = directory;
  }

  @Override
  public void onStart(TrainingRun begun, List<EpochReport> history) {
    run = begun;
  }

  /**
   * @throws dev.depthwise.weights.WriteException if it could not be written
   */
  @Override
  public void onStep(StepReport report, TrainingView view) {
    step = report.totalSteps();
    TrainingRun begun = Objects.requireNonNull(run, "the run has not begun");
    EventFile file = training == null ? begin(begun) : training;
    boolean isFirst = report.step() == 1;
    boolean isLast = report.step() == report.steps();
    if (isFirst) {
      file.picture(
          "pictures",
          step,
          ContactSheet.of(
              view.batch().pixels(), view.batch().count(), begun.network().preprocessing()));
    }
    if (isFirst || isLast || report.step() % Math.max(1, report.steps() / STEPS_TOLD) == 0) {
      file.scalar("step/loss", step, report.loss());
      file.scalar("step/learning_rate", step, report.learningRate());
      file.scalar("step/gradient_norm", step, report.gradientNorm());
      file.scalar("step/images_per_second", step, report.imagesPerSecond());
    }
    if (step == 1 || isLast) {
      distributions(file, view);
    }
  }

  private EventFile begin(TrainingRun begun) {
    training = EventFile.begin(directory.resolve("training"), step);
    if (begun.validation().isPresent()) {
      validation = EventFile.begin(directory.resolve("validation"), step);
    }
    return training;
  }

  private void distributions(EventFile file, TrainingView view) {
    Weights weights = view.weights();
    for (Weights.Key key : view.trained()) {
      file.histogram("weights/" + key, step, Histogram.of(weights.get(key).values()));
      file.histogram("gradients/" + key, step, Histogram.of(view.gradient(key).values()));
    }
  }

  /**
   * @throws dev.depthwise.weights.WriteException if it could not be written
   */
  @Override
  public void onEpoch(EpochReport report) {
    if (training != null) {
      training.scalar("epoch/loss", step, report.trainingLoss());
      training.scalar("epoch/accuracy", step, report.trainingAccuracy());
      training.scalar("epoch/images_per_second", step, report.imagesPerSecond());
      training.scalar("epoch/waiting", step, report.waiting());
      training.force();
    }
    if (validation != null && report.validationLoss() != null) {
      validation.scalar("epoch/loss", step, report.validationLoss());
      validation.scalar(
          "epoch/accuracy", step, Objects.requireNonNull(report.validationAccuracy()));
      validation.force();
    }
  }

  @Override
  public void close() {
    try {
      if (training != null) {
        training.close();
      }
    } finally {
      if (validation != null) {
        validation.close();
      }
    }
  }
}
