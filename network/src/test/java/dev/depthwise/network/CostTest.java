package dev.depthwise.network;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.crop;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.gate;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.layerNorm;
import static dev.depthwise.network.Blocks.localResponseNorm;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Blocks.separable;
import static dev.depthwise.network.Blocks.squeeze;
import static dev.depthwise.network.Blocks.subsample;
import static dev.depthwise.network.Blocks.upsample;
import static dev.depthwise.network.Blocks.zeroPad;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Cost.ReceptiveField;
import org.junit.jupiter.api.Test;

class CostTest {
  private static Graph graph(Block... parts) {
    return Graph.of(Shape.of(3, 64, 48), ".", chain(parts));
  }

  private static ReceptiveField field(Block... parts) {
    Graph graph = graph(parts);
    return Cost.of(graph).layers().get(graph.output().index()).receptiveField();
  }

  private static ReceptiveField square(int extent, int stride) {
    return new ReceptiveField(extent, extent, stride, stride);
  }

  @Test
  void aConvolutionCostsItsKernelAtEachPlace() {
    Cost.Layer layer = Cost.of(graph(conv("conv", 16, k(3).stride(2), 1, true))).layers().get(1);

    assertThat(layer.learned()).isEqualTo(16 * 3 * 3 * 3 + 16);
    assertThat(layer.statistics()).isZero();
    assertThat(layer.multiplyAdds()).isEqualTo(32L * 24 * 16 * 27);
    assertThat(layer.activations()).isEqualTo(16 * 32 * 24);
  }

  @Test
  void spaceAndChannelsApartCostLess() {
    Cost cost = Cost.of(graph(separable("sep", 128, k(3))));

    assertThat(cost.learned()).isEqualTo(3 * 9 + 3 * 128);
    assertThat(cost.multiplyAdds()).isEqualTo(64L * 48 * (3 * 9 + 3 * 128));
  }

  @Test
  void groupsDivideTheCost() {
    Block wide = conv("wide", 12, k(1));

    assertThat(
            Cost.of(graph(wide, conv("conv", 24, k(3), 4, false))).layers().get(2).multiplyAdds())
        .isEqualTo(64L * 48 * 24 * 9 * 3);
  }

  @Test
  void batchNormLearnsHalfAndMeasuresHalf() {
    Cost cost = Cost.of(graph(batchNorm("bn", 1e-5, 0.1)));

    assertThat(cost.learned()).isEqualTo(6);
    assertThat(cost.statistics()).isEqualTo(6);
    assertThat(cost.multiplyAdds()).isZero();
  }

  @Test
  void totalsAreSums() {
    Cost cost =
        Cost.of(graph(conv("conv", 4, k(1)), relu(), globalAveragePool("pool"), dense("fc", 10)));

    assertThat(cost.learned()).isEqualTo(12 + 50);
    assertThat(cost.multiplyAdds()).isEqualTo(64L * 48 * 12 + 40);
    assertThat(cost.activations()).isEqualTo(64 * 48 * (3 + 4 + 4) + 4 + 10);
  }

  /** Multiply-adds beyond an int are counted, not wrapped. */
  @Test
  void largeCounts() {
    Graph graph = Graph.of(Shape.of(512, 256, 256), ".", conv("conv", 512, k(3)));

    assertThat(Cost.of(graph).multiplyAdds()).isEqualTo(65_536L * 512 * 512 * 9);
  }

  /** Simonyan and Zisserman 2014, Section 2.3: two 3x3 see 5x5, three see 7x7. */
  @Test
  void smallWindowsStackedSeeWhatOneLargeSees() {
    assertThat(field(repeat(2, i -> conv("conv" + i, 4, k(3))))).isEqualTo(square(5, 1));
    assertThat(field(repeat(3, i -> conv("conv" + i, 4, k(3))))).isEqualTo(square(7, 1));
  }

