package dev.depthwise.interchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.engine.tck.Filler;
import dev.depthwise.engine.tck.TckModel;
import dev.depthwise.network.Add;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import dev.depthwise.zoo.Zoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is exported to ONNX is computed alike by ONNX Runtime, and comes back as a model that
 * computes the same; what is exported to Keras comes back so too.
 */
class ExportTest {
  private static final int COUNT = 2;
  private static final double TOLERANCE = 1e-5;

  private static final double HUGE = 1e12;
  private static final int DEEP = 1_000;

  /** How much the outputs of two pictures differ at least: more than what is tolerated. */
  private static final double DISTINCT = 1e-4;

  /** Larger ones take gigabytes; {@code -Dexport.all=true} runs them too. */
  private static final long MOST_PARAMETERS =
      Boolean.getBoolean("export.all") ? Long.MAX_VALUE : 12_000_000;

  @TempDir Path folder;

  static List<TckModel> operations() {
    return TckModel.all();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void operationsComputeTheSame(TckModel each) {
    verify(each.model(), "reference");
  }

  @Test
  void everyOperationIsAmongThem() {
    Set<Class<?>> used = new HashSet<>();
    operations()
        .forEach(
            each -> each.model().graph().nodes().forEach(node -> used.add(node.op().getClass())));

    assertThat(used).containsExactlyInAnyOrder(Op.class.getPermittedSubclasses());
  }

  static List<Arguments> architectures() {
    List<Arguments> cases = new ArrayList<>();
    for (Architecture architecture : Zoo.architectures()) {
      for (Style style : architecture.styles()) {
        Options options = Options.defaults().withStyle(style);
        if (!architecture.traits().auxiliary().isEmpty()) {
          options = options.withAuxiliary();
        }
        Graph graph = small(architecture, options);
        if (graph.parameters().values().stream().mapToLong(Shape::size).sum() <= MOST_PARAMETERS) {
          cases.add(Arguments.of(architecture.id(), style, graph));
        }
      }
    }
    return cases;
  }

  /** An architecture over small pictures, if it takes any. */
  private static Graph small(Architecture architecture, Options options) {
    int channels = architecture.graph(options).input().shape().channels();
    for (int side : new int[] {75, 107, 139}) {
      try {
        return architecture.graph(options.withInput(Shape.of(channels, side, side + 12)));
      } catch (InputException e) {
        // The next size, then.
      }
    }
    return architecture.graph(options);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("architectures")
  void architecturesComputeTheSame(String id, Style style, Graph graph) {
    verify(distinguishing(graph), "onednn");
  }

  /**
   * Random weights under which the outputs of two pictures differ by more than is tolerated: with
   * small ones, a deep network makes of all pictures the same, with large ones it overflows.
   */
  private static Model distinguishing(Graph graph) {
    float[] pictures = OnnxRuntime.pictures(COUNT, graph);
    if (graph.nodes().size() > DEEP) {
      // A thousand layers have no such weights; their blocks are those of the shallower ones.
      return new Model(graph, gentle(graph, Filler.weights(graph, 1.4)));
    }
    for (double gain : new double[] {1.4, 1.7, 2}) {
      Model model = new Model(graph, Filler.weights(graph, gain));
      boolean differ =
          OnnxRuntime.run("onednn", model, pictures, COUNT).values().stream()
              .allMatch(output -> Math.abs(output[0]) < HUGE && difference(output) > DISTINCT);
      if (differ) {
        return model;
      }
    }
    throw new AssertionError("no weights tell two pictures apart");
  }

  /** Weights under which each of very many blocks adds little. */
  private static Weights gentle(Graph graph, Weights weights) {
    Map<Weights.Key, Tensor> gentle = new LinkedHashMap<>(weights.tensors());
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Add) {
        Node last = graph.producer(node.inputs().get(0));
        for (Role role : new Role[] {Role.KERNEL, Role.SCALE}) {
          gentle.computeIfPresent(
              new Weights.Key(last.name(), role), (key, tensor) -> tenth(tensor));
        }
      }
    }
    return new Weights(gentle);
  }

