package dev.depthwise.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Weights;
import dev.depthwise.training.EpochReport;
import dev.depthwise.training.RunDirectory;
import dev.depthwise.training.RunOutput;
import dev.depthwise.training.StepReport;
import dev.depthwise.training.Tiny;
import dev.depthwise.training.Trainer;
import dev.depthwise.training.TrainingListener;
import dev.depthwise.training.TrainingResult;
import dev.depthwise.training.TrainingRun;
import dev.depthwise.training.TrainingView;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

class TensorBoardTest {
  @TempDir Path folder;

  /** Three steps an epoch. */
  private static final int STEPS = 3;

  private Path out() {
    return folder.resolve("out");
  }

  private TrainingRun run() {
    return Tiny.run(4).withOutput(RunOutput.of(out()).withExisting(RunOutput.Existing.RESUME));
  }

  private TrainingResult fit(TrainingListener other) {
    try (TensorBoard board = new TensorBoard(RunDirectory.tensorBoard(out()))) {
      return Trainer.fit(run(), board.and(other));
    }
  }

  private List<Event> events(String part) throws IOException {
    List<Event> events = new ArrayList<>();
    for (Path file : EventFiles.of(RunDirectory.tensorBoard(out()).resolve(part))) {
      events.addAll(EventFiles.read(file));
    }
    return events;
  }

  @Test
  void tellsEachEpoch() throws IOException {
    List<EpochReport> history = fit(TrainingListener.NONE).history();

    List<Event> loss = EventFiles.of(events("training"), "epoch/loss");
    List<Event> accuracy = EventFiles.of(events("validation"), "epoch/accuracy");
    assertThat(loss).extracting(Event::getStep).containsExactly(3L, 6L, 9L, 12L);
    assertThat(accuracy).extracting(Event::getStep).containsExactly(3L, 6L, 9L, 12L);
    for (int epoch = 0; epoch < 4; epoch++) {
      EpochReport report = history.get(epoch);
      assertThat(EventFiles.value(loss.get(epoch)).getSimpleValue())
          .isEqualTo((float) report.trainingLoss());
      assertThat((Double) (double) EventFiles.value(accuracy.get(epoch)).getSimpleValue())
          .isCloseTo(report.validationAccuracy(), within(1e-6));
    }
  }

  @Test
  void tellsEachStep() throws IOException {
    List<StepReport> reports = new ArrayList<>();
    fit(
        new TrainingListener() {
          @Override
          public void onStep(StepReport report, TrainingView view) {
            reports.add(report);
          }
        });

    for (String tag : List.of("step/loss", "step/learning_rate", "step/gradient_norm")) {
      assertThat(EventFiles.of(events("training"), tag))
          .extracting(Event::getStep)
          .containsExactlyElementsOf(reports.stream().map(StepReport::totalSteps).toList());
    }
    assertThat(EventFiles.of(events("training"), "step/learning_rate"))
        .extracting(event -> EventFiles.value(event).getSimpleValue())
        .containsExactlyElementsOf(
            reports.stream().map(report -> (float) report.learningRate()).toList());
  }

  @Test
  void distributionsAreThoseOfTheParametersAndTheirGradients() throws IOException {
    Map<String, double[]> moments = new HashMap<>();
    fit(
        new TrainingListener() {
          @Override
          public void onStep(StepReport report, TrainingView view) {
            if (report.totalSteps() == 1 || report.step() == STEPS) {
              Weights weights = view.weights();
              for (Weights.Key key : view.trained()) {
                moments.put(
                    "weights/%s@%d".formatted(key, report.totalSteps()),
                    moments(weights.get(key).toArray()));
                moments.put(
                    "gradients/%s@%d".formatted(key, report.totalSteps()),
                    moments(view.gradient(key).toArray()));
              }
            }
          }
        });

    Map<String, double[]> found = new HashMap<>();
    for (Event event : events("training")) {
      if (event.hasSummary() && EventFiles.value(event).hasHisto()) {
        HistogramProto histogram = EventFiles.value(event).getHisto();
        found.put(
            EventFiles.value(event).getTag() + "@" + event.getStep(),
            new double[] {histogram.getNum(), histogram.getSum(), histogram.getSumSquares()});
      }
    }
    assertThat(found).hasSize(5 * 2 * 8).containsKey("gradients/fc/bias@12");
    assertThat(found.keySet()).isEqualTo(moments.keySet());
    found.forEach((tag, values) -> assertThat(values).as(tag).isEqualTo(moments.get(tag)));
  }