  @Test
  void stridesWidenWhatComesAfter() {
    Block stem = chain(conv("conv", 8, k(7).stride(2)), relu(), maxPool("pool", k(3).stride(2)));

    assertThat(field(stem)).isEqualTo(square(11, 4));
    assertThat(field(stem, conv("next", 8, k(3)))).isEqualTo(square(19, 4));
  }

  /** The known 212 of VGG-16's last pooling. */
  @Test
  void vgg16() {
    int[] convolutions = {2, 2, 3, 3, 3};

    assertThat(
            field(
                repeat(
                    5,
                    stage ->
                        chain(
                            repeat(convolutions[stage], i -> conv(stage + "conv" + i, 4, k(3))),
                            maxPool("pool" + stage, k(2).stride(2))))))
        .isEqualTo(square(212, 32));
  }

  @Test
  void gapsWiden() {
    assertThat(field(conv("conv", 4, k(3).dilation(4)))).isEqualTo(square(9, 1));
  }

  @Test
  void heightAndWidthApart() {
    assertThat(field(conv("row", 4, k(1, 7)), conv("column", 4, k(3, 1))))
        .isEqualTo(new ReceptiveField(3, 7, 1, 1));
  }

  @Test
  void subsamplingOnlySpreads() {
    assertThat(field(subsample(2))).isEqualTo(square(1, 2));
  }

  /** Copies see no more; 3 of them in a row are copies of 2 at most. */
  @Test
  void upsamplingBringsNeighboursTogether() {
    Block nearest = upsample("up", 2, 4, Upsample.Mode.NEAREST);

    assertThat(field(nearest)).isEqualTo(new ReceptiveField(1, 1, 0.5, 0.25));
    assertThat(field(nearest, conv("conv", 4, k(3))).height()).isEqualTo(2);
    assertThat(field(nearest, conv("conv", 4, k(6))).width()).isEqualTo(3);
    assertThat(field(upsample("up", 3, 1, Upsample.Mode.NEAREST), conv("conv", 4, k(4))).height())
        .isEqualTo(2);
  }

  @Test
  void interpolationSeesTwoNeighbours() {
    assertThat(field(conv("conv", 4, k(3).stride(2)), upsample("up", 2, 1, Upsample.Mode.BILINEAR)))
        .isEqualTo(new ReceptiveField(5, 3, 1, 2));
  }

  @Test
  void bordersAndNormsSeeNoMore() {
    assertThat(
            field(
                zeroPad("pad", 1, 1, 1, 1),
                crop("crop", 0, 0, 1, 1),
                layerNorm("norm", 1e-6),
                localResponseNorm("lrn", new LocalResponseNorm(5, 1e-4, 0.75, 2))))
        .isEqualTo(square(1, 1));
  }

  @Test
  void aSumSeesWhatItsLargestPartSees() {
    assertThat(field(residual(repeat(2, i -> conv("conv" + i, 3, k(3))), identity())))
        .isEqualTo(square(5, 1));
    assertThat(field(residual(conv("body", 3, k(1)), conv("shortcut", 3, k(5)))))
        .isEqualTo(square(5, 1));
  }

  @Test
  void aConcatenationSeesTheLargestOfEachDirection() {
    assertThat(field(branches(conv("row", 2, k(1, 9)), conv("column", 2, k(5, 1)), identity())))
        .isEqualTo(new ReceptiveField(5, 9, 1, 1));
  }

  @Test
  void aVectorSeesTheWholePicture() {
    ReceptiveField whole = new ReceptiveField(64, 48, 64, 48);

    assertThat(field(globalAveragePool("pool"))).isEqualTo(whole);
    assertThat(field(flatten(), dense("fc", 2))).isEqualTo(whole);
  }

  @Test
  void whatComputesFactorsAddsNoDepth() {
    Block factors =
        chain(squeeze("squeeze"), conv("reduce", 1, k(1)), relu(), conv("expand", 4, k(1)));

    assertThat(Cost.of(graph(conv("conv", 4, k(3)), gate("mul", factors))).depth()).isEqualTo(1);
  }
}
