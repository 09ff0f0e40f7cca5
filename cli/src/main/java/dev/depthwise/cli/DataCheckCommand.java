package dev.depthwise.cli;

import dev.depthwise.vision.Data;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Duplicates;
import dev.depthwise.vision.Inspection;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Decodes every picture of a data set and says what is wrong with it. */
@Command(
    name = "check",
    description = {
      "Decode every picture of a data set; list corrupt files, pictures that occur more than once,"
          + " and pictures that are in the training part and in another.",
      "",
      "Pictures are the same if their pixels are, whatever their files are called and hold besides."
          + " What was learned of a folder is kept in its index: the next check, and train, look"
          + " only at files that are new or have changed."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Nothing is wrong; pictures that repeat within one part are only a remark.",
      "1:A file is corrupt, or a picture is in two parts.",
      "2:There is no such data."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise data check flowers",
      "  depthwise data check folder:flowers --against folder:more-flowers",
      "  depthwise data check fashion-mnist --json"
    })
final class DataCheckCommand implements Callable<Integer> {
  /** A list of repeated pictures for a person ends here; one for a program does not. */
  private static final int MOST_LINES = 20;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private DataCommand parent;

  @Parameters(paramLabel = "DATA", description = "A folder, or " + Data.FORMS + ".")
  @SuppressWarnings("NullAway.Init") // required
  private String data;

  @Option(
      names = "--against",
      paramLabel = "DATA",
      description = "Other data, of which no picture should be in this.")
  @Nullable String against;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private final EngineOptions machine = new EngineOptions();

  /**
   * One part of the data, and what was found.
   *
   * @param whole its pictures that are not corrupt; empty if all are
   */
  private record Part(
      String name,
      Dataset dataset,
      Inspection inspection,
      Optional<Dataset> whole,
      List<List<Integer>> repeated) {}

  /** Two parts that share pictures; {@code first} of the pairs counts in the first. */
  private record Shared(Part first, Part second, List<Duplicates.Pair> pairs) {}

  @Override
  public Integer call() {
    Screen screen = parent.screen();
    List<Part> parts = new ArrayList<>();
    List<Shared> shared = new ArrayList<>();
    try (DataProgress progress = new DataProgress(screen)) {
      parts.addAll(parts(data, "", progress));
      int own = parts.size();
      if (against != null) {
        parts.addAll(parts(against, " of " + against, progress));
      }
      for (int second = 1; second < parts.size(); second++) {
        // The parts of the other data are its own affair.
        for (int first = 0; first < Math.min(second, own); first++) {
          share(parts.get(first), parts.get(second), progress).ifPresent(shared::add);
        }
      }
    }
    boolean wrong =
        !shared.isEmpty() || parts.stream().anyMatch(part -> !part.inspection().faults().isEmpty());
    if (json) {
      screen.line(Json.pretty(object(parts, shared, wrong)));
    } else {
      print(screen, parts, shared, wrong);
    }
    return wrong ? 1 : 0;
  }

  private List<Part> parts(String given, String of, DataProgress progress) {
    String spec = Files.isDirectory(Models.path(given)) ? "folder:" + given : given;
    Data opened = Data.open(spec, progress);
    List<Part> parts = new ArrayList<>();
    parts.add(part((opened.test().isPresent() ? "train" : "all") + of, opened.train(), progress));
    opened.test().ifPresent(test -> parts.add(part("test" + of, test, progress)));
    return parts;
  }

  private Part part(String name, Dataset dataset, DataProgress progress) {
    int threads = machine.threads();
    Inspection inspection = Inspection.of(dataset, threads, progress);
    Optional<Dataset> whole = inspection.decoded(dataset);
    return new Part(
        name,
        dataset,
        inspection,
        whole,
        whole.isPresent() ? Duplicates.within(whole.get(), threads, progress) : List.of());
  }

  private Optional<Shared> share(Part first, Part second, DataProgress progress) {
    if (first.whole().isEmpty() || second.whole().isEmpty()) {
      return Optional.empty();
    }
    List<Duplicates.Pair> pairs =
        Duplicates.between(first.whole().get(), second.whole().get(), machine.threads(), progress);
    return pairs.isEmpty() ? Optional.empty() : Optional.of(new Shared(first, second, pairs));
  }

