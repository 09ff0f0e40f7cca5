package dev.depthwise.cli;

import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Node;
import dev.depthwise.network.Value;
import dev.depthwise.zoo.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows a network layer by layer, and what it costs. */
@Command(
    name = "summary",
    description = {
      "Show a network layer by layer, and what it costs.",
      "",
      "Multiply-adds are for one picture, as the papers count them: convolutions and dense layers."
          + " A receptive field is the part of the picture, padding included, that one place of"
          + " a layer sees."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise summary --model resnet50",
      "  depthwise summary resnet50 --style keras",
      "  depthwise summary resnet20 --input 1x28x28 --classes 10 --shortcut A",
      "  depthwise summary runs/first"
    })
final class SummaryCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "An architecture (see depthwise models) or a model directory.")
  @Nullable String positional;

  @Mixin private final GraphOptions which = new GraphOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public void run() {
    if ((positional == null) == (which.model == null)) {
      throw new InputException(
          positional == null
              ? "needs a model: depthwise summary resnet50 (depthwise models lists all)"
              : "the model is given twice, as '%s' and as --model %s"
                  .formatted(positional, which.model));
    }
    String name = positional == null ? which.model : positional;
    NamedGraph named = which.graph(name);
    String title =
        named
            .origin()
            .map(from -> "%s: %s".formatted(named.title(), from.architecture().paper()))
            .orElse(name);
    Graph graph = named.graph();
    boolean countsStatistics =
        named.origin().filter(from -> from.style() == Style.KERAS).isPresent();
    Cost cost = Cost.of(graph);
    Screen screen = main.screen();
    if (json) {
      screen.line(Json.pretty(object(name, graph, cost, countsStatistics)));
    } else {
      print(screen, title, graph, cost, countsStatistics);
    }
  }

  private static void print(
      Screen screen, String title, Graph graph, Cost cost, boolean countsStatistics) {
    screen.line(screen.toned(Screen.Tone.STRONG, title));
    screen.line("");
    Table table =
        new Table(
            "layer", "operation", "output", ">parameters", ">multiply-adds", ">field", "after");
    for (Cost.Layer layer : cost.layers()) {
      Node node = layer.node();
      table.row(
          node.name(),
          node.op().description(),
          node.output().shape().toString(),
          count(layer.learned() + (countsStatistics ? layer.statistics() : 0)),
          count(layer.multiplyAdds()),
          field(layer.receptiveField()),
          String.join(", ", inputs(graph, node)));
    }
    screen.line(table.lines(screen).stream().collect(Collectors.joining("\n")));
    screen.line("");
    long total = cost.learned() + (countsStatistics ? cost.statistics() : 0);
    screen.line("Total params: %,d".formatted(total));
    screen.line(
        "  learned %,d; statistics of batch norm %,d%s"
            .formatted(
                cost.learned(),
                cost.statistics(),
                countsStatistics
                    ? " (Keras counts both)"
                    : cost.statistics() == 0 ? "" : " (not counted, as in PyTorch)"));
    screen.line("Multiply-adds: %,d per picture".formatted(cost.multiplyAdds()));
    screen.line(
        "Activations: %.1f MB per picture in float32 (what training keeps of every layer)"
            .formatted(cost.activations() * (double) Float.BYTES / 1e6));
    screen.line("Weights: %.1f MB in float32".formatted(total(cost) * (double) Float.BYTES / 1e6));
    screen.line(
        "Receptive field: %s before the classifier, of a picture of %s"
            .formatted(field(cost.receptiveField()), field(graph)));
  }

  private static long total(Cost cost) {
    return cost.learned() + cost.statistics();
  }

  private static List<String> inputs(Graph graph, Node node) {
    return node.inputs().stream().map((Value value) -> graph.producer(value).name()).toList();
  }

  private static String count(long count) {
    return count == 0 ? "" : "%,d".formatted(count);
  }

  static String field(Cost.ReceptiveField field) {
    return field.height() + "x" + field.width();
  }

  private static String field(Graph graph) {
    return graph.input().shape().height() + "x" + graph.input().shape().width();
  }

  private static Object object(String name, Graph graph, Cost cost, boolean countsStatistics) {
    List<Object> layers = new ArrayList<>();
    for (Cost.Layer layer : cost.layers()) {
      Node node = layer.node();
      layers.add(
          Json.object(
              "name", node.name(),
              "operation", node.op().getClass().getSimpleName(),
              "window", node.op().view().map(Object::toString).orElse(null),
              "output", node.output().shape().dimensions(),
              "learned", layer.learned(),
              "statistics", layer.statistics(),
              "multiplyAdds", layer.multiplyAdds(),
              "receptiveField", fieldList(layer.receptiveField()),
              "inputs", inputs(graph, node)));
    }
    return Json.object(
        "model", name,
        "input", graph.input().shape().dimensions(),
        "output", graph.output().shape().dimensions(),
        "layers", layers,
        "parameters", cost.learned() + (countsStatistics ? cost.statistics() : 0),
        "learned", cost.learned(),
        "statistics", cost.statistics(),
        "multiplyAdds", cost.multiplyAdds(),
        "activationBytes", cost.activations() * Float.BYTES,
        "receptiveField", fieldList(cost.receptiveField()));
  }

  private static List<Integer> fieldList(Cost.ReceptiveField field) {
    return List.of(field.height(), field.width());
  }
}
