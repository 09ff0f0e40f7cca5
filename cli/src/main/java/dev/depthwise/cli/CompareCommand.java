package dev.depthwise.cli;

import dev.depthwise.catalogue.Catalogue;
import dev.depthwise.catalogue.PublishedWeights;
import dev.depthwise.draw.BubbleChart;
import dev.depthwise.draw.Scene;
import dev.depthwise.draw.Svg;
import dev.depthwise.network.Cost;
import dev.depthwise.network.InputException;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
  /** The heads of the table; text behind {@code >} stands on the right. */
  private static final String[] HEADS = {
    "model",
    ">depth",
    ">parameters",
    ">multiply-adds, M",
    ">activations, MB",
    ">field",
    ">top-1",
    ">top-5",
    "weights"
  };

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
      description = "Draw accuracy over cost, too: .svg or .png, or .html with the table beneath.")
  @Nullable String out;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** A network with what is known of it. */
  private record Entry(NamedGraph network, Cost cost, Optional<PublishedWeights> published) {
    static Entry of(NamedGraph network) {
      return new Entry(
          network,
          Cost.of(network.graph()),
          network.origin().flatMap(from -> best(from.architecture(), from.style())));
    }

    String name() {
      return network.title();
    }

    /** Its name, without the style where that tells nothing apart. */
    String label(List<Entry> others) {
      boolean alone =
          others.stream().filter(other -> other.network.id().equals(network.id())).count() == 1;
      return alone ? network.id() : name();
    }

    Optional<PublishedWeights.Accuracy> accuracy() {
      return published.flatMap(PublishedWeights::accuracy);
    }
  }

  @Override
  public void run() {
    if (out != null) {
      DrawCommand.requireKnown(out);
    }
    Screen screen = main.screen();
    List<Entry> entries = models.stream().map(CompareCommand::network).map(Entry::of).toList();
    if (json) {
      screen.line(Json.pretty(entries.stream().map(CompareCommand::object).toList()));
    } else {
      print(screen, entries);
    }
    if (out != null) {
      Scene chart = BubbleChart.of(bubbles(entries));
      if (DrawCommand.isPage(out)) {
        page(Models.path(out), chart, entries);
      } else {
        DrawCommand.write(Models.path(out), chart);
      }
      screen.note("wrote " + out);
    }
  }

  private static NamedGraph network(String text) {
    Optional<Path> directory = Models.directory(text);
    if (directory.isPresent()) {
      return NamedGraph.ofDirectory(text, directory.get());
    }
    int colon = text.indexOf(':');
    Architecture architecture = Models.architecture(colon < 0 ? text : text.substring(0, colon));
    Options options = Options.defaults();
    return NamedGraph.of(
        architecture,
        colon < 0 ? options : options.withStyle(Style.parse(text.substring(colon + 1))));
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

  private static String[] cells(Entry entry) {
    Cost cost = entry.cost();
    OptionalDouble top5 = top5(entry);
    return new String[] {
      entry.name(),
      String.valueOf(cost.depth()),
      "%,d".formatted(cost.learned()),
      "%,.1f".formatted(cost.multiplyAdds() / 1e6),
      "%.1f".formatted(cost.activations() * (double) Float.BYTES / 1e6),
      SummaryCommand.field(cost.receptiveField()),
      entry.accuracy().map(accuracy -> "%.1f".formatted(accuracy.top1())).orElse(""),
      top5.isPresent() ? "%.1f".formatted(top5.getAsDouble()) : "",
      entry.published().map(set -> set.release().toString()).orElse("")
    };
  }

  private static void print(Screen screen, List<Entry> entries) {
    Table table = new Table(HEADS);
    entries.forEach(entry -> table.row(cells(entry)));
    table.lines(screen).forEach(screen::line);
  }

  private static void page(Path target, Scene chart, List<Entry> entries) {
    StringBuilder body = new StringBuilder("<figure>\n");
    body.append(Svg.of(chart))
        .append("</figure>\n<table style=\"max-width: none; white-space: nowrap\">\n<tr>");
    for (String head : HEADS) {
      body.append(
          head.startsWith(">")
              ? "<th class=\"number\">%s</th>".formatted(Page.escaped(head.substring(1)))
              : "<th>%s</th>".formatted(Page.escaped(head)));
    }
    body.append("</tr>\n");
    for (Entry entry : entries) {
      String[] cells = cells(entry);
      body.append("<tr>");
      for (int column = 0; column < cells.length; column++) {
        body.append(HEADS[column].startsWith(">") ? "<td class=\"number\">" : "<td>");
        body.append(Page.escaped(cells[column])).append("</td>");
      }
      body.append("</tr>\n");
    }
    body.append("</table>\n");
    Page.write(
        target,
        "Networks side by side",
        List.of(
            "Multiply-adds and activations are for one picture of the usual size.",
            "Accuracy is what was published for ImageNet, in per cent; it was not measured here."),
        body);
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
