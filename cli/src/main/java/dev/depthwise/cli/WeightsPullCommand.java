package dev.depthwise.cli;

import dev.depthwise.catalogue.Checksum;
import dev.depthwise.catalogue.Fetch;
import dev.depthwise.catalogue.PublishedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Fetches published weights. */
@Command(
    name = "pull",
    description = {
      "Fetch published weights into the cache, unless they are there.",
      "",
      "The file gets its name only when its checksum is right. What was interrupted is gone on with"
          + " by the same command. Of a file without a published checksum, the SHA-256 is written"
          + " down beside it, and held against from then on."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise weights pull resnet50 --style keras",
      "  depthwise weights pull resnet50 --weights torchvision-v2",
      "  depthwise weights pull mobilenet --alpha 0.25 --input 3x128x128 --no-top",
      "  depthwise weights pull vgg16 --style keras --mirror /media/stick",
      "  depthwise weights pull labels"
    })
final class WeightsPullCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private WeightsCommand parent;

  @Parameters(
      paramLabel = "MODEL",
      description = "An architecture; or labels, the names of ImageNet's classes.")
  @SuppressWarnings("NullAway.Init") // required
  private String model;

  @Mixin private final PublishedOptions published = new PublishedOptions();

  @Mixin private final MirrorOptions mirror = new MirrorOptions();

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description =
          "What the file should be, in place of what is published: for a mirror that has another.")
  @Nullable String sha256;

  @Override
  public void run() {
    Screen screen = parent.screen();
    PublishedFile file = published.file(model);
    Optional<Checksum> own = Optional.ofNullable(sha256).map(Checksum::parse);
    Fetch.Fetched fetched;
    try (FetchProgress progress = new FetchProgress(screen, file.name())) {
      fetched = new Fetch(published.cache()).fetch(file, mirror.mirror(), own, progress);
    }
    screen.line(
        "%s: %s, %,d bytes, %s"
            .formatted(
                fetched.path(),
                fetched.fetched() ? "fetched" : "is there already",
                size(fetched),
                fetched
                    .held()
                    .map(sum -> "as it should be (%s)".formatted(sum))
                    .orElse(fetched.sum().toString())));
    if (fetched.held().isEmpty()) {
      screen.note(
          "no checksum of it is published: its SHA-256 is written down beside it and counts from now on");
    }
  }

  private static long size(Fetch.Fetched fetched) {
    try {
      return Files.size(fetched.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
