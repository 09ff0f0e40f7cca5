package dev.depthwise.engine.tck;

import static dev.depthwise.engine.tck.Closeness.assertClose;
import static dev.depthwise.engine.tck.Closeness.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Whole networks of the zoo on filled weights, against torchvision in double precision. */
final class GoldenLogits {
  private GoldenLogits() {}

  static void verify(Engine engine, String id, double tolerance) {
    JsonNode golden = Resources.json("golden_logits.json").get(id);
    Graph graph = Zoo.find(id).graph(Options.defaults());
    Model model = new Model(graph, Filler.weights(graph, golden.get("gain").asDouble()));
    Shape picture = graph.input().shape();
    JsonNode images = golden.get("images");
    CompileOptions options = CompileOptions.batch(images.size()).withThreads(2);
    try (Executable network = engine.compile(model, options)) {
      network.run(FloatBuffer.wrap(Filler.pictures(images.size(), picture)), images.size());
      double[] logits = doubles(network.output("output"));
      int classes = graph.output().shape().size();
      for (int index = 0; index < images.size(); index++) {
        verify(logits, index * classes, classes, images.get(index), tolerance);
      }
    }
  }

  private static void verify(
      double[] logits, int from, int classes, JsonNode expected, double tolerance) {
    JsonNode first = expected.get("first16");
    double[] actual = new double[first.size()];
    double[] known = new double[first.size()];
    for (int index = 0; index < known.length; index++) {
      actual[index] = logits[from + index];
      known[index] = first.get(index).asDouble();
    }
    assertClose("the first logits", actual, known, tolerance);
    double length =
        Math.sqrt(
            IntStream.range(from, from + classes).mapToDouble(i -> logits[i] * logits[i]).sum());
    double knownLength = expected.get("l2").asDouble();
    assertThat(length).as("length").isCloseTo(knownLength, within(tolerance * knownLength));
    List<Integer> best =
        IntStream.range(0, classes)
            .boxed()
            .sorted(Comparator.comparing((Integer each) -> -logits[from + each]))
            .limit(5)
            .toList();
    List<Integer> knownBest =
        IntStream.range(0, 5)
            .map(index -> expected.get("top5").get(index).asInt())
            .boxed()
            .toList();
    assertThat(best).as("the five largest").isEqualTo(knownBest);
  }
}
