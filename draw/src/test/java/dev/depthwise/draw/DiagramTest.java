package dev.depthwise.draw;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

final class DiagramTest {
  private static final Graph GRAPH =
      Graph.of(
          Shape.of(3, 32, 32),
          chain(convBn("stem"), relu(), repeat(5, index -> named("layer." + index, twoConvs()))));

  private static Block convBn(String name) {
    return chain(conv(name, 16, k(3)), batchNorm(name + "_bn"));
  }

  private static Block twoConvs() {
    return chain(residual(chain(convBn("conv1"), relu(), convBn("conv2")), identity()), relu());
  }

  @Test
  void blocksAreFoundInTheWiring() {
    assertThat(Outline.of(GRAPH, true).items())
        .hasSize(7)
        .filteredOn(Item.Block.class::isInstance)
        .hasSize(5)
        .allSatisfy(block -> assertThat(block.units()).hasSize(4));
  }

  @Test
  void whatIsRepeatedStandsOnce() {
    assertThat(Outline.of(GRAPH, true).folded(true).items())
        .hasSize(3)
        .last()
        .isInstanceOfSatisfying(Item.Repeat.class, r -> assertThat(r.times()).hasSize(5));
    String svg = Svg.of(new Diagram("five", Depth.BLOCKS, Colour.KIND).draw(GRAPH));
    assertThat(svg).contains("× 5", ">3×3 conv, 16<", ">16×32×32<").containsOnlyOnce(">× 5<");
  }

  @Test
  void everyLayerIsThereAtTheDeepest() {
    String svg = Svg.of(new Diagram("five", Depth.LAYERS, Colour.COST).draw(GRAPH));
    GRAPH.nodes().forEach(node -> assertThat(svg).contains("<title>" + node.name() + "\n"));
  }

  @Test
  void picturesAreSoundXmlAndTheSameEveryTime() throws Exception {
    for (Depth depth : Depth.values()) {
      Diagram diagram = new Diagram("a <b> & \"c\"", depth, Colour.KIND);
      String svg = Svg.of(diagram.draw(GRAPH));
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
      assertThat(Svg.of(diagram.draw(GRAPH))).isEqualTo(svg);
    }
  }

  @Test
  void pixelsNeedNoFont() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Png.write(new Diagram("five", Depth.STAGES, Colour.KIND).draw(GRAPH), 1, out);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    long inked = 0;
    for (int y = 25; y < 45; y++) {
      for (int x = 28; x < 70; x++) {
        inked += (image.getRGB(x, y) & 0xff) < 128 ? 1 : 0;
      }
    }
    // The title's letters.
    assertThat(inked).isBetween(50L, 500L);
  }

  @Test
  void aNameIsWhatLayersHaveInCommon() {
    assertThat(Names.common(java.util.List.of("layer1.0.conv1", "layer1.0.bn1")))
        .isEqualTo("layer1.0");
    assertThat(Names.common(java.util.List.of("layer1.0.conv", "layer1.10.conv")))
        .isEqualTo("layer1");
    assertThat(Names.common(java.util.List.of("conv2d_1", "conv2d_2"))).isEmpty();
  }

  @Test
  void amountsAreRounded() {
    assertThat(Amounts.rounded(999)).isEqualTo("999");
    assertThat(Amounts.rounded(25_557_032)).isEqualTo("25.6 M");
    assertThat(Amounts.rounded(4_089_184_256L)).isEqualTo("4.09 G");
    assertThat(Amounts.rounded(999_600)).isEqualTo("1.00 M");
  }
}
