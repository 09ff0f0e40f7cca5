package dev.depthwise.draw;

import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A network as a page to move about in: one file that needs no other and asks no server.
 *
 * <p>Blocks open and close by a click, layers say what they are under the pointer, and a search
 * finds them by name. Without scripts the page is a picture of all blocks, closed.
 */
public final class Html {
  private Html() {}

  /** The page. */
  public static String of(String title, Colour colour, Graph graph) {
    Outline outline = Outline.of(graph, true);
    long most = 0;
    for (Item item : outline.items()) {
      most = Math.max(most, item.units().stream().mapToLong(Unit::multiplyAdds).max().orElse(0));
    }
    Tiles tiles = new Tiles(colour, Area.NONE, (double) most);
    Cost cost = Cost.of(graph);
    StringBuilder body = new StringBuilder();
    List<Diagram.Stage> stages = Diagram.stages(outline.folded(true).items(), Flows.of(graph));
    String carried = "";
    for (Diagram.Stage stage : stages) {
      if (!carried.isEmpty()) {
        body.append("<div class=\"next\"><span>").append(carried).append("</span></div>\n");
      }
      body.append("<section>\n");
      if (!stage.title().isEmpty()) {
        body.append("<h2>").append(Svg.escaped(stage.title())).append("</h2>\n");
      }
      boolean first = true;
      for (Item item : stage.items()) {
        if (!first) {
          body.append("<div class=\"arrow\">").append(carried).append("</div>\n");
        }
        item(body, item, tiles);
        carried = Amounts.shape(item.output());
        first = false;
      }
      body.append("</section>\n");
    }
    String amounts =
        "input %s · %s parameters · %s multiply-adds · %d layers deep"
            .formatted(
                Amounts.shape(graph.input().shape()),
                Amounts.exact(cost.learned()),
                Amounts.exact(cost.multiplyAdds()),
                cost.depth());
    return resource("page.html")
        .replace("{{title}}", Svg.escaped(title))
        .replace("{{amounts}}", Svg.escaped(amounts))
        .replace("{{body}}", body);
  }

  private static void item(StringBuilder body, Item item, Tiles tiles) {
    boolean opens = item instanceof Item.Block || item instanceof Item.Repeat;
    String names =
        item.units().stream()
            .flatMap(unit -> unit.layers().stream())
            .map(layer -> layer.node().name())
            .collect(Collectors.joining(" "));
    body.append("<div class=\"item").append(opens ? " block\" tabindex=\"0\" role=\"button" : "");
    body.append("\" data-names=\"").append(Svg.escaped(names)).append("\">\n");
    svg(body, "closed", tiles.tile(item, false));
    if (opens) {
      svg(body, "open", tiles.tile(item, true));
    }
    body.append("</div>\n");
  }

  private static void svg(StringBuilder body, String kind, Tile tile) {
    // Centred by the way through, not by the box.
    double left = Math.max(0, tile.width() - 2 * tile.axis());
    double right = Math.max(0, 2 * tile.axis() - tile.width());
    String width = Svg.number(left + tile.width() + right);
    String height = Svg.number(tile.height());
    body.append("<svg class=\"").append(kind).append("\" width=\"").append(width);
    body.append("\" height=\"").append(height).append("\" viewBox=\"");
    body.append(Svg.number(-left)).append(" 0 ").append(width).append(' ').append(height);
    body.append("\">\n");
    Svg.append(body, tile.marks());
    body.append("</svg>\n");
  }

  private static String resource(String name) {
    try (InputStream stream = Html.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
