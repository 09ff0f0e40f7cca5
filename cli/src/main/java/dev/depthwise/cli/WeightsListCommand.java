package dev.depthwise.cli;

import dev.depthwise.catalogue.Cache;
import dev.depthwise.catalogue.Catalogue;
import dev.depthwise.catalogue.Checksum;
import dev.depthwise.catalogue.PublishedWeights;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Lists the published weights. */
@Command(
    name = "list",
    description = {
      "List the published weights: what they are called, how good they are, whether they are here.",
      "",
      "Accuracies are what the publishers say of ImageNet's validation pictures, in per cent."
          + " Whether a file that is here is what was published, depthwise weights verify says."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise weights list",
      "  depthwise weights list mobilenet",
      "  depthwise weights list resnet50 --style keras --json"
    })
final class WeightsListCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private WeightsCommand parent;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "An architecture, of which every set is listed.")
  @Nullable String model;

  @Option(names = "--style", paramLabel = "STYLE", description = "Only those of this port.")
  @Nullable String style;

  @Option(
      names = "--all",
      description = "Also other widths and sizes, and files without the classifier.")
  private boolean all;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private final CacheOptions cache = new CacheOptions();

  @Override
  public void run() {
    Screen screen = parent.screen();
    Cache kept = cache.cache();
    Optional<String> id =
        Optional.ofNullable(model).map(Models::architecture).map(Architecture::id);
    Optional<Style> wanted = Optional.ofNullable(style).map(Style::parse);
    List<PublishedWeights> known =
        Catalogue.all().stream()
            .filter(set -> id.isEmpty() || set.architecture().id().equals(id.get()))
            .filter(set -> wanted.isEmpty() || set.release().style() == wanted.get())
            .toList();
    List<PublishedWeights> shown =
        all || id.isPresent() ? known : known.stream().filter(WeightsListCommand::usual).toList();
    if (json) {
      screen.line(
          Json.pretty(
              Json.object(
                  "folder", kept.folder().toAbsolutePath().toString(),
                  "sets", shown.stream().map(set -> object(set, kept)).toList())));
      return;
    }
    Table table =
        new Table("model", "weights", ">alpha", ">size", "top", ">top-1", ">top-5", "here", "file");
    for (PublishedWeights set : shown) {
      table.row(
          set.architecture().id(),
          set.release().toString(),
          String.valueOf(set.alpha()),
          String.valueOf(set.size()),
          set.top() ? "yes" : "no",
          set.accuracy().map(accuracy -> "%.1f".formatted(accuracy.top1())).orElse(""),
          text(set.accuracy().map(PublishedWeights.Accuracy::top5).orElse(OptionalDouble.empty())),
          Files.exists(kept.place(set.file())) ? "yes" : "",
          set.file().name());
    }
    table.lines(screen).forEach(screen::line);
    if (shown.size() < known.size()) {
      screen.note(
          "%d of %d sets: MODEL or --all lists the other widths and sizes, and those without top"
              .formatted(shown.size(), known.size()));
    }
    shown.stream().map(PublishedWeights::licence).distinct().sorted().forEach(screen::note);
  }

  private static boolean usual(PublishedWeights set) {
    return set.top() && set.alpha() == 1 && set.size() == set.architecture().input().height();
  }

  private static String text(OptionalDouble accuracy) {
    return accuracy.isPresent() ? "%.1f".formatted(accuracy.getAsDouble()) : "";
  }

  private static Object object(PublishedWeights set, Cache cache) {
    Optional<Checksum> checksum = set.file().checksum();
    OptionalDouble top5 =
        set.accuracy().map(PublishedWeights.Accuracy::top5).orElse(OptionalDouble.empty());
    return Json.object(
        "model", set.architecture().id(),
        "weights", set.release().toString(),
        "style", set.release().style().toString(),
        "alpha", set.alpha(),
        "size", set.size(),
        "top", set.top(),
        "address", set.file().address().toString(),
        "bytes", set.file().size().isPresent() ? set.file().size().getAsLong() : null,
        "checksum", checksum.map(sum -> sum.algorithm() + ":" + sum.hex()).orElse(null),
        "top1", set.accuracy().map(PublishedWeights.Accuracy::top1).orElse(null),
        "top5", top5.isPresent() ? top5.getAsDouble() : null,
        "preprocessing", preprocessing(set),
        "labels", set.top() ? Catalogue.classIndex().address().toString() : null,
        "licence", set.licence(),
        "path", cache.place(set.file()).toAbsolutePath().toString(),
        "here", Files.exists(cache.place(set.file())),
        "pull", PublishedOptions.pull(set));
  }

  private static @Nullable Object preprocessing(PublishedWeights set) {
    Options options =
        Options.defaults()
            .withInput(Shape.of(3, set.size(), set.size()))
            .withStyle(set.release().style());
    Optional<Preprocessing> found = set.preprocessing(options);
    return found
        .map(
            way ->
                Json.object(
                    "height", way.height(),
                    "width", way.width(),
                    "resizing", way.resizing().toString(),
                    "interpolation", way.interpolation().toString(),
                    "order", way.order().toString(),
                    "divisor", way.divisor(),
                    "mean", way.mean(),
                    "deviation", way.deviation()))
        .orElse(null);
  }
}
