package dev.depthwise.engine;

import static dev.depthwise.engine.Networks.model;
import static dev.depthwise.engine.Networks.pictures;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.depthwise;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.layerScale;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.scale;
import static dev.depthwise.network.Blocks.standardize;
import static dev.depthwise.network.Blocks.stochasticDepth;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.engine.reference.ReferenceEngine;
import dev.depthwise.engine.reference.ReferenceExecutable;
import dev.depthwise.engine.reference.ReferenceTraining;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Role;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What dropping what is the identity and folding what scales leave of a network. */
class ModelPassTest {
  private static final Block NORM = batchNorm("norm", 1e-3, 0.1);

  private static List<String> names(Model model) {
    return model.graph().nodes().stream().map(Node::name).toList();
  }

  private static Model folded(Block block) {
    return new FoldAffine().apply(model(block));
  }

  private static Model dropped(Block block) {
    return new DropIdentities().apply(model(block));
  }

  @Test
  void dropoutFallsAwayAndItsReaderReadsWhatItRead() {
    Model model = dropped(chain(conv("conv", 4, k(3)), dropout("drop", 0.5), relu()));

    assertThat(names(model)).containsExactly("input", "conv", "relu");
    assertThat(model.graph().nodes().get(2).inputs()).containsExactly(model.graph().value("conv"));
  }

  @Test
  void twoDropoutsInARowFallAway() {
    Model model = dropped(chain(relu(), dropout("one", 0.5), dropout("two", 0.5)));

    assertThat(names(model)).containsExactly("input", "relu");
  }

  @Test
  void aDropoutThatIsTheOutputLeavesWhatItRead() {
    Model model = dropped(chain(conv("conv", 4, k(3)), dropout("drop", 0.5)));

    assertThat(model.graph().outputs()).containsEntry("output", model.graph().value("conv"));
  }

  @Test
  void aDropoutOfThePicturesLeavesThePictures() {
    Model model = dropped(dropout("drop", 0.5));

    assertThat(model.graph().output()).isEqualTo(model.graph().input());
  }

  @Test
  void aTapOfADropoutMovesToWhatItRead() {
    Model model = dropped(chain(named("part", relu("relu"), dropout("drop", 0.5)), relu()));

    assertThat(model.graph().taps()).containsEntry("part", model.graph().value("part.relu"));
  }

  @Test
  void inTrainingDropoutStays() {
    assertThat(Networks.names(Networks.training(chain(relu(), dropout("drop", 0.5))).forward()))
        .containsExactly("relu", "drop");
  }

  @Test
  void aNormBehindAConvolutionBecomesItsBias() {
    Model model = folded(chain(conv("conv", 4, k(3)), NORM, relu()));

    assertThat(names(model)).containsExactly("input", "conv", "relu");
    assertThat(model.weights().keys())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder("conv/kernel", "conv/bias");
  }

  @Test
  void aNormThatIsTheOutputIsFolded() {
    Model model = folded(chain(conv("conv", 4, k(3)), NORM));

    assertThat(names(model)).containsExactly("input", "conv");
    assertThat(model.graph().outputs()).containsEntry("output", model.graph().value("conv"));
  }

  @Test
  void aConvolutionThatIsAnOutputKeepsItsNorm() {
    Model model = model(chain(conv("conv", 4, k(3)), NORM));
    Graph graph = model.graph().withOutputs(List.of("output", "conv"));

    assertThat(names(new FoldAffine().apply(new Model(graph, model.weights()))))
        .containsExactly("input", "conv", "norm");
  }

  @Test
  void aConvolutionWithAnotherReaderKeepsItsNorm() {
    assertThat(names(folded(chain(conv("conv", 4, k(3)), branches(NORM, identity())))))
        .containsExactly("input", "conv", "norm", "concat");
  }

  @Test
  void aNormBehindAnythingElseStays() {
    assertThat(names(folded(NORM))).containsExactly("input", "norm");
    assertThat(names(folded(chain(maxPool("pool", k(3)), NORM))))
        .containsExactly("input", "pool", "norm");
  }

  @Test
  void allThatScalesInARowIsFolded() {
    Block row = chain(conv("conv", 4, k(3)), NORM, layerScale("layer", 1), scale("half", 0.5));

    assertThat(names(folded(row))).containsExactly("input", "conv");
    assertSameFolded(row);
  }

  @Test
  void aStandardizationBehindAConvolutionIsFolded() {
    Block row = chain(conv("conv", 4, k(3)), standardize("standardization"));

    assertThat(names(folded(row))).containsExactly("input", "conv");
    assertSameFolded(row);
  }

  @Test
  void aScaleBehindANormThatIsReadTwiceStays() {
    assertThat(
            names(
                folded(
                    chain(conv("conv", 4, k(3)), NORM, branches(scale("half", 0.5), identity())))))
        .containsExactly("input", "conv", "half", "concat");
  }

  @Test
  void stochasticDepthFallsAwayAsDropoutDoes() {
    assertThat(names(dropped(chain(relu(), stochasticDepth("depth", 0.5)))))
        .containsExactly("input", "relu");
  }

  @Test
  void aFoldedConvolutionComputesTheSame() {
    assertSameFolded(chain(conv("conv", 5, k(3)), NORM));
  }

  @Test
  void aFoldedConvolutionWithBiasComputesTheSame() {
    assertSameFolded(chain(conv("conv", 5, k(3), 1, true), NORM));
  }

  @Test
  void aFoldedDepthwiseConvolutionComputesTheSame() {
    assertSameFolded(chain(depthwise("conv", k(3)), NORM));
  }

  @Test
  void aFoldedNormWithoutScaleComputesTheSame() {
    assertSameFolded(
        chain(
            conv("conv", 5, k(3)),
            (scope, input) -> scope.child("norm").emit(new BatchNorm(1e-3, 0.1, false), input)));
  }

  /** Training with frozen statistics folds nothing: it is the network as it was written. */
  private static void assertSameFolded(Block block) {
    Model model = model(block);
    assertThat(new FoldAffine().apply(model).weights().has("norm", Role.SHIFT)).isFalse();
    ReferenceEngine engine = new ReferenceEngine();
    FloatBuffer pictures = pictures(model.graph().input().shape(), 2);
    TrainingOptions asWritten = TrainingOptions.batch(2).withFrozenStatistics(node -> true);
    try (ReferenceExecutable folded = engine.compile(model, CompileOptions.batch(2));
        ReferenceTraining unfolded = engine.compileTraining(model, asWritten)) {
      folded.run(pictures, 2);
      unfolded.forward(pictures, 2, 0);
      FloatBuffer expected = unfolded.output("output");
      FloatBuffer actual = folded.output("output");
      assertThat(actual.remaining()).isEqualTo(2 * model.graph().output().shape().size());
      for (int index = 0; index < actual.remaining(); index++) {
        assertThat(actual.get(index)).isCloseTo(expected.get(index), within(1e-6f));
      }
    }
  }
}