  private static double[] moments(float[] values) {
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    return new double[] {values.length, sum, squares};
  }

  @Test
  void picturesAreThoseOfEachEpochsFirstStep() throws IOException {
    List<int[]> samples = new ArrayList<>();
    fit(
        new TrainingListener() {
          @Override
          public void onStep(StepReport report, TrainingView view) {
            if (report.step() == 1) {
              int[] last = new int[64];
              for (int i = 0; i < 64; i++) {
                last[i] =
                    (int) Math.round(255 * (view.batch().pixels().get(15 * 64 + i) * 0.25 + 0.5));
              }
              samples.add(last);
            }
          }
        });

    List<Event> pictures = EventFiles.of(events("training"), "pictures");
    assertThat(pictures).extracting(Event::getStep).containsExactly(1L, 4L, 7L, 10L);
    for (int epoch = 0; epoch < 4; epoch++) {
      Summary.Image image = EventFiles.value(pictures.get(epoch)).getImage();
      BufferedImage sheet =
          ImageIO.read(new ByteArrayInputStream(image.getEncodedImageString().toByteArray()));
      assertThat(sheet.getWidth()).isEqualTo(4 * 9 - 1);
      assertThat(sheet.getHeight()).isEqualTo(4 * 9 - 1);
      for (int i = 0; i < 64; i++) {
        assertThat(sheet.getRaster().getSample(27 + i % 8, 27 + i / 8, 0))
            .isEqualTo(samples.get(epoch)[i]);
      }
    }
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void aRunThatGoesOnTellsNoStepTwice() throws IOException {
    assertThatThrownBy(
            () ->
                fit(
                    new TrainingListener() {
                      @Override
                      public void onEpoch(EpochReport report) {
                        // Epoch 3 is told, but has no checkpoint.
                        if (report.epoch() == 3) {
                          throw new Stopped();
                        }
                      }
                    }))
        .isInstanceOf(Stopped.class);
    List<EpochReport> history = fit(TrainingListener.NONE).history();

    assertThat(EventFiles.of(RunDirectory.tensorBoard(out()).resolve("training"))).hasSize(2);
    Map<Long, Float> loss = new TreeMap<>();
    for (Event event : events("training")) {
      // As TensorBoard does it: a session that starts takes back what was said of later steps.
      if (event.getSessionLog().getStatus() == SessionLog.SessionStatus.START) {
        loss.keySet().removeIf(step -> step >= event.getStep());
      }
      if (event.hasSummary() && EventFiles.value(event).getTag().equals("epoch/loss")) {
        assertThat(loss.put(event.getStep(), EventFiles.value(event).getSimpleValue())).isNull();
      }
    }
    assertThat(loss.values())
        .containsExactlyElementsOf(
            history.stream().map(report -> (float) report.trainingLoss()).toList());
  }

  @Test
  void whatAnEpochSaidIsThereBeforeItsCheckpoint() {
    fit(
        new TrainingListener() {
          @Override
          public void onCheckpoint(Path directory) {
            try {
              assertThat(EventFiles.of(events("training"), "epoch/loss"))
                  .last()
                  .extracting(Event::getStep)
                  .isEqualTo(
                      3L * Integer.parseInt(directory.getFileName().toString().substring(6)));
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }
        });
  }

  @Test
  void aRunKilledInItsFirstEpochBeginsAgainAndOverwritingRemovesIt() throws IOException {
    Path directory = RunDirectory.tensorBoard(out()).resolve("training");
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("events.out.tfevents.1000000000.depthwise.1"), "");

    fit(TrainingListener.NONE);

    assertThat(EventFiles.of(directory)).hasSize(2);
    Trainer.fit(
        run().withOutput(RunOutput.of(out()).withExisting(RunOutput.Existing.OVERWRITE)),
        TrainingListener.NONE);
    assertThat(directory).doesNotExist();
  }
}
