package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Add;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Dense;
import dev.depthwise.network.GlobalAveragePool;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Input;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Parameter;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Subsample;
import dev.depthwise.network.Value;
import dev.depthwise.network.Weights;
import dev.depthwise.network.Window;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The residual family against the papers, and layer by layer against the ports. */
class ResNetTest {
  private static final Options DEFAULTS = Options.defaults();

  @ParameterizedTest
  @CsvSource({
    "resnet18, 11689512, 1814073344",
    "resnet34, 21797672, 3663761408",
    "resnet50, 25557032, 4089184256",
    "resnet101, 44549160, 7801405440",
    "resnet152, 60192808, 11513626624",
    "resnext50_32x4d, 25028904, 4230479872",
    "resnext101_32x8d, 88791336, 16414015488",
    "wide_resnet50_2, 68883240, 11398021120",
    "wide_resnet101_2, 126886696, 22753050624"
  })
  void totalsAreTorchvisions(String id, long parameters, long multiplyAdds) {
    Cost cost = Cost.of(graph(id));

    assertThat(cost.learned()).isEqualTo(parameters);
    assertThat(cost.multiplyAdds()).isEqualTo(multiplyAdds);
  }

  @ParameterizedTest
  @CsvSource({
    "resnet50, 25583592, 53120, 3857973248",
    "resnet101, 44601832, 105344, 7570194432",
    "resnet152, 60268520, 151424, 11282415616"
  })
  void totalsAreKeras(String id, long parameters, long statistics, long multiplyAdds) {
    Cost cost = Cost.of(keras(id));

    assertThat(cost.learned()).isEqualTo(parameters);
    assertThat(cost.statistics()).isEqualTo(statistics);
    assertThat(cost.multiplyAdds()).isEqualTo(multiplyAdds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "resnet34", "resnet50", "resnet101", "resnet152"})
  void layersAreTorchvisions(String id) throws IOException {
    List<List<String>> actual = new ArrayList<>();
    for (Node node : graph(id).nodes()) {
      if (node.op() instanceof Conv2d) {
        actual.add(List.of(node.name(), "Conv2d", node.output().shape().toString()));
      } else if (node.op() instanceof Dense) {
        actual.add(List.of(node.name(), "Linear", node.output().shape().toString()));
      }
    }

    assertThat(actual).isEqualTo(table(id + ".torchvision.tsv"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "resnet50"})
  void parametersComeInTorchvisionsOrder(String id) throws IOException {
    List<List<String>> actual = new ArrayList<>();
    graph(id)
        .parameters()
        .forEach(
            (key, shape) ->
                actual.add(List.of(key.node() + "." + torchName(key.role()), shape.toString())));

    assertThat(actual).isEqualTo(table(id + ".torchvision.tensors.tsv"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet50", "resnet101", "resnet152"})
  void layersAndTheirWiringAreKeras(String id) throws IOException {
    Graph graph = keras(id);
    Set<List<String>> actual =
        graph.nodes().stream()
            .map(node -> kerasRow(graph, node))
            .collect(Collectors.toCollection(ResNetTest::sortedRows));
    Set<List<String>> expected = sortedRows();
    for (List<String> row : table(id + ".keras.tsv")) {
      String inputs = row.size() > 4 ? row.get(4) : "";
      expected.add(
          List.of(
              // The reference lists an old Keras' name of the last layer.
              row.get(0).equals("probs") ? "predictions" : kerasInput(row.get(0)),
              row.get(1),
              row.get(2),
              row.get(3),
              sorted(List.of(inputs.split(",")).stream().map(ResNetTest::kerasInput).toList())));
    }

    assertThat(actual).containsExactlyElementsOf(expected);
  }

  /** Those of Cadene's port, with its names; Hu et al. 2018, Table 2, has 28.1 million. */
  @Test
  void seResnet50IsCadenes() {
    Graph graph = graph("se_resnet50");

    assertThat(Cost.of(graph).learned()).isEqualTo(28_088_024);
    assertThat(
            graph.parameters().keySet().stream()
                .map(Weights.Key::node)
                .filter(name -> name.startsWith("layer0") || name.startsWith("layer1.0"))
                .distinct())
        .containsExactly(
            "layer0.conv1",
            "layer0.bn1",
            "layer1.0.conv1",
            "layer1.0.bn1",
            "layer1.0.conv2",
            "layer1.0.bn2",
            "layer1.0.conv3",
            "layer1.0.bn3",
            "layer1.0.se_module.fc1",
            "layer1.0.se_module.fc2",
            "layer1.0.downsample.0",
            "layer1.0.downsample.1");
    assertThat(node(graph, "layer4.2.se_module.fc1").output().shape())
        .isEqualTo(Shape.of(128, 1, 1));
    assertThat(node(graph, "last_linear").output().shape()).isEqualTo(Shape.of(1000));
    assertThat(strides(graph, "layer2.0.conv1")).containsEntry("layer2.0.conv1", 2);
  }

  /** Caffe's pooling hangs over: 113 rows give 57, where a padded one gives 56. */
  @Test
  void seResnet50PoolsAsCaffeDoes() {
    Options odd = DEFAULTS.withInput(Shape.of(3, 225, 227));

    assertThat(node(graph("se_resnet50"), "layer0.pool").output().shape())
        .isEqualTo(Shape.of(64, 56, 56));
    assertThat(node(Zoo.find("se_resnet50").graph(odd), "layer0.pool").output().shape())
        .isEqualTo(Shape.of(64, 56, 57));
  }

  @ParameterizedTest
  @CsvSource({
    "conv1/kernel, conv1_conv/kernel",
    "bn_conv1/moving_mean, conv1_bn/moving_mean",
    "res2a_branch1/bias, conv2_block1_0_conv/bias",
    "res2a_branch2a/kernel, conv2_block1_1_conv/kernel",
    "bn4f_branch2b/gamma, conv4_block6_2_bn/gamma",
    "bn5c_branch2c/beta, conv5_block3_3_bn/beta",
    "fc1000/kernel, predictions/kernel",
    "probs/bias, predictions/bias",
    "conv2_block1_1_conv/kernel, conv2_block1_1_conv/kernel"
  })
  void olderKerasNames(String former, String today) {
    assertThat(Zoo.find("resnet50").today(Style.KERAS).apply(former)).isEqualTo(today);
  }

  @Test
  void groupsAndWidths() {
    assertThat(node(graph("resnext50_32x4d"), "layer1.0.conv2").op())
        .isEqualTo(new Conv2d(128, Window.k(3).pad(1), 32, false));
    assertThat(node(graph("resnext101_32x8d"), "layer4.2.conv2").op())
        .isEqualTo(new Conv2d(2048, Window.k(3).pad(1), 32, false));
    assertThat(node(graph("wide_resnet50_2"), "layer2.0.conv2").op())
        .isEqualTo(new Conv2d(256, Window.k(3).stride(2).pad(1), 1, false));
  }

  @Test
  void batchNormsHaveTheirPortsConstants() {
    assertThat(batchNorms(graph("resnet50"))).containsOnly(new BatchNorm(1e-5, 0.1, true));
    assertThat(batchNorms(keras("resnet50"))).containsOnly(new BatchNorm(1.001e-5, 0.01, true));
  }

  @Test
  void theStrideSitsWhereThePortHasIt() {
    assertThat(strides(graph("resnet50"), "layer2.0"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "layer2.0.conv1", 1,
                "layer2.0.conv2", 2,
                "layer2.0.conv3", 1,
                "layer2.0.downsample.0", 2));
    assertThat(strides(keras("resnet50"), "conv3_block1"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "conv3_block1_1_conv", 2,
                "conv3_block1_2_conv", 1,
                "conv3_block1_3_conv", 1,
                "conv3_block1_0_conv", 2));
  }

  /** He et al. 2015, Table 6; He et al. 2016, Table 4 and Section 5. In millions. */
  @ParameterizedTest
  @CsvSource({
    "resnet20, 0.27, 0.005",
    "resnet32, 0.46, 0.005",
    "resnet44, 0.66, 0.005",
    "resnet56, 0.85, 0.005",
    "resnet110, 1.7, 0.05",
    "resnet1202, 19.4, 0.05",
    "resnet164, 1.7, 0.05"
  })
  void parametersAreThePapers(String id, double millions, double rounding) {
    assertThat(Cost.of(graph(id)).learned() / 1e6).isCloseTo(millions, within(rounding));
  }

  /**
   * He et al. 2016, Table 4, has 10.2 million for ResNet-1001, which are its kernels and the
   * classifier's biases; scales and shifts of batch norm are another 0.15 million.
   */
  @Test
  void parametersOfResnet1001AreThePapersWithoutBatchNorm() {
    Map<Role, Long> byRole =
        graph("resnet1001").parameters().entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    parameter -> parameter.getKey().role(),
                    Collectors.summingLong(parameter -> parameter.getValue().size())));

    assertThat(byRole)
        .containsEntry(Role.KERNEL, 10_178_480L)
        .containsEntry(Role.BIAS, 10L)
        .containsEntry(Role.SCALE, 74_608L)
        .containsEntry(Role.SHIFT, 74_608L);
  }

  @Test
  void resnet20IsKnownToTheLastParameter() {
    assertThat(Cost.of(graph("resnet20")).learned()).isEqualTo(269_722);
  }

  @ParameterizedTest
  @CsvSource({
    "resnet20, 9, 2",
    "resnet56, 27, 2",
    "resnet18, 8, 3",
    "resnet50, 16, 4",
    "resnet164, 54, 3"
  })
  void shortcutOptions(String id, int units, int changingUnits) {
    long body = convolutions(graph(id.replace("resnet", "plain")));

    assertThat(convolutions(graph(id, Shortcut.A))).isEqualTo(body);
    assertThat(convolutions(graph(id, Shortcut.B))).isEqualTo(body + changingUnits);
    assertThat(convolutions(graph(id, Shortcut.C))).isEqualTo(body + units);
    for (Shortcut shortcut : Shortcut.values()) {
      assertThat(ZooTest.count(graph(id, shortcut), Add.class, "")).isEqualTo(units);
    }
  }

  @Test
  void optionAHasThePlainTwinsParameters() {
    for (String depth : List.of("20", "50", "164")) {
      assertThat(graph("resnet" + depth, Shortcut.A).parameters())
          .isEqualTo(graph("plain" + depth).parameters());
    }
  }

  @Test
  void optionASubsamplesAndPads() {
    Graph graph = graph("resnet20");
    Node sum = node(graph, "layer2.0.add");

    Node padded = graph.producer(sum.inputs().get(1));
    Node picked = graph.producer(padded.inputs().get(0));

    assertThat(padded.output().shape()).isEqualTo(Shape.of(32, 16, 16));
    assertThat(picked.op()).isEqualTo(new Subsample(2));
    assertThat(picked.output().shape()).isEqualTo(Shape.of(16, 16, 16));
    assertThat(picked.inputs()).containsExactly(graph.value("layer1"));
  }

  @Test
  void aPlainTwinAddsNothing() {
    assertThat(ZooTest.count(graph("plain34"), Add.class, "")).isZero();
    assertThat(ZooTest.count(graph("plain1001"), Add.class, "")).isZero();
  }

  /** He et al. 2016, Fig. 4e: nothing but sums lies on the way through a stage. */
  @Test
  void preactivatedUnitsKeepAnIdentityPath() {
    Graph graph = graph("resnet164");
    Value before = graph.value("layer1.0");
    for (int unit = 1; unit < 18; unit++) {
      Node sum = node(graph, "layer1.%d.add".formatted(unit));
      assertThat(sum.inputs().get(1)).isEqualTo(before);
      before = sum.output();
    }
    assertThat(before).isEqualTo(graph.value("layer1"));
  }

  /** The appendix of He et al. 2016: the first activation comes before the paths part. */
  @Test
  void aChangingPreactivatedUnitSharesItsActivation() {
    Graph graph = graph("resnet164");
    Node activation = node(graph, "layer2.0.relu");

    assertThat(node(graph, "layer2.0.downsample.0").inputs())
        .containsExactly(activation.output())
        .isEqualTo(node(graph, "layer2.0.conv1").inputs());
    assertThat(graph.producer(node(graph, "bn").inputs().get(0)).op()).isInstanceOf(Add.class);
  }

  @Test
  void outputsOfStagesAndUnitsAreTapped() {
    Graph graph = graph("resnet50");

    assertThat(graph.value("layer1").shape()).isEqualTo(Shape.of(256, 56, 56));
    assertThat(graph.value("layer4").shape()).isEqualTo(Shape.of(2048, 7, 7));
    assertThat(graph.value("layer2.3")).isEqualTo(graph.value("layer2"));
    assertThat(keras("resnet50").value("conv4_block6").shape()).isEqualTo(Shape.of(1024, 14, 14));
  }

  /** Araujo et al. 2019, "Computing Receptive Fields of Convolutional Neural Networks": 483. */
  @Test
  void receptiveFieldsOfTheStemAndTheLastUnit() {
    assertThat(field(graph("resnet50"), "maxpool")).isEqualTo(11);
    assertThat(field(keras("resnet50"), "conv5_block3_out")).isEqualTo(483);
    // With the stride in the 3x3, that 3x3 still looks at the finer picture.
    assertThat(field(graph("resnet50"), "layer4.2.add")).isEqualTo(427);
  }

  private static int field(Graph graph, String name) {
    return Cost.of(graph)
        .layers()
        .get(node(graph, name).output().index())
        .receptiveField()
        .height();
  }

  private static Graph graph(String id) {
    return Zoo.find(id).graph(DEFAULTS);
  }

  private static Graph graph(String id, Shortcut shortcut) {
    return Zoo.find(id).graph(DEFAULTS.withShortcut(shortcut));
  }

  private static Graph keras(String id) {
    return Zoo.find(id).graph(DEFAULTS.withStyle(Style.KERAS));
  }

  private static Node node(Graph graph, String name) {
    return graph.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no node " + name));
  }

  private static long convolutions(Graph graph) {
    return ZooTest.count(graph, Conv2d.class, "");
  }

  private static List<Op> batchNorms(Graph graph) {
    return graph.nodes().stream().map(Node::op).filter(BatchNorm.class::isInstance).toList();
  }

  private static Map<String, Integer> strides(Graph graph, String unit) {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Conv2d && node.name().startsWith(unit))
        .collect(
            Collectors.toMap(Node::name, node -> node.op().view().orElseThrow().strideHeight()));
  }

  private static String torchName(Role role) {
    return switch (role) {
      case KERNEL, SCALE, SLOPE -> "weight";
      case LAYER_SCALE -> "layer_scale";
      case BIAS, SHIFT -> "bias";
      case MEAN -> "running_mean";
      case VARIANCE -> "running_var";
    };
  }

  private static List<String> kerasRow(Graph graph, Node node) {
    int parameters = node.parameters().stream().map(Parameter::shape).mapToInt(Shape::size).sum();
    return List.of(
        node.name(),
        kerasKind(node.op()),
        node.output().shape().toString(),
        String.valueOf(parameters),
        sorted(node.inputs().stream().map(value -> graph.producer(value).name()).toList()));
  }

  private static String kerasKind(Op op) {
    Map<Class<? extends Op>, String> kinds =
        Map.of(
            Input.class, "InputLayer",
            Conv2d.class, "Conv2D",
            BatchNorm.class, "BatchNormalization",
            Relu.class, "Activation",
            Add.class, "Add",
            MaxPool.class, "MaxPooling2D",
            GlobalAveragePool.class, "GlobalAveragePooling2D",
            Dense.class, "Dense");
    return Objects.requireNonNull(kinds.get(op.getClass()), () -> "no Keras layer is " + op);
  }

  private static String kerasInput(String name) {
    return name.equals("input_1") ? "input" : name;
  }

  private static String sorted(List<String> names) {
    return names.stream().sorted().collect(Collectors.joining(","));
  }

  private static Set<List<String>> sortedRows() {
    return new TreeSet<>(Comparator.comparing(Object::toString));
  }

  private static List<List<String>> table(String name) throws IOException {
    try (InputStream file =
            Objects.requireNonNull(ResNetTest.class.getResourceAsStream("/reference/" + name));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> List.of(line.split("\t")))
          .toList();
    }
  }
}
