package dev.depthwise.engine.onednn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.engine.tck.Filler;
import dev.depthwise.network.Shape;
import dev.depthwise.weights.DataType;
import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.StoredTensor;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Style;
import dev.depthwise.zoo.Zoo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What another implementation computes with one architecture; see the README of the files.
 *
 * @param name of its files: {@code resnet50.keras}
 * @param numbers what it computed
 */
record Golden(String name, JsonNode numbers) {
  private static final Path FILES = Path.of("src", "test", "resources", "goldens");
  private static final int PICTURES = 0xFFFF;

  /** All of them. */
  static List<Golden> all() {
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .map(Golden::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Golden read(String name) {
    try {
      return new Golden(name, new ObjectMapper().readTree(FILES.resolve(name + ".json").toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Architecture architecture() {
    return Zoo.find(name.substring(0, name.indexOf('.')));
  }

  Style style() {
    return Style.parse(name.substring(name.indexOf('.') + 1));
  }

  private boolean channelsLast() {
    return style() == Style.KERAS;
  }

  /** Channels x height x width of pictures whose batch is described as an input. */
  Shape picture(JsonNode input) {
    int[] extents = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      extents[axis] = input.get(axis + 1).asInt();
    }
    return channelsLast()
        ? Shape.of(extents[2], extents[0], extents[1])
        : Shape.of(extents[0], extents[1], extents[2]);
  }

  /** Pictures by formula, in NCHW; the port's own layout says which number is drawn where. */
  float[] pictures(int count, Shape picture) {
    if (!channelsLast()) {
      return Filler.pictures(count, picture);
    }
    float[] pictures = new float[count * picture.size()];
    int channels = picture.channels();
    int drawn = 0;
    for (int number = 0; number < count; number++) {
      for (int row = 0; row < picture.height(); row++) {
        for (int column = 0; column < picture.width(); column++) {
          for (int channel = 0; channel < channels; channel++) {
            double saw = (row * (3 + channel) + column * (5 + 2 * number)) % 64 / 31.5 - 1.0;
            double noise = 2 * Filler.uniform(PICTURES, drawn++) - 1;
            int place = (number * channels + channel) * picture.height() + row;
            pictures[place * picture.width() + column] = (float) (0.5 * noise + 0.5 * saw);
          }
        }
      }
    }
    return pictures;
  }

  /** A file of the port's weights by formula; each tensor is computed when it is read. */
  NamedTensors tensors() {
    double gain = numbers.get("gain").asDouble();
    Path file = Path.of(name);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (List<String> row : rows("tensors")) {
      int number = Integer.parseInt(row.get(0));
      List<Long> dimensions =
          row.get(2).isEmpty()
              ? List.of()
              : Arrays.stream(row.get(2).split("x", -1)).map(Long::valueOf).toList();
      int size = (int) dimensions.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
      int fanIn = Integer.parseInt(row.get(4));
      tensors.put(
          row.get(1),
          new StoredTensor(
              file,
              row.get(1),
              DataType.F32,
              dimensions,
              () -> {
                ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES);
                for (int element = 0; element < size; element++) {
                  double uniform = Filler.uniform(number, element);
                  bytes.putFloat((float) value(row.get(3), fanIn, gain, uniform));
                }
                return bytes.flip();
              }));
    }
    return new NamedTensors(file, tensors, Map.of());
  }

  private static double value(String role, int fanIn, double gain, double uniform) {
    return switch (role) {
      case "kernel" -> (uniform - 0.5) * 2 * (gain * Math.sqrt(3.0 / fanIn));
      case "bias" -> 0.1 * uniform;
      case "gamma", "var" -> 0.8 + 0.4 * uniform;
      case "beta", "mean" -> (uniform - 0.5) * 0.2;
      // A network that divides its pictures by 255 sees those of the formula if it gets these.
      case "mean/255" -> (uniform - 0.5) * 0.2 / 255;
      case "var/255^2" -> (0.8 + 0.4 * uniform) / (255 * 255);
      case "zero" -> 0;
      default -> throw new IllegalArgumentException("no formula for " + role);
    };
  }

  /**
   * What a layer makes of the batch of two.
   *
   * @param layer its name in the port
   * @param shape of the batch in the port's layout
   * @param length of all its elements as one vector
   * @param values at every eighth
   */
  record Trace(String layer, List<Integer> shape, double length, List<Double> values) {}

  /** The layers in the order in which the port runs them. */
  List<Trace> trace() {
    List<Trace> trace = new ArrayList<>();
    for (List<String> row : rows("trace")) {
      trace.add(
          new Trace(
              row.get(0),
              Arrays.stream(row.get(1).split("x", -1)).map(Integer::valueOf).toList(),
              Double.parseDouble(row.get(2)),
              row.subList(3, row.size()).stream().map(Double::valueOf).toList()));
    }
    return trace;
  }

  /** An element of a batch that the engine made (NCHW), by its position in the port's layout. */
  double at(float[] batch, Shape shape, long position) {
    if (!channelsLast() || !shape.isPicture()) {
      return batch[(int) position];
    }
    int channel = (int) (position % shape.channels());
    long place = position / shape.channels();
    long places = (long) shape.height() * shape.width();
    return batch[(int) ((place / places * shape.channels() + channel) * places + place % places)];
  }

  private List<List<String>> rows(String table) {
    try {
      return Files.readAllLines(FILES.resolve("%s.%s.tsv".formatted(name, table))).stream()
          .filter(line -> !line.startsWith("#"))
          .map(line -> List.of(line.split("\t", -1)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
