package dev.depthwise.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

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
final class WeightsCommand implements Runnable {
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
