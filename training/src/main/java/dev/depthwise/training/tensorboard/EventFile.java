package dev.depthwise.training.tensorboard;

import com.google.protobuf.CodedOutputStream;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
import dev.depthwise.weights.WriteException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An event file: what happened at which step, as TensorBoard reads it. Its records are {@code
 * tensorflow.Event} messages of {@code event.proto}, its values those of {@code summary.proto}.
 */
final class EventFile implements AutoCloseable {
  /** TensorBoard reads the files of a directory in the order of their names. */
  private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10})\\..*");

  private static final String VERSION = "brain.Event:2";
  private static final long FLUSH_NANOS = 10_000_000_000L;

  private final Path path;
  private final RecordFile records;
  private long flushed = System.nanoTime();

  private EventFile(Path path, RecordFile records) {
    this.path = path;
    this.records = records;
  }

  /**
   * Begins a file that is read after those that the directory holds. What they say about a step
   * from here on is void.
   *
   * @param directory made if it is not there
   * @param step the first that the file may say something about
   */
  static EventFile begin(Path directory, long step) {
    try {
      Files.createDirectories(directory);
      // No host in the name, as others have it: asking for it may wait for a name server.
      Path path =
          directory.resolve(
              "events.out.tfevents.%010d.depthwise.%d"
                  .formatted(seconds(directory), ProcessHandle.current().pid()));
      EventFile file = new EventFile(path, RecordFile.create(path));
      file.append(0, event -> event.writeString(EventField.FILE_VERSION, VERSION));
      file.append(
          step, event -> event.writeByteArray(EventField.SESSION_LOG, message(EventFile::started)));
      return file;
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private static void started(CodedOutputStream session) throws IOException {
    session.writeEnum(SessionField.STATUS, SessionField.START);
  }

  /** The time, but later than that of every file there is. */
  private static long seconds(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      long newest =
          files
              .map(file -> NAME.matcher(String.valueOf(file.getFileName())))
              .filter(Matcher::matches)
              .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
              .max()
              .orElse(0);
      return Math.max(newest + 1, System.currentTimeMillis() / 1000);
    }
  }

  /** A value of a curve. */
  void scalar(String tag, long step, double value) {
    summary(tag, step, summary -> summary.writeFloat(ValueField.SIMPLE_VALUE, (float) value));
  }

  /** A distribution. */
  void histogram(String tag, long step, Histogram histogram) {
    byte[] message =
        message(
            field -> {
              field.writeDouble(HistogramField.MIN, histogram.min());
              field.writeDouble(HistogramField.MAX, histogram.max());
              field.writeDouble(HistogramField.NUM, (double) histogram.count());
              field.writeDouble(HistogramField.SUM, histogram.sum());
              field.writeDouble(HistogramField.SUM_SQUARES, histogram.sumOfSquares());
              field.writeByteArray(HistogramField.BUCKET_LIMIT, packed(histogram.limits()));
              field.writeByteArray(HistogramField.BUCKET, packed(histogram.counts()));
            });
    summary(tag, step, value -> value.writeByteArray(ValueField.HISTO, message));
  }

  /** A picture. */
  void picture(String tag, long step, Picture picture) {
    byte[] message =
        message(
            field -> {
              field.writeInt32(ImageField.HEIGHT, picture.height());
              field.writeInt32(ImageField.WIDTH, picture.width());
              field.writeInt32(ImageField.COLORSPACE, picture.channels());
              field.writeByteArray(ImageField.ENCODED_IMAGE_STRING, PictureWriter.png(picture));
            });
    summary(tag, step, value -> value.writeByteArray(ValueField.IMAGE, message));
  }

  private void summary(String tag, long step, Fields value) {
    byte[] tagged =
        message(
            field -> {
              field.writeString(ValueField.TAG, tag);
              value.write(field);
            });
    byte[] summary = message(field -> field.writeByteArray(SummaryField.VALUE, tagged));
    try {
      append(step, event -> event.writeByteArray(EventField.SUMMARY, summary));
      if (System.nanoTime() - flushed > FLUSH_NANOS) {
        records.flush();
        flushed = System.nanoTime();
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private void append(long step, Fields what) throws IOException {
    records.append(
        message(
            event -> {
              event.writeDouble(EventField.WALL_TIME, System.currentTimeMillis() / 1e3);
              event.writeInt64(EventField.STEP, step);
              what.write(event);
            }));
  }

  /** Brings what was added onto the disk. */
  void force() {
    try {
      records.force();
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  @Override
  public void close() {
    try {
      records.close();
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static WriteException failed(Path path, IOException e) {
    return new WriteException(
        "could not write %s: %s; make room, or train without TensorBoard"
            .formatted(path, e.getMessage()),
        e);
  }

  /** Writes the fields of a message. */
  @FunctionalInterface
  private interface Fields {
    void write(CodedOutputStream fields) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream coded = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(coded);
      coded.flush();
    } catch (IOException e) {
      throw new IllegalStateException("nothing is written to but memory", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] packed(double[] values) {
    return message(
        field -> {
          for (double value : values) {
            field.writeDoubleNoTag(value);
          }
        });
  }

  // The numbers of the fields, as event.proto, summary.proto and histogram.proto give them.

  private static final class EventField {
    static final int WALL_TIME = 1;
    static final int STEP = 2;
    static final int FILE_VERSION = 3;
    static final int SUMMARY = 5;
    static final int SESSION_LOG = 7;
  }

  private static final class SessionField {
    static final int STATUS = 1;
    static final int START = 1;
  }

  private static final class SummaryField {
    static final int VALUE = 1;
  }

  private static final class ValueField {
    static final int TAG = 1;
    static final int SIMPLE_VALUE = 2;
    static final int IMAGE = 4;
    static final int HISTO = 5;
  }

  private static final class ImageField {
    static final int HEIGHT = 1;
    static final int WIDTH = 2;
    static final int COLORSPACE = 3;
    static final int ENCODED_IMAGE_STRING = 4;
  }

  private static final class HistogramField {
    static final int MIN = 1;
    static final int MAX = 2;
    static final int NUM = 3;
    static final int SUM = 4;
    static final int SUM_SQUARES = 5;
    static final int BUCKET_LIMIT = 6;
    static final int BUCKET = 7;
  }
}
