package dev.depthwise.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** Reads event files with TensorFlow's own classes, and with checksums bit by bit. */
final class EventFiles {
  private static final int POLYNOMIAL = 0x82f63b78;

  private EventFiles() {}

  /** The files of a directory, in the order in which TensorBoard reads them. */
  static List<Path> of(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  /** The events of a file. */
  static List<Event> read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      assertThat(bytes.getInt()).as("checksum of a length").isEqualTo(masked(length));
      byte[] data =
          new byte
              [Math.toIntExact(ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong())];
      bytes.get(data);
      assertThat(bytes.getInt()).as("checksum of data").isEqualTo(masked(data));
      events.add(Event.parseFrom(data));
    }
    return events;
  }

  private static int masked(byte[] data) {
    int crc = -1;
    for (byte one : data) {
      crc ^= one & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * POLYNOMIAL);
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  /** The only value of an event, which belongs to a tag. */
  static Summary.Value value(Event event) {
    assertThat(event.getSummary().getValueList()).hasSize(1);
    return event.getSummary().getValue(0);
  }

  /** The events of a tag. */
  static List<Event> of(List<Event> events, String tag) {
    return events.stream()
        .filter(Event::hasSummary)
        .filter(event -> value(event).getTag().equals(tag))
        .toList();
  }
}
