package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Add;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Block;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ports of one paper are wired alike; they differ in names, constants, padding and dropout, which
 * the families' own tests look at. What a golden says of the one so holds for the other.
 */
class PortsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "xception",
        "inception_v3",
        "inception_resnet_v2",
        "densenet121",
        "densenet169",
        "densenet201"
      })
  void stylesAreWiredAlike(String id) {
    Architecture architecture = Zoo.find(id);

    assertThat(
            architecture.styles().stream()
                .map(style -> wiring(architecture.graph(Options.defaults().withStyle(style)))))
        .hasSizeGreaterThan(1)
        .containsOnly(wiring(architecture.graph(Options.defaults())));
  }

  @Test
  void wiringTellsWhatALayerReads() {
    Block body = Blocks.chain(Blocks.relu("a"), Blocks.conv("b", 3, Window.k(3)));

    assertThat(wiring(graph(Blocks.residual(body, Blocks.identity()))))
        .isEqualTo(wiring(graph(Blocks.residual("sum", Blocks.identity(), body))))
        .isNotEqualTo(wiring(graph(Blocks.residual(body, Blocks.relu("c")))))
        .isNotEqualTo(wiring(graph(body)));
  }

  private static Graph graph(Block block) {
    return Graph.of(Shape.of(3, 9, 9), block);
  }

  /** A number for all layers and what they read, without what ports may have as they like. */
  private static int wiring(Graph graph) {
    int[] known = new int[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      IntStream read = node.inputs().stream().mapToInt(input -> known[input.index()]);
      List<Integer> inputs = (node.op() instanceof Add ? read.sorted() : read).boxed().toList();
      known[node.output().index()] =
          node.op() instanceof Dropout ? inputs.get(0) : Objects.hash(kind(node), inputs);
    }
    return known[graph.output().index()];
  }

  private static String kind(Node node) {
    String parameters =
        node.parameters().stream()
            .filter(parameter -> !(node.op() instanceof BatchNorm))
            .map(parameter -> parameter.role() + " " + parameter.shape())
            .collect(Collectors.joining(" "));
    String groups = node.op() instanceof Conv2d conv ? " in groups of " + conv.groups() : "";
    return "%s%s %s %d"
        .formatted(node.op().description(), groups, parameters, node.output().shape().dimension(0));
  }
}
