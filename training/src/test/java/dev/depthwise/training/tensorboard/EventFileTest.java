package dev.depthwise.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.depthwise.vision.Picture;
import dev.depthwise.weights.WriteException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

class EventFileTest {
  @TempDir Path directory;

  private List<Event> only() throws IOException {
    assertThat(EventFiles.of(directory)).hasSize(1);
    return EventFiles.read(EventFiles.of(directory).get(0));
  }

  @Test
  void beginsWithItsVersionAndTheSession() throws IOException {
    double before = System.currentTimeMillis() / 1e3;
    EventFile.begin(directory, 7).close();

    List<Event> events = only();
    assertThat(events).hasSize(2);
    assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(events.get(0).getWallTime()).isBetween(before, before + 60);
    assertThat(events.get(1).getStep()).isEqualTo(7);
    assertThat(events.get(1).getSessionLog().getStatus()).isEqualTo(SessionLog.SessionStatus.START);
  }

  @Test
  void holdsTheValuesOfACurve() throws IOException {
    try (EventFile file = EventFile.begin(directory, 1)) {
      file.scalar("loss", 1, 2.5);
      file.scalar("loss", 1L << 40, Double.NaN);
    }

    List<Event> events = EventFiles.of(only(), "loss");
    assertThat(events).extracting(Event::getStep).containsExactly(1L, 1L << 40);
    assertThat(events)
        .extracting(event -> EventFiles.value(event).getSimpleValue())
        .containsExactly(2.5f, Float.NaN);
  }

  @Test
  void holdsAPicture() throws IOException {
    byte[] samples = new byte[3 * 5 * 4];
    new Random(1).nextBytes(samples);
    Picture picture = Picture.of(5, 4, 3, samples);
    try (EventFile file = EventFile.begin(directory, 1)) {
      file.picture("pictures", 3, picture);
    }

    Summary.Image image = EventFiles.value(EventFiles.of(only(), "pictures").get(0)).getImage();
    assertThat(image.getWidth()).isEqualTo(5);
    assertThat(image.getHeight()).isEqualTo(4);
    assertThat(image.getColorspace()).isEqualTo(3);
    var decoded =
        ImageIO.read(new ByteArrayInputStream(image.getEncodedImageString().toByteArray()));
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 5; x++) {
        assertThat(decoded.getRGB(x, y) & 0xffffff)
            .isEqualTo(
                picture.sample(x, y, 0) << 16
                    | picture.sample(x, y, 1) << 8
                    | picture.sample(x, y, 2));
      }
    }
  }

  @Test
  void holdsADistribution() throws IOException {
    float[] values = new float[1000];
    Random random = new Random(2);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[10] = 0;
    values[11] = 1e-20f;
    values[12] = -3e38f;
    try (EventFile file = EventFile.begin(directory, 1)) {
      file.histogram("weights", 3, Histogram.of(FloatBuffer.wrap(values)));
    }

    HistogramProto histogram = EventFiles.value(EventFiles.of(only(), "weights").get(0)).getHisto();
    double sum = 0;
    double squares = 0;
    double max = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
      max = Math.max(max, value);
    }
    assertThat(histogram.getNum()).isEqualTo(1000);
    assertThat(histogram.getMin()).isEqualTo(-3e38f);
    assertThat(histogram.getMax()).isEqualTo(max);
    assertThat(histogram.getSum()).isEqualTo(sum);
    assertThat(histogram.getSumSquares()).isEqualTo(squares);
    requireCounts(histogram, values);
  }

  /** Each bucket counts what lies between the limit before and its own. */
  private static void requireCounts(HistogramProto histogram, float[] values) {
    double lower = Double.NEGATIVE_INFINITY;
    for (int bucket = 0; bucket < histogram.getBucketCount(); bucket++) {
      double upper = histogram.getBucketLimit(bucket);
      assertThat(upper).isGreaterThan(lower);
      int count = 0;
      for (float value : values) {
        count += value >= lower && value < upper ? 1 : 0;
      }
      assertThat(histogram.getBucket(bucket)).as("bucket below " + upper).isEqualTo(count);
      if (count > 0 && Math.abs(upper) < 1e20 && Math.abs(upper) > 1e-11 && lower > -1e20) {
        assertThat(upper / lower)
            .satisfiesAnyOf(
                ratio -> assertThat(ratio).isCloseTo(1.1, within(1e-9)),
                ratio -> assertThat(1 / ratio).isCloseTo(1.1, within(1e-9)));
      }
      assertThat(bucket > 0 && count == 0 && histogram.getBucket(bucket - 1) == 0).isFalse();
      lower = upper;
    }
    assertThat(histogram.getBucketList().stream().mapToDouble(Double::doubleValue).sum())
        .isEqualTo(values.length);
  }

  @Test
  void leavesOutWhatIsNotFinite() {
    Histogram histogram =
        Histogram.of(FloatBuffer.wrap(new float[] {1, Float.NaN, Float.NEGATIVE_INFINITY, 3}));

    assertThat(histogram.count()).isEqualTo(2);
    assertThat(histogram.sum()).isEqualTo(4);
    assertThat(histogram.min()).isEqualTo(1);
    assertThat(Histogram.of(FloatBuffer.wrap(new float[] {Float.NaN})).max()).isZero();
  }

  @Test
  void isReadAfterTheFilesThereAre() throws IOException {
    Path future = directory.resolve("events.out.tfevents.9999999990.depthwise.1");
    Files.writeString(future, "");
    EventFile.begin(directory, 1).close();
    EventFile.begin(directory, 1).close();

    assertThat(EventFiles.of(directory)).hasSize(3).first().isEqualTo(future);
    assertThat(EventFiles.of(directory).get(2).getFileName().toString()).contains("9999999992");
  }

  @Test
  void aFullDiskIsSaidInOneLine() throws IOException {
    Configuration small =
        Configuration.unix().toBuilder().setBlockSize(512).setMaxSize(1024).build();
    try (FileSystem disk = Jimfs.newFileSystem(small)) {
      EventFile file = EventFile.begin(disk.getPath("run"), 1);
      for (int step = 1; step < 100; step++) {
        file.scalar("loss", step, 1);
      }

      assertThatThrownBy(file::force)
          .isInstanceOf(WriteException.class)
          .hasMessageStartingWith("could not write run/events.out.tfevents.")
          .hasMessageEndingWith("make room, or train without TensorBoard")
          .hasMessageNotContaining("\n");
    }
  }
}
