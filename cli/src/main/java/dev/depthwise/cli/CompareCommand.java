package dev.depthwise.cli;

import dev.depthwise.catalogue.Catalogue;
import dev.depthwise.catalogue.PublishedWeights;
import dev.depthwise.draw.BubbleChart;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Sets networks side by side: what they cost, and how often they are right. */
@Command(
    name = "compare",
    description = {
      "Set networks side by side: what they cost, and how often they are right.",
      "",
      "Parameters are those that training moves; multiply-adds and activations (all that the layers"
          + " make, in float32) are for one picture of the usual size. Accuracy is what was published"
          + " for ImageNet with weights of that style; of several, the highest."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise compare --models vgg16,resnet50,mobilenet",
      "  depthwise compare --models resnet50:keras,xception,inception_v3:keras --out costs.svg",
      "  depthwise compare --models resnet20,runs/first --json"
    })
final class CompareCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Option(
      names = "--models",
      paramLabel = "A,B,...",
      split = ",",
      required = true,
      description =
          "Architectures (see depthwise models), each perhaps with its style as in resnet50:keras,"
              + " and model directories.")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Draw accuracy over cost, too: .svg or .png.")
  @Nullable String out;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** A network with what is known of it. */
  private record Entry(String name, Cost cost, Optional<PublishedWeights> published) {
    /** Its name, without the style where that tells nothing apart. */
    String label(List<Entry> others) {
      String start = name.replaceFirst(" \\(.*", "");
      boolean alone =
          others.stream().filter(other -> other.name().startsWith(start + " (")).count() == 1;
      return alone ? start : name;
    }

    Optional<PublishedWeights.Accuracy> accuracy() {
      return published.flatMap(PublishedWeights::accuracy);
    }
  }

  @Override
  public void run() {
    if (out != null && !out.toLowerCase(Locale.ROOT).matches(".*\\.(svg|png)")) {
      throw new InputException("--out '%s' is no picture; end it in .svg or .png".formatted(out));
    }
    Screen screen = main.screen();
    List<Entry> entries = models.stream().map(CompareCommand::entry).toList();
    if (json) {
      screen.line(Json.pretty(entries.stream().map(CompareCommand::object).toList()));
    } else {
      print(screen, entries);
    }
    if (out != null) {
      DrawCommand.write(Models.path(out), BubbleChart.of(bubbles(entries)));
      screen.note("wrote " + out);
    }
  }

  private static Entry entry(String text) {
    Optional<Path> directory = Models.directory(text);
    if (directory.isPresent()) {
      Graph graph = Models.read(directory.get()).model().graph();
      return new Entry(text, Cost.of(graph), Optional.empty());
    }
    int colon = text.indexOf(':');
    Architecture architecture = Models.architecture(colon < 0 ? text : text.substring(0, colon));
    Style style = colon < 0 ? architecture.styles().get(0) : Style.parse(text.substring(colon + 1));
    Graph graph = architecture.graph(Options.defaults().withStyle(style));
    return new Entry(
        "%s (%s)".formatted(architecture.id(), style), Cost.of(graph), best(architecture, style));
  }

  /** The published weights of the usual size and width that are right most often. */
  private static Optional<PublishedWeights> best(Architecture architecture, Style style) {
    return Catalogue.all().stream()
        .filter(set -> set.architecture().id().equals(architecture.id()))
        .filter(set -> set.release().style() == style && set.accuracy().isPresent())
        .max(Comparator.comparingDouble(set -> set.accuracy().orElseThrow().top1()));
  }

  private static List<BubbleChart.Bubble> bubbles(List<Entry> entries) {
    List<BubbleChart.Bubble> bubbles = new ArrayList<>();
    for (Entry entry : entries) {
      entry
          .accuracy()
          .ifPresent(
              accuracy ->
                  bubbles.add(
                      new BubbleChart.Bubble(
                          entry.label(entries),
                          entry.cost().multiplyAdds(),
                          entry.cost().learned(),
                          accuracy.top1())));
    }
    if (bubbles.isEmpty()) {
      throw new InputException(
          "none of these has a published accuracy, so that there is nothing to draw; leave out"
              + " --out");
    }
    return bubbles;
  }

  private static void print(Screen screen, List<Entry> entries) {
    Table table =
        new Table(
            "model",
            ">depth",
            ">parameters",
            ">multiply-adds, M",
            ">activations, MB",
            ">field",
            ">top-1",
            ">top-5",
            "weights");
    for (Entry entry : entries) {
      Cost cost = entry.cost();
      OptionalDouble top5 = top5(entry);
      table.row(
          entry.name(),
          String.valueOf(cost.depth()),
          "%,d".formatted(cost.learned()),
          "%,.1f".formatted(cost.multiplyAdds() / 1e6),
          "%.1f".formatted(cost.activations() * (double) Float.BYTES / 1e6),
          SummaryCommand.field(cost.receptiveField()),
          entry.accuracy().map(accuracy -> "%.1f".formatted(accuracy.top1())).orElse(""),
          top5.isPresent() ? "%.1f".formatted(top5.getAsDouble()) : "",
          entry.published().map(set -> set.release().toString()).orElse(""));
    }
    table.lines(screen).forEach(screen::line);
  }

  private static OptionalDouble top5(Entry entry) {
    return entry.accuracy().map(PublishedWeights.Accuracy::top5).orElse(OptionalDouble.empty());
  }

  private static Object object(Entry entry) {
    Cost cost = entry.cost();
    OptionalDouble top5 = top5(entry);
    return Json.object(
        "model", entry.name(),
        "depth", cost.depth(),
        "parameters", cost.learned(),
        "multiplyAdds", cost.multiplyAdds(),
        "activationBytes", cost.activations() * Float.BYTES,
        "receptiveField", List.of(cost.receptiveField().height(), cost.receptiveField().width()),
        "top1", entry.accuracy().map(PublishedWeights.Accuracy::top1).orElse(null),
        "top5", top5.isPresent() ? top5.getAsDouble() : null,
        "weights", entry.published().map(set -> set.release().toString()).orElse(null));
  }
}
