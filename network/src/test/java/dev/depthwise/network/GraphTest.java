package dev.depthwise.network;

import static dev.depthwise.network.Blocks.adaptiveAveragePool;
import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Blocks.separable;
import static dev.depthwise.network.Blocks.sequential;
import static dev.depthwise.network.Blocks.softmax;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the language writes, and what a graph does with it. */
class GraphTest {
  private static final Shape PICTURE = Shape.of(3, 8, 8);

  private static Graph graph(Block... parts) {
    return Graph.of(PICTURE, ".", chain(parts));
  }

  private static List<String> names(Graph graph) {
    return graph.nodes().stream().map(Node::name).toList();
  }

  @Test
  void aChainIsWiredInOrder() {
    Graph graph = graph(conv("conv", 4, k(3)), batchNorm("bn", 1e-5, 0.1), relu());

    assertThat(names(graph)).containsExactly("input", "conv", "bn", "relu");
    assertThat(graph.nodes().get(3).inputs()).containsExactly(graph.value("bn"));
    assertThat(graph.output()).isEqualTo(graph.value("relu"));
    assertThat(graph.output().shape()).isEqualTo(Shape.of(4, 8, 8));
  }

  @Test
  void namesNestWithTheSeparatorOfThePort() {
    Block unit = named("block", conv("conv", 4, k(1)));

    assertThat(names(Graph.of(PICTURE, ".", unit))).contains("block.conv");
    assertThat(names(Graph.of(PICTURE, "_", unit))).contains("block_conv");
  }

  @Test
  void aSequenceNumbersItsLayers() {
    Graph graph = graph(sequential("features", List.of(name -> conv(name, 4, k(3)), Blocks::relu)));

    assertThat(names(graph)).containsExactly("input", "features.0", "features.1");
    assertThat(graph.value("features")).isEqualTo(graph.output());
  }

  @Test
  void anAdaptivePoolIsAsLittleAsItCanBe() {
    assertThat(names(graph(adaptiveAveragePool("pool", 8, 8)))).containsExactly("input");
    assertThat(names(graph(adaptiveAveragePool("pool", 4, 2)))).containsExactly("input", "pool");
    assertThat(names(graph(adaptiveAveragePool("pool", 16, 4))))
        .containsExactly("input", "pool.rows", "pool.columns");
    for (int rows = 1; rows < 20; rows++) {
      Graph graph = graph(adaptiveAveragePool("pool", rows, 3));
      assertThat(graph.value("pool").shape()).isEqualTo(Shape.of(3, rows, 3));
      assertThat(graph.output()).isEqualTo(graph.value("pool"));
    }
  }

  @Test
  void aResidualAddsItsShortcutToItsBody() {
    Graph graph = graph(residual(conv("body", 3, k(3)), identity()));
    Node sum = graph.producer(graph.output());

    assertThat(sum.op()).isInstanceOf(Add.class);
    assertThat(sum.inputs()).containsExactly(graph.value("body"), graph.input());
  }

  @Test
  void aResidualListsItsBodyFirst() {
    Graph graph = graph(residual(conv("body", 4, k(3)), conv("shortcut", 4, k(1))));

    assertThat(names(graph)).containsExactly("input", "body", "shortcut", "add");
  }

  @Test
  void branchesStackTheirChannels() {
    Graph graph =
        graph(
            branches(
                conv("one", 2, k(1)),
                chain(averagePool("pool", k(3), true), conv("two", 5, k(1))),
                identity()));

    assertThat(graph.producer(graph.output()).inputs())
        .containsExactly(graph.value("one"), graph.value("two"), graph.input());
    assertThat(graph.output().shape()).isEqualTo(Shape.of(10, 8, 8));
  }

  @Test
  void separableIsTwoConvolutions() {
    Graph graph = graph(separable("sep", 16, k(3).stride(2)));

    assertThat(graph.nodes().get(1).op()).isEqualTo(new Conv2d(3, k(3).stride(2).pad(1), 3, false));
    assertThat(graph.nodes().get(2).op()).isEqualTo(new Conv2d(16, k(1).pad(0), 1, false));
    assertThat(graph.parameters())
        .containsExactly(
            Map.entry(new Weights.Key("sep.depthwise", Role.KERNEL), Shape.of(3, 1, 3, 3)),
            Map.entry(new Weights.Key("sep.pointwise", Role.KERNEL), Shape.of(16, 3, 1, 1)));
    assertThat(graph.output().shape()).isEqualTo(Shape.of(16, 4, 4));
  }

  @Test
  void repeatCountsFromZero() {
    assertThat(names(graph(repeat(3, index -> conv("conv" + index, 4, k(1))))))
        .containsExactly("input", "conv0", "conv1", "conv2");
  }

  @Test
  void layersWithoutParametersMayShareAName() {
    assertThat(names(graph(relu(), relu(), relu())))
        .containsExactly("input", "relu", "relu_2", "relu_3");
  }

