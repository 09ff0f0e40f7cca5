package dev.depthwise.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.engine.tck.Filler;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import dev.depthwise.weights.Naming;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import dev.depthwise.zoo.Zoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Walks the registry: what an architecture's weights are written as, in each format and under the
 * names of each style, is read back to the bit. Those of more than eight million parameters are
 * left out: larger members of families that are here, but for AlexNet, the ResNets for large
 * pictures, the later Inceptions and ConvNeXt, whose names the goldens hold.
 */
class RoundTripTest {
  private static final double GAIN = 1;

  /** A file of 32 MB. */
  private static final long MOST_PARAMETERS = 8_000_000;

  @TempDir Path folder;

  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (Architecture architecture : Zoo.architectures()) {
      for (Style style : architecture.styles()) {
        Options options = Options.defaults().withStyle(style);
        if (!architecture.traits().auxiliary().isEmpty()) {
          options = options.withAuxiliary();
        }
        Graph graph = architecture.graph(options);
        if (size(graph) <= MOST_PARAMETERS) {
          cases.add(Arguments.of(architecture.id(), style, graph));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void comesBackToTheBit(String id, Style style, Graph graph) {
    Model model = new Model(graph, Filler.weights(graph, GAIN));
    Naming naming = style == Style.KERAS ? Naming.KERAS : Naming.TORCH;
    verify(model, "weights.safetensors", naming);
    verify(model, "weights.npz", naming);
    // An .h5 is Keras', whoever named the layers.
    verify(model, "weights.h5", Naming.KERAS);
  }

  private static long size(Graph graph) {
    return graph.parameters().values().stream().mapToLong(Shape::size).sum();
  }

  private void verify(Model model, String name, Naming naming) {
    Path file = folder.resolve(name);
    WeightFiles.write(file, model, naming);
    Weights read = WeightFiles.read(file, model.graph());
    for (Weights.Key key : model.graph().parameters().keySet()) {
      assertThat(read.get(key).values())
          .as("%s of %s", key, name)
          .isEqualTo(model.weights().get(key).values());
    }
  }
}
