package dev.depthwise.cli;

import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Engines;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Lists the engines. */
@Command(
    name = "engines",
    description = "List what can compute on this machine, and what is chosen.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  depthwise engines", "  depthwise train --engine reference ..."})
final class EnginesCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public void run() {
    Screen screen = main.screen();
    List<Engine> engines = Engines.all();
    if (json) {
      screen.line(
          Json.pretty(
              engines.stream()
                  .map(
                      engine ->
                          Json.object(
                              "name", engine.name(),
                              "available", engine.isAvailable(),
                              "chosen", isChosen(engine, engines),
                              "description", engine.description()))
                  .toList()));
      return;
    }
    Table table = new Table("engine", "runs here", "what it is");
    for (Engine engine : engines) {
      table.row(engine.name(), engine.isAvailable() ? "yes" : "no", engine.description());
    }
    table.lines(screen).forEach(screen::line);
    screen.line("");
    screen.line(choice(engines));
  }

  private static boolean isChosen(Engine engine, List<Engine> engines) {
    return engine.isAvailable() && engine == engines.get(0);
  }

  /** Which engine is chosen where nobody names one, and why. */
  static String choice(List<Engine> engines) {
    List<Engine> available = engines.stream().filter(Engine::isAvailable).toList();
    if (available.isEmpty()) {
      return "None can run here: put depthwise-engine-onednn on the class path.";
    }
    String chosen = available.get(0).name();
    return available.size() == 1
        ? "Chosen: %s, the only one that runs here.".formatted(chosen)
        : "Chosen: %s, the fastest that runs here; --engine chooses another.".formatted(chosen);
  }
}
