package dev.depthwise.engine;

import static dev.depthwise.engine.Networks.model;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.zeroPad;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.engine.reference.ReferenceEngine;
import dev.depthwise.engine.reference.ReferenceTraining;
import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Window;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which zeros around a picture a convolution takes over. */
class FoldPaddingTest {
  private static final Block PAD = zeroPad("pad", 1, 0, 2, 1);
  private static final Block CONV = conv("conv", 4, k(3).valid());

  private static Model folded(Block block) {
    return new FoldPadding(Set.of()).apply(model(block));
  }

  private static List<String> names(Model model) {
    return model.graph().nodes().stream().map(Node::name).toList();
  }

  private static Padding padding(Model model) {
    Graph graph = model.graph();
    return graph.producer(graph.value("conv")).op().view().map(Window::padding).orElseThrow();
  }

  @Test
  void aConvolutionPadsByItself() {
    Model model = folded(chain(relu(), PAD, CONV));

    assertThat(names(model)).containsExactly("input", "relu", "conv");
    assertThat(padding(model)).isEqualTo(new Padding.Explicit(1, 0, 2, 1));
  }

  @Test
  void itsOwnPaddingIsAdded() {
    assertThat(padding(folded(chain(PAD, conv("conv", 4, k(5).pad(1))))))
        .isEqualTo(new Padding.Explicit(2, 1, 3, 2));
  }

  @Test
  void twoPaddingsInARowAreTakenOver() {
    Model model = folded(chain(zeroPad("first", 0, 1, 0, 0), PAD, CONV));

    assertThat(names(model)).containsExactly("input", "conv");
    assertThat(padding(model)).isEqualTo(new Padding.Explicit(1, 1, 2, 1));
  }

  @Test
  void anotherReaderKeepsIt() {
    assertThat(names(folded(chain(PAD, branches(conv("conv", 4, k(3)), identity())))))
        .containsExactly("input", "pad", "conv", "concat");
  }

  @Test
  void anOutputKeepsIt() {
    Model model = model(chain(PAD, CONV));
    Graph graph = model.graph().withOutputs(List.of("output", "pad"));

    assertThat(names(new FoldPadding(Set.of()).apply(new Model(graph, model.weights()))))
        .containsExactly("input", "pad", "conv");
  }

  @Test
  void aGradientThatIsAskedForKeepsIt() {
    Block block = chain(named("part", PAD), CONV);
    TrainingOptions options = TrainingOptions.batch(2);

    assertThat(Networks.names(Networks.training(block, options).forward())).containsExactly("conv");
    for (String name : List.of("part", "part.pad")) {
      Plan plan = Networks.training(block, options.withGradients(List.of(name)));
      assertThat(Networks.names(plan.forward())).containsExactly("part.pad", "conv");
      assertThat(plan.gradients()).containsOnlyKeys(name);
    }
  }

  @Test
  void asWideAsTheWindowItStays() {
    assertThat(names(folded(chain(zeroPad("pad", 3, 0, 0, 0), CONV))))
        .containsExactly("input", "pad", "conv");
    assertThat(names(folded(chain(zeroPad("pad", 0, 0, 0, 3), CONV))))
        .containsExactly("input", "pad", "conv");
  }

  /** Its zeros can win. */
  @Test
  void beforeAMaximumItStays() {
    assertThat(names(folded(chain(PAD, maxPool("pool", k(3).valid())))))
        .containsExactly("input", "pad", "pool");
  }

  @Test
  void foldedItComputesTheSame() {
    Model asWritten = model(chain(PAD, CONV));
    Model folded = new FoldPadding(Set.of()).apply(asWritten);
    assertThat(run(folded, "input")).isEqualTo(run(asWritten, "pad"));
  }

  /** Asking for the gradient by the padded picture keeps it as it was written. */
  private static FloatBuffer run(Model model, String gradient) {
    TrainingOptions options = TrainingOptions.batch(2).withGradients(List.of(gradient));
    try (ReferenceTraining training = new ReferenceEngine().compileTraining(model, options)) {
      training.forward(Networks.pictures(model.graph().input().shape(), 2), 2, 0);
      return training.output("output");
    }
  }
}
