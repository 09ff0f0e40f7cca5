package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Graph;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.Node;
import dev.depthwise.network.Parameter;
import dev.depthwise.network.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reference table against the zoo: the names, kinds, outputs and sizes of all layers. */
class ReferenceTest {
  private static final Path TABLES = Path.of("src", "test", "resources", "reference");

  /**
   * A table of another implementation.
   *
   * @param totals see the tables' README
   * @param rows layers with weights: name, kind, output, and for Keras the number of parameters
   */
  private record Table(String id, Style style, List<Long> totals, List<List<String>> rows) {
    static Table read(Path file) {
      String[] name = file.getFileName().toString().split("\\.", -1);
      List<Long> totals = List.of();
      List<List<String>> rows = new ArrayList<>();
      try {
        for (String line : Files.readAllLines(file)) {
          List<String> cells = List.of(line.split("\t", -1));
          if (cells.get(0).equals("# totals")) {
            totals = cells.subList(1, cells.size()).stream().map(Long::valueOf).toList();
          } else if (!line.startsWith("#") && !(cells.size() > 3 && cells.get(3).equals("0"))) {
            rows.add(cells.subList(0, Math.min(4, cells.size())));
          }
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return new Table(name[0], Style.parse(name[1]), totals, rows);
    }

    Graph graph(Options options) {
      return Zoo.find(id).graph(options.withStyle(style));
    }

    /** The name that a layer has today. */
    String today(String layer) {
      String separator = style == Style.KERAS ? "/" : ".";
      String renamed = Zoo.find(id).today(style).apply(layer + separator + "kernel");
      return renamed.substring(0, renamed.length() - (separator + "kernel").length());
    }

    @Override
    public String toString() {
      return id + " " + style;
    }
  }

  static Stream<Table> tables() throws IOException {
    try (Stream<Path> files = Files.list(TABLES)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[^.]+\\.[^.]+\\.tsv"))
          .sorted()
          .map(Table::read)
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void layersWithWeightsAreTheirs(Table table) {
    Map<String, List<String>> expected = new LinkedHashMap<>();
    for (List<String> row : table.rows()) {
      String name = table.today(row.get(0));
      expected.put(
          name, Stream.concat(Stream.of(name), row.subList(1, row.size()).stream()).toList());
    }

    Map<String, List<String>> actual = new LinkedHashMap<>();
    for (Node node : table.graph(Options.defaults()).nodes()) {
      if (table.style() == Style.KERAS) {
        keras(node, actual);
      } else if (node.op() instanceof Conv2d || node.op() instanceof Dense) {
        String kind = node.op() instanceof Conv2d ? "Conv2d" : "Linear";
        actual.put(node.name(), List.of(node.name(), kind, places(node.output().shape())));
      }
    }
    assertThat(actual).containsExactlyInAnyOrderEntriesOf(withPlaces(expected));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void totalsAreTheirs(Table table) {
    Architecture architecture = Zoo.find(table.id());
    Cost cost = Cost.of(table.graph(Options.defaults()));
    if (table.style() == Style.KERAS) {
      Cost features = Cost.of(table.graph(Options.defaults().withoutTop(Pooling.NONE)));
      assertThat(
              List.of(
                  cost.learned(),
                  cost.statistics(),
                  features.learned() + features.statistics(),
                  cost.multiplyAdds()))
          .isEqualTo(table.totals());
    } else {
      boolean heads = !architecture.traits().auxiliary().isEmpty();
      Cost whole = heads ? Cost.of(table.graph(Options.defaults().withAuxiliary())) : cost;
      assertThat(List.of(whole.learned(), whole.learned() - cost.learned(), cost.multiplyAdds()))
          .isEqualTo(table.totals());
    }
  }

  private static void keras(Node node, Map<String, List<String>> rows) {
    long parameters = node.parameters().stream().map(Parameter::shape).mapToLong(Shape::size).sum();
    if (parameters == 0) {
      return;
    }
    String layer = node.name().split("/", 2)[0];
    List<String> part = rows.get(layer);
    rows.put(
        layer,
        List.of(
            layer,
            layer.equals(node.name()) ? kerasKind(node) : "SeparableConv2D",
            places(node.output().shape()),
            String.valueOf(parameters + (part == null ? 0 : Long.parseLong(part.get(3))))));
  }

  private static String kerasKind(Node node) {
    if (node.op() instanceof Conv2d conv) {
      return conv.groups() > 1 && conv.groups() == node.inputShapes().get(0).channels()
          ? "DepthwiseConv2D"
          : "Conv2D";
    }
    if (node.op() instanceof BatchNorm) {
      return "BatchNormalization";
    }
    return node.op() instanceof LayerNorm ? "LayerNormalization" : node.op().description();
  }

  private static Map<String, List<String>> withPlaces(Map<String, List<String>> rows) {
    Map<String, List<String>> result = new LinkedHashMap<>();
    rows.forEach(
        (name, row) -> {
          List<String> cells = new ArrayList<>(row);
          cells.set(2, cells.get(2).replaceFirst("x1x1$", ""));
          result.put(name, List.copyOf(cells));
        });
    return result;
  }

  /** A picture of one place is a vector: some ports keep the one, some the other. */
  private static String places(Shape shape) {
    return shape.toString().replaceFirst("x1x1$", "");
  }
}