  private static void print(Screen screen, List<Part> parts, List<Shared> shared, boolean wrong) {
    Table table =
        new Table("part", ">pictures", ">corrupt", ">repeated", "smallest", "largest", "classes");
    for (Part part : parts) {
      table.row(
          part.name(),
          "%,d".formatted(part.dataset().size()),
          "%,d".formatted(part.inspection().faults().size()),
          "%,d".formatted(part.repeated().stream().mapToInt(List::size).sum()),
          size(extreme(part.inspection(), -1)),
          size(extreme(part.inspection(), 1)),
          classes(part.dataset()));
    }
    table.lines(screen).forEach(screen::line);
    for (Part part : parts) {
      part.inspection()
          .describeFaults(part.dataset())
          .forEach(fault -> screen.line("corrupt: " + fault));
      print(
          screen, "the same: ", part.repeated().stream().map(same -> titles(part, same)).toList());
    }
    for (Shared both : shared) {
      print(
          screen,
          "in %s and in %s: ".formatted(both.first().name(), both.second().name()),
          both.pairs().stream().map(pair -> titles(both, pair)).toList());
    }
    screen.line(wrong ? "something is wrong" : "all is well");
  }

  private static void print(Screen screen, String head, List<List<String>> groups) {
    groups.stream()
        .limit(MOST_LINES)
        .forEach(group -> screen.line(head + String.join(" = ", group)));
    if (groups.size() > MOST_LINES) {
      screen.line(head + "%,d more (--json lists all)".formatted(groups.size() - MOST_LINES));
    }
  }

  private static String classes(Dataset dataset) {
    int[] counts = counts(dataset);
    int fewest = Integer.MAX_VALUE;
    int most = 0;
    for (int count : counts) {
      fewest = Math.min(fewest, count);
      most = Math.max(most, count);
    }
    return fewest == most
        ? "%,d of %,d each".formatted(counts.length, most)
        : "%,d of %,d to %,d".formatted(counts.length, fewest, most);
  }

  private static int[] counts(Dataset dataset) {
    int[] counts = new int[dataset.labels().size()];
    for (int index = 0; index < dataset.size(); index++) {
      counts[dataset.label(index)]++;
    }
    return counts;
  }

  /** The decoded picture with the most pixels, or the fewest; -1 if none was decoded. */
  private static int[] extreme(Inspection inspection, int sign) {
    int[] size = {0, 0};
    long best = 0;
    for (int index = 0; index < inspection.size(); index++) {
      long pixels = sign * (long) inspection.width(index) * inspection.height(index);
      if (inspection.isDecoded(index) && (size[0] == 0 || pixels > best)) {
        best = pixels;
        size = new int[] {inspection.width(index), inspection.height(index)};
      }
    }
    return size;
  }

  private static String size(int[] size) {
    return size[0] == 0 ? "" : size[0] + "x" + size[1];
  }

  private static List<String> titles(Part part, List<Integer> indices) {
    return indices.stream().map(part.whole().orElseThrow()::title).toList();
  }

  private static List<String> titles(Shared both, Duplicates.Pair pair) {
    return List.of(
        both.first().whole().orElseThrow().title(pair.first()),
        both.second().whole().orElseThrow().title(pair.second()));
  }

  private Object object(List<Part> parts, List<Shared> shared, boolean wrong) {
    return Json.object(
        "data", data,
        "against", against,
        "wrong", wrong,
        "parts", parts.stream().map(DataCheckCommand::object).toList(),
        "shared",
            shared.stream()
                .map(
                    both ->
                        Json.object(
                            "parts", List.of(both.first().name(), both.second().name()),
                            "pictures",
                                both.pairs().stream().map(pair -> titles(both, pair)).toList()))
                .toList());
  }

  private static Object object(Part part) {
    Map<String, Integer> classes = new LinkedHashMap<>();
    int[] counts = counts(part.dataset());
    for (int label = 0; label < counts.length; label++) {
      classes.put(part.dataset().labels().get(label), counts[label]);
    }
    return Json.object(
        "name", part.name(),
        "pictures", part.dataset().size(),
        "classes", classes,
        "smallest", extreme(part.inspection(), -1),
        "largest", extreme(part.inspection(), 1),
        "corrupt",
            part.inspection().faults().entrySet().stream()
                .map(
                    fault ->
                        Json.object(
                            "picture", part.dataset().title(fault.getKey()),
                            "fault", fault.getValue()))
                .toList(),
        "repeated", part.repeated().stream().map(same -> titles(part, same)).toList());
  }
}
