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
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Block;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Value;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
  void whatIsRepeatedSaysWhatAllOfThemTake() {
    String svg = Svg.of(new Diagram("five", Depth.BLOCKS, Colour.KIND).draw(GRAPH));
    // 16 * 16 * 9 + 16 and two of batch norm's sixteen each; 16 * 16 * 9 at 32 * 32 places.
    assertThat(svg)
        .contains(
            "× 5: layer.0.conv1 to layer.4.conv1\n  together 11,680 parameters\n"
                + "  together 11,796,480 multiply-adds");
    assertThat(Html.of("five", Colour.KIND, GRAPH))
        .contains("× 5: layer.0.conv1 to layer.4.conv1", "together 23,592,960 multiply-adds");
  }

  @Test
  void nothingHangsBelowTheLastBox() {
    Graph graph = Graph.of(Shape.of(3, 8, 8), chain(convBn("a"), relu()));
    assertThat(new Diagram("one", Depth.BLOCKS, Colour.KIND).draw(graph).marks())
        .filteredOn(mark -> mark instanceof Mark.Line line && !line.arrow())
        .isEmpty();
  }

  @Test
  void headsStandBesideTheMainPath() {
    Block head = chain(conv("head", 4, k(1)), relu("head_relu"));
    Graph graph =
        Graph.of(
            Shape.of(3, 8, 8),
            chain(
                convBn("a"),
                relu(),
                (scope, input) -> {
                  scope.output("side", head.apply(scope, input));
                  return input;
                },
                convBn("b")));
    assertThat(Outline.of(graph, true).items())
        .hasSize(4)
        .element(2)
        .isInstanceOfSatisfying(
            Item.Head.class,
            side -> {
              assertThat(side.output()).isEqualTo(Shape.of(16, 8, 8));
              assertThat(side.units()).singleElement().returns("head", Unit::name);
            });
    assertThat(Svg.of(new Diagram("side", Depth.BLOCKS, Colour.KIND).draw(graph)))
        .contains(">head side<", ">1×1 conv, 4<");
    assertThat(Html.of("side", Colour.KIND, graph)).contains(">head side<", "data-names=\"head ");
  }

  @Test
  void aPaperMayNameTheParts() {
    Graph graph =
        Graph.of(
            Shape.of(3, 8, 8),
            chain(flow("entry_flow", convBn("a")), flow("exit_flow", convBn("b"), relu())));
    assertThat(Svg.of(new Diagram("flows", Depth.BLOCKS, Colour.KIND).draw(graph)))
        .contains(">entry flow · 8×8<", ">exit flow · 8×8<");
  }

  private static Block flow(String name, Block... blocks) {
    return (scope, input) -> {
      Value output = chain(blocks).apply(scope, input);
      scope.child(name).tap(output);
      return output;
    };
  }

  /** A convolution of 16 times the multiply-adds has a square of 16 times the area. */
  @Test
  void aSquareIsAsLargeAsTheCost() {
    Graph graph =
        Graph.of(Shape.of(16, 8, 8), chain(conv("dear", 16, k(4)), conv("cheap", 16, k(1))));
    List<Double> areas =
        new Diagram("two", Depth.BLOCKS, Colour.KIND, Area.COST)
            .draw(graph).marks().stream()
                .filter(Mark.Part.class::isInstance)
                .flatMap(part -> ((Mark.Part) part).marks().stream())
                .filter(mark -> mark instanceof Mark.Box box && box.radius() == 0)
                .map(mark -> ((Mark.Box) mark).width() * ((Mark.Box) mark).height())
                .toList();
    assertThat(areas).hasSize(2);
    assertThat(areas.get(0) / areas.get(1))
        .isCloseTo(
            (double) Cost.of(graph).layers().get(1).multiplyAdds()
                / Cost.of(graph).layers().get(2).multiplyAdds(),
            within(1e-9));
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
    assertThat(Names.common(List.of("layer1.0.conv1", "layer1.0.bn1"))).isEqualTo("layer1.0");
    assertThat(Names.common(List.of("layer1.0.conv", "layer1.10.conv"))).isEqualTo("layer1");
    assertThat(Names.common(List.of("conv2d_1", "conv2d_2"))).isEmpty();
  }

  @Test
  void amountsAreRounded() {
    assertThat(Amounts.rounded(999)).isEqualTo("999");
    assertThat(Amounts.rounded(25_557_032)).isEqualTo("25.6 M");
    assertThat(Amounts.rounded(4_089_184_256L)).isEqualTo("4.09 G");
    assertThat(Amounts.rounded(999_600)).isEqualTo("1.00 M");
  }
}
