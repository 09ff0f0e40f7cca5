package dev.depthwise.cli;

import dev.depthwise.catalogue.Cache;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Says where published weights lie. */
@Command(
    name = "path",
    description = {
      "Print where published weights lie, or belong if they are not there; without MODEL, the folder."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise weights path",
      "  cp resnet50.h5 \"$(depthwise weights path resnet50 --style keras)\""
    })
final class WeightsPathCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private WeightsCommand parent;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "An architecture; or labels, the names of ImageNet's classes.")
  @Nullable String model;

  @Mixin private final PublishedOptions published = new PublishedOptions();

  @Override
  public void run() {
    Screen screen = parent.screen();
    Cache kept = published.cache();
    Path path = model == null ? kept.folder() : kept.place(published.file(model));
    screen.line(path.toAbsolutePath().toString());
    if (!Files.exists(path)) {
      screen.note("nothing is there yet");
    }
  }
}
