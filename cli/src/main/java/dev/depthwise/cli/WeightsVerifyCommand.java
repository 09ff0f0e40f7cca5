package dev.depthwise.cli;

import dev.depthwise.catalogue.Cache;
import dev.depthwise.catalogue.Catalogue;
import dev.depthwise.catalogue.Checksum;
import dev.depthwise.catalogue.PublishedFile;
import dev.depthwise.catalogue.PublishedWeights;
import dev.depthwise.network.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Holds the published weights that are here against what they should be. */
@Command(
    name = "verify",
    description = {
      "Hold the published weights that are in the cache against their checksums.",
      "",
      "What counts is NAME.sha256 beside a file, else what is published. Nothing is written."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:All files are what they should be, or nothing says what they should be.",
      "1:A file is something else.",
      "2:The file that was asked for is not there."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise weights verify",
      "  depthwise weights verify resnet50 --style keras --json"
    })
final class WeightsVerifyCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private WeightsCommand parent;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "An architecture; or labels (default: all that is in the cache).")
  @Nullable String model;

  @Mixin private final PublishedOptions published = new PublishedOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Screen screen = parent.screen();
    Cache kept = published.cache();
    List<PublishedFile> files =
        model == null
            ? Stream.concat(
                    Catalogue.all().stream().map(PublishedWeights::file),
                    Stream.of(Catalogue.classIndex()))
                .distinct()
                .toList()
            : List.of(published.file(model));
    Table table = new Table("file", "is", "checksum");
    List<Object> objects = new ArrayList<>();
    boolean wrong = false;
    for (PublishedFile file : files) {
      Cache.Verdict verdict = kept.check(file);
      if (verdict.state() == Cache.State.MISSING) {
        continue;
      }
      wrong |= verdict.state() == Cache.State.WRONG;
      String expected = kept.expected(file).map(Checksum::toString).orElse(null);
      String found = verdict.found().map(Checksum::toString).orElse(null);
      table.row(
          file.name(),
          word(verdict.state()),
          verdict.state() == Cache.State.WRONG
              ? "%s, should be %s".formatted(found, expected)
              : found == null ? "none is known" : found);
      objects.add(
          Json.object(
              "path",
              kept.place(file).toAbsolutePath().toString(),
              "is",
              word(verdict.state()),
              "expected",
              expected,
              "found",
              found));
    }
    if (model != null && objects.isEmpty()) {
      throw new InputException(
          "%s: is not there; depthwise weights pull fetches it"
              .formatted(kept.place(files.get(0))));
    }
    if (json) {
      screen.line(Json.pretty(Json.object("files", objects, "wrong", wrong)));
    } else if (objects.isEmpty()) {
      screen.note("%s: no published files are there".formatted(kept.folder()));
    } else {
      table.lines(screen).forEach(screen::line);
    }
    return wrong ? 1 : 0;
  }

  private static String word(Cache.State state) {
    return switch (state) {
      case MISSING -> "missing";
      case WHOLE -> "right";
      case UNKNOWN -> "unknown";
      case WRONG -> "wrong";
    };
  }
}