  @Test
  void layersWithParametersMayNot() {
    assertThatThrownBy(() -> graph(conv("conv", 4, k(1)), conv("conv", 4, k(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two layers are named conv");
  }

  @Test
  void aLayerThatNoOutputNeeds() {
    Block wasteful =
        (scope, input) -> {
          conv("forgotten", 4, k(1)).apply(scope, input);
          return conv("used", 4, k(1)).apply(scope, input);
        };

    assertThatThrownBy(() -> graph(wasteful))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no output needs forgotten: it is dead");
  }

  @Test
  void aMisfitNamesItsLayer() {
    assertThatThrownBy(
            () -> graph(named("block", residual("sum", conv("conv", 4, k(3)), identity()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("block.sum: add needs equal shapes, got 4x8x8 and 3x8x8");
    assertThatThrownBy(() -> graph(conv("conv", 4, k(9).valid())))
        .hasMessage("conv: a window of 9x9 does not fit into a picture of 3x8x8");
    assertThatThrownBy(() -> graph(dense("fc", 10)))
        .hasMessage("fc: needs a vector, got 3x8x8: flatten it first");
    assertThatThrownBy(() -> graph(flatten(), conv("conv", 4, k(1))))
        .hasMessage("conv: needs channels x height x width, got 192");
  }

  @Test
  void namedOutputsFollowThePrincipalOne() {
    Block network =
        (scope, input) -> {
          Value trunk = conv("trunk", 4, k(3)).apply(scope, input);
          Value side = chain(globalAveragePool("pool"), dense("aux", 5)).apply(scope, trunk);
          scope.output("auxiliary", side);
          return chain(relu(), flatten(), dense("fc", 7)).apply(scope, trunk);
        };
    Graph graph = graph(network);

    assertThat(graph.outputs().keySet()).containsExactly("output", "auxiliary");
    assertThat(graph.output()).isEqualTo(graph.value("fc"));
    assertThat(graph.value("auxiliary").shape()).isEqualTo(Shape.of(5));
  }

  @Test
  void twoOutputsOfOneName() {
    Block network =
        (scope, input) -> {
          scope.output("side", input);
          scope.output("side", input);
          return input;
        };

    assertThatThrownBy(() -> graph(network)).hasMessage("two outputs are named side");
  }

  @Test
  void aNamedPartIsTapped() {
    Graph graph = graph(named("stage", conv("conv", 4, k(3)), relu()), globalAveragePool("pool"));

    assertThat(graph.taps()).containsExactly(Map.entry("stage", graph.value("stage.relu")));
    assertThat(graph.value("stage").shape()).isEqualTo(Shape.of(4, 8, 8));
  }

  @Test
  void anUnknownValueSuggestsItsNeighbours() {
    Graph graph = graph(named("stage", conv("conv1", 4, k(3))), conv("conv2", 4, k(3)));

    assertThatThrownBy(() -> graph.value("stage.conv"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the network has no value named 'stage.conv'; did you mean stage");
  }

  @Test
  void otherOutputsPruneWhatTheyDoNotNeed() {
    Graph graph =
        graph(
            named("one", conv("conv", 4, k(3)), relu()),
            named("two", conv("conv", 4, k(3)), relu()),
            globalAveragePool("pool"));

    Graph features = graph.withOutputs(List.of("one"));
    Graph both = graph.withOutputs(List.of("two.relu", "one.conv"));

    assertThat(names(features)).containsExactly("input", "one.conv", "one.relu");
    assertThat(features.outputs().keySet()).containsExactly("one");
    assertThat(features.taps().keySet()).containsExactly("one");
    assertThat(names(both))
        .containsExactly("input", "one.conv", "one.relu", "two.conv", "two.relu");
    assertThat(both.outputs().keySet()).containsExactly("two.relu", "one.conv");
  }

  @Test
  void pruningRenumbersWhatIsLeft() {
    Graph graph = graph(branches(conv("one", 4, k(1)), conv("two", 4, k(3))), relu());

    Graph second = graph.withOutputs(List.of("two"));

    assertThat(names(second)).containsExactly("input", "two");
    assertThat(second.output().index()).isEqualTo(1);
    assertThat(second.nodes().get(1).inputs()).containsExactly(second.input());
  }

  @Test
  void softmaxIsAddedOnce() {
    Graph logits = graph(globalAveragePool("pool"), dense("fc", 4));

    Graph probabilities = logits.withSoftmax();

    assertThat(probabilities.producer(probabilities.output()).op()).isEqualTo(new Softmax());
    assertThat(probabilities.outputs().keySet()).containsExactly("output");
    assertThat(probabilities.parameters()).isEqualTo(logits.parameters());
    assertThat(probabilities.withSoftmax()).isEqualTo(probabilities);
    assertThat(graph(flatten(), softmax("probabilities")).withSoftmax().nodes()).hasSize(3);
  }

  @Test
  void parametersComeInTheOrderOfNodesAndRoles() {
    Graph graph =
        graph(
            conv("conv", 4, k(3), 1, true),
            batchNorm("bn", 1e-5, 0.1),
            globalAveragePool("pool"),
            dense("fc", 2));

    assertThat(graph.parameters().keySet().stream().map(Weights.Key::toString))
        .containsExactly(
            "conv/kernel",
            "conv/bias",
            "bn/scale",
            "bn/shift",
            "bn/mean",
            "bn/variance",
            "fc/kernel",
            "fc/bias");
    assertThat(graph.parameters().values())
        .startsWith(Shape.of(4, 3, 3, 3), Shape.of(4))
        .endsWith(Shape.of(2, 4), Shape.of(2));
  }
}
