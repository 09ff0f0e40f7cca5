package dev.depthwise.cli;

import dev.depthwise.network.Cost;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import dev.depthwise.zoo.Zoo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Lists the architectures. */
@Command(
    name = "models",
    description = "List the architectures that can be built.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  depthwise models", "  depthwise summary resnet50"})
final class ModelsCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public void run() {
    Screen screen = main.screen();
    List<Object> objects = new ArrayList<>();
    Table table = new Table("model", "family", ">depth", ">parameters", "input", "styles", "paper");
    Set<String> papers = new LinkedHashSet<>();
    for (Architecture architecture : Zoo.architectures()) {
      Cost cost = Cost.of(architecture.graph(Options.defaults()));
      long parameters = cost.learned();
      List<String> styles = architecture.styles().stream().map(Style::toString).toList();
      papers.add(architecture.paper());
      objects.add(
          Json.object(
              "id", architecture.id(),
              "family", architecture.family(),
              "depth", cost.depth(),
              "parameters", parameters,
              "input", architecture.input().dimensions(),
              "classes", architecture.classes(),
              "styles", styles,
              "paper", architecture.paper()));
      table.row(
          architecture.id(),
          architecture.family(),
          String.valueOf(cost.depth()),
          "%,d".formatted(parameters),
          architecture.input().toString(),
          String.join(", ", styles),
          shortened(architecture.paper()));
    }
    if (json) {
      screen.line(Json.pretty(objects));
      return;
    }
    screen.line(table.lines(screen).stream().collect(Collectors.joining("\n")));
    screen.line("");
    papers.forEach(screen::line);
    screen.line("A plain network is its residual twin without shortcuts.");
  }

  /** Authors and year. */
  private static String shortened(String paper) {
    int comma = paper.indexOf(',');
    return comma < 0 ? paper : paper.substring(0, comma);
  }
}
