package dev.depthwise.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.weights.Request;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Pooling;
import dev.depthwise.zoo.Style;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Architectures of the zoo, with weights that came through the mapping of the ports' own files,
 * against what the ports compute.
 */
class GoldenLogitsTest {
  private static final double TOLERANCE = 1e-5;

  /** A layer that is further off than rounding in any of the goldens. */
  private static final double WRONG = 1e-4;

  static List<Golden> goldens() {
    return Golden.all();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void logits(Golden golden) {
    boolean heads = golden.numbers().has("auxiliary");
    Options options = heads ? options(golden).withAuxiliary() : options(golden);
    Model model = model(golden, options);

    List<float[]> outputs = run(golden, model, golden.numbers().get("input"));

    List<String> names = List.copyOf(model.graph().outputs().keySet());
    List<String> faults = new ArrayList<>();
    faults.addAll(faults("output", outputs.get(0), golden.numbers().get("output")));
    for (int head = 1; head < names.size(); head++) {
      faults.addAll(
          faults(
              names.get(head), outputs.get(head), golden.numbers().get("auxiliary").get(head - 1)));
    }
    assertThat(faults).as(() -> "%s; %s".formatted(golden, firstToDiffer(golden, model))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void featuresOfAnOddSize(Golden golden) {
    JsonNode odd = golden.numbers().path("notop_avg_161x193");
    if (odd.isMissingNode()) {
      return;
    }
    Shape picture = golden.picture(odd.get("input"));
    Options options = options(golden).withInput(picture);
    Model maps = model(golden, options.withoutTop(Pooling.NONE));
    Model pooled = model(golden, options.withoutTop(Pooling.AVG));

    float[] features = run(golden, maps, odd.get("input")).get(0);
    Shape shape = maps.graph().output().shape();
    double[] values = values(odd.get("features").get("probe8"));
    double[] found =
        IntStream.range(0, values.length)
            .mapToDouble(
                eighth -> golden.at(features, shape, (long) eighth * shape.size() / values.length))
            .toArray();

    double length = odd.get("features").get("l2").asDouble();
    // Eight values may all be small beside the others, which round off at the others' scale.
    double typical = length * Math.sqrt(values.length / (double) features.length);
    assertThat(distance(found, values) * Math.min(1, length(values) / typical))
        .as("%s features", golden)
        .isLessThan(TOLERANCE);
    assertThat(Math.abs(length(features) - length) / length).isLessThan(TOLERANCE);
    assertThat(faults("pooled", run(golden, pooled, odd.get("input")).get(0), odd.get("pooled")))
        .isEmpty();
  }

  /** The tool that names the layer must name the right one. */
  @Test
  void theTraceNamesTheFirstLayerThatDiffers() {
    Golden golden = Golden.read("resnet18.torchvision");
    Model model = model(golden, options(golden));
    Weights.Key key = new Weights.Key("layer2.0.bn1", Role.SHIFT);
    Map<Weights.Key, Tensor> changed = new LinkedHashMap<>(model.weights().tensors());
    changed.put(key, Tensor.filled(model.weights().get(key).shape(), 0.5f));

    assertThat(firstToDiffer(golden, model)).isEqualTo("no layer differs from the trace");
    assertThat(firstToDiffer(golden, new Model(model.graph(), new Weights(changed))))
        .startsWith("the first layer that differs is layer2.0.bn1 (");
  }

  static Options options(Golden golden) {
    return Options.defaults()
        .withStyle(golden.style())
        .withInput(golden.picture(golden.numbers().get("input")));
  }

  static Model model(Golden golden, Options options) {
    Graph graph = golden.architecture().graph(options);
    Graph whole = golden.architecture().whole(options);
    UnaryOperator<String> today = golden.architecture().today(golden.style());
    return new Model(
        graph,
        WeightFiles.select(golden.tensors(), Request.of(graph).within(whole).renaming(today)));
  }

  static List<float[]> run(Golden golden, Model model, JsonNode input) {
    int count = input.get(0).asInt();
    Shape picture = model.graph().input().shape();
    List<float[]> outputs = new ArrayList<>();
    try (Executable executable =
        new OnednnEngine().compile(model, CompileOptions.batch(count).withThreads(1))) {
      executable.run(FloatBuffer.wrap(golden.pictures(count, picture)), count);
      for (String name : executable.outputs().keySet()) {
        FloatBuffer values = executable.output(name);
        float[] copy = new float[values.remaining()];
        values.get(copy);
        outputs.add(copy);
      }
    }
    return outputs;
  }

  /** What is wrong with the outputs for some pictures. */
  private static List<String> faults(String name, float[] found, JsonNode pictures) {
    List<String> faults = new ArrayList<>();
    int size = found.length / pictures.size();
    for (int number = 0; number < pictures.size(); number++) {
      JsonNode expected = pictures.get(number);
      int from = number * size;
      double error = error(found, from, size, expected);
      if (!(error < TOLERANCE)) {
        faults.add("%s of picture %d is off by %.2g".formatted(name, number, error));
      }
      if (expected.has("top5")) {
        List<Integer> best =
            IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparing((Integer index) -> -found[from + index]))
                .limit(5)
                .toList();
        List<Integer> known = new ArrayList<>();
        expected.get("top5").forEach(index -> known.add(index.asInt()));
        if (!best.equals(known)) {
          faults.add("%s of picture %d: %s, not %s".formatted(name, number, best, known));
        }
      }
    }
    return faults;
  }

  /** The relative error of an output: of its first elements, or of its length. */
  static double error(float[] found, int from, int size, JsonNode expected) {
    double[] first = values(expected.get("first16"));
    double[] begin =
        IntStream.range(0, first.length).mapToDouble(index -> found[from + index]).toArray();
    double length = expected.get("l2").asDouble();
    double actual =
        Math.sqrt(
            IntStream.range(from, from + size)
                .mapToDouble(i -> found[i] * (double) found[i])
                .sum());
    return Math.max(distance(begin, first), Math.abs(actual - length) / length);
  }

  private static String firstToDiffer(Golden golden, Model model) {
    List<String> layers = new ArrayList<>();
    List<Golden.Trace> traces = new ArrayList<>();
    List<String> known = model.graph().nodes().stream().map(node -> node.name()).toList();
    for (Golden.Trace trace : golden.trace()) {
      layer(golden, trace.layer(), known)
          .ifPresent(
              layer -> {
                layers.add(layer);
                traces.add(trace);
              });
    }
    if (layers.isEmpty()) {
      return "the trace has no layer of this network";
    }
    List<String> distinct = layers.stream().distinct().toList();
    Model tapped = model.withOutputs(distinct);
    List<float[]> outputs = run(golden, tapped, golden.numbers().get("input"));
    for (int index = 0; index < layers.size(); index++) {
      Golden.Trace trace = traces.get(index);
      float[] found = outputs.get(distinct.indexOf(layers.get(index)));
      Shape shape = tapped.graph().value(layers.get(index)).shape();
      double[] expected = trace.values().stream().mapToDouble(Double::doubleValue).toArray();
      double[] values =
          IntStream.range(0, expected.length)
              .mapToDouble(
                  eighth -> golden.at(found, shape, (long) eighth * found.length / expected.length))
              .toArray();
      double error =
          Math.max(
              distance(values, expected),
              Math.abs(length(found) - trace.length()) / trace.length());
      if (!(error < WRONG)) {
        return "the first layer that differs is %s (by %.2g; %s, there %s)"
            .formatted(layers.get(index), error, shape, trace.shape());
      }
    }
    return "no layer differs from the trace";
  }

  /** The node that makes what a layer of the trace makes. */
  private static Optional<String> layer(Golden golden, String layer, List<String> nodes) {
    String separator = golden.style() == Style.KERAS ? "/" : ".";
    String renamed =
        golden.architecture().today(golden.style()).apply(layer + separator + "kernel");
    String today = renamed.substring(0, renamed.length() - "/kernel".length());
    return List.of(today, today + "/pointwise").stream().filter(nodes::contains).findFirst();
  }

  private static double[] values(JsonNode list) {
    double[] values = new double[list.size()];
    for (int index = 0; index < values.length; index++) {
      values[index] = list.get(index).asDouble();
    }
    return values;
  }

  /** The relative distance of two vectors. */
  private static double distance(double[] found, double[] expected) {
    double square = 0;
    double scale = 0;
    for (int index = 0; index < expected.length; index++) {
      square += (found[index] - expected[index]) * (found[index] - expected[index]);
      scale += expected[index] * expected[index];
    }
    return square == 0 ? 0 : Math.sqrt(square / scale);
  }

  private static double length(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
  }

  private static double length(float[] values) {
    double square = 0;
    for (float value : values) {
      square += (double) value * value;
    }
    return Math.sqrt(square);
  }
}
