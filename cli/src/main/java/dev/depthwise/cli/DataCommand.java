package dev.depthwise.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What can be done with data sets alone. */
@Command(
    name = "data",
    description = "Look after data sets.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DataCheckCommand.class, DataPreviewCommand.class},
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise data check flowers",
      "  depthwise data preview flowers --augment standard,rotate:15 --out sheet.png"
    })
final class DataCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private CommandSpec spec;

  /** Where this run writes. */
  Screen screen() {
    return main.screen();
  }

  @Override
  public void run() {
    spec.commandLine().usage(screen().outWriter());
  }
}
