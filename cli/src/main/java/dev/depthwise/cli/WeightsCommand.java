package dev.depthwise.cli;

import picocli.CommandLine.Command;

/** What can be done with weights alone. */
@Command(
    name = "weights",
    description = "Fetch published weights; look into weight files, and convert them.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      WeightsListCommand.class,
      WeightsPullCommand.class,
      WeightsVerifyCommand.class,
      WeightsPathCommand.class,
      WeightsInspectCommand.class,
      WeightsConvertCommand.class
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise weights list",
      "  depthwise weights pull resnet50 --style keras",
      "  depthwise weights inspect resnet50.pth",
      "  depthwise weights convert resnet50.pth resnet50.safetensors"
    })
final class WeightsCommand extends CommandGroup {}
