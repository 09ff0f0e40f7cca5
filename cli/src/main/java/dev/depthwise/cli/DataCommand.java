package dev.depthwise.cli;

import picocli.CommandLine.Command;

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
final class DataCommand extends CommandGroup {}