  private static Tensor tenth(Tensor tensor) {
    float[] values = tensor.toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] *= 0.1f;
    }
    return Tensor.of(tensor.shape(), values);
  }

  /** How far the two halves of an output are apart. */
  private static double difference(float[] output) {
    int size = output.length / COUNT;
    return OnnxRuntime.difference(
        Arrays.copyOfRange(output, 0, size), Arrays.copyOfRange(output, size, 2 * size));
  }

  /** Operations that Keras has no layer for, or none that computes the same. */
  private static final Pattern NOT_IN_KERAS =
      Pattern.compile(
          "PadChannels|LocalResponseNorm|with gaps|has strides and dilation|zeros could be the"
              + " largest|leaves its padding out|approximates a GELU|has alpha|shares one slope");

  @ParameterizedTest
  @MethodSource("operations")
  void kerasKeepsOperations(TckModel each) {
    Path file = folder.resolve("model.h5");
    Model model = each.model();
    float[] pictures = OnnxRuntime.pictures(COUNT, model.graph());
    try {
      ModelFiles.writeKeras(file, model, "test");
    } catch (InputException e) {
      assertThat(e).hasMessageContaining("have no layer in Keras");
      assertThat(e.getMessage()).containsPattern(NOT_IN_KERAS);
      assertThat(file).doesNotExist();
      return;
    }
    verifySame(model, KerasReader.model(WeightFiles.open(file)), pictures, "reference");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("architectures")
  void kerasKeepsArchitectures(String id, Style style, Graph graph) {
    Path file = folder.resolve("model.h5");
    Model model = new Model(graph, Filler.weights(graph, 1.4));
    float[] pictures = OnnxRuntime.pictures(COUNT, graph);
    try {
      ModelFiles.writeKeras(file, model, id);
    } catch (InputException e) {
      assertThat(e.getMessage()).containsPattern(NOT_IN_KERAS);
      assertThat(style).isNotEqualTo(Style.KERAS);
      return;
    }
    if (graph.nodes().size() < DEEP) {
      verifySame(model, KerasReader.model(WeightFiles.open(file)), pictures, "onednn");
    }
  }

  private static void verifySame(Model model, Model read, float[] pictures, String engine) {
    List<float[]> expected = List.copyOf(OnnxRuntime.run(engine, model, pictures, COUNT).values());
    List<float[]> actual = List.copyOf(OnnxRuntime.run(engine, read, pictures, COUNT).values());
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(OnnxRuntime.difference(actual.get(i), expected.get(i))).isLessThan(TOLERANCE);
    }
  }

  @Test
  void theWeightsHaveOurNames() {
    Graph graph = Zoo.find("resnet20").graph(Options.defaults());
    Model model = TckModel.of(graph);
    Path file = folder.resolve("weights.onnx");
    ModelFiles.writeOnnx(file, model, "resnet20");

    assertThat(WeightFiles.read(file, graph)).isEqualTo(model.weights());
  }

  private void verify(Model model, String engine) {
    Path file = folder.resolve("model.onnx");
    Shape input = model.graph().input().shape();
    float[] pictures = OnnxRuntime.pictures(COUNT, model.graph());
    Map<String, float[]> ours = OnnxRuntime.run(engine, model, pictures, COUNT);

    ModelFiles.writeOnnx(file, model, "test");

    Map<String, float[]> theirs =
        OnnxRuntime.run(
            file,
            pictures,
            COUNT,
            input.dimensions().stream().mapToLong(Integer::longValue).toArray());
    assertThat(theirs.keySet()).isEqualTo(ours.keySet());
    Model read = OnnxReader.model(file);
    Map<String, float[]> back = OnnxRuntime.run(engine, read, pictures, COUNT);
    assertThat(back).hasSameSizeAs(ours);
    for (String name : ours.keySet()) {
      String same = ours.size() == 1 ? "output" : name;
      float[] expected = Objects.requireNonNull(theirs.get(name));
      float[] again = Objects.requireNonNull(back.get(same));
      float[] own = Objects.requireNonNull(ours.get(name));
      assertThat(OnnxRuntime.difference(own, expected))
          .as("%s against ONNX Runtime", name)
          .isLessThan(TOLERANCE);
      assertThat(OnnxRuntime.difference(again, expected))
          .as("%s, read again", name)
          .isLessThan(TOLERANCE);
    }
  }
}
