package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import dev.depthwise.network.Network;
import dev.depthwise.training.Evaluation;
import dev.depthwise.vision.Data;
import dev.depthwise.vision.Dataset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Measures how well a model classifies. */
@Command(
    name = "evaluate",
    description = {
      "Measure how well a model classifies the pictures of a data set.",
      "",
      "top-1 is the part of pictures whose class gets the largest score, top-5 the part whose class"
          + " is among the five largest, loss the mean cross entropy in nats."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise evaluate --data fashion-mnist",
      "  depthwise evaluate runs/first --data fashion-mnist",
      "  depthwise evaluate runs/flowers --data folder:flowers --json"
    })
final class EvaluateCommand implements Runnable {
  private static final int BAR = 20;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "A model directory, or a run of train (default: the network that is shipped).")
  @Nullable String model;

  @Option(names = "--data", paramLabel = "DATA", required = true, description = Data.FORMS + ".")
  @SuppressWarnings("NullAway.Init") // required
  private String data;

  @Option(
      names = "--split",
      paramLabel = "PART",
      description =
          "test or train (default: test, or all there is where the data has no such part).")
  @Nullable String split;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "Pictures at a time (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--skip-corrupt",
      description = "Leave corrupt pictures out and count them; without, one is an error.")
  private boolean skipCorrupt;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private final EngineOptions machine = new EngineOptions();

  @Override
  public void run() {
    Screen screen = main.screen();
    int threads = machine.threads();
    Path directory = model == null ? Models.requireShipped() : Models.path(model);
    Network network = Models.read(directory);
    Dataset dataset = Relabeled.of(part(screen), network.labels(), screen);
    Evaluation evaluation;
    try (ProgressSeries progress = new ProgressSeries(screen, "evaluating")) {
      evaluation = Evaluation.of(machine.engine(), network, dataset, batch, threads, progress::at);
    }
    List<String> labels = network.labels().isEmpty() ? evaluation.labels() : network.labels();
    if (json) {
      screen.line(Json.pretty(object(directory, evaluation, labels)));
    } else {
      print(screen, dataset, evaluation, labels, "");
    }
  }

  private Dataset part(Screen screen) {
    String wanted = split == null ? null : split.toLowerCase(Locale.ROOT);
    if (wanted != null && !wanted.equals("test") && !wanted.equals("train")) {
      throw new InputException(
          "there is no --split '%s'; %s"
              .formatted(split, Names.suggest(wanted, List.of("test", "train"))));
    }
    Data whole;
    try (DataProgress progress = new DataProgress(screen)) {
      whole = TrainCommand.opened(data, skipCorrupt, machine.threads(), screen, progress);
    }
    if ("test".equals(wanted) && whole.test().isEmpty()) {
      throw new InputException(
          "%s has no test part; leave --split out for all of it".formatted(data));
    }
    return "train".equals(wanted) ? whole.train() : whole.test().orElse(whole.train());
  }

  /** Says how good it is, each line behind a margin. */
  static void print(
      Screen screen, Dataset dataset, Evaluation evaluation, List<String> labels, String margin) {
    String top1 = "top-1 %.2f %%".formatted(100 * evaluation.top1());
    screen.line(margin + screen.toned(Screen.Tone.STRONG, top1));
    OptionalDouble top5 = evaluation.top5();
    if (top5.isPresent()) {
      screen.line((margin + "top-5 %.2f %%").formatted(100 * top5.getAsDouble()));
    }
    screen.line((margin + "loss  %.4f").formatted(evaluation.loss()));
    screen.line((margin + "on %,d pictures of %s").formatted(evaluation.size(), dataset.name()));
    screen.line("");
    Table table = new Table("class", ">accuracy", "", ">pictures", "most often taken for");
    for (int label = 0; label < labels.size(); label++) {
      OptionalDouble accuracy = evaluation.accuracy(label);
      if (accuracy.isPresent()) {
        table.row(
            labels.get(label),
            "%.2f %%".formatted(100 * accuracy.getAsDouble()),
            Bars.bar(accuracy.getAsDouble(), BAR, screen.unicode()),
            "%,d".formatted(evaluation.count(label)),
            mistaken(evaluation, labels, label));
      }
    }
    table.lines(screen).forEach(line -> screen.line(margin + line));
  }

  /** The other class that a class is taken for most often. */
  private static String mistaken(Evaluation evaluation, List<String> labels, int label) {
    int most = 0;
    String name = "";
    for (int other = 0; other < labels.size(); other++) {
      int times = evaluation.confused(label, other);
      if (other != label && times > most) {
        most = times;
        name = labels.get(other);
      }
    }
    return most == 0 ? "" : "%s (%d)".formatted(name, most);
  }

  private Object object(Path directory, Evaluation evaluation, List<String> labels) {
    List<Object> classes = new ArrayList<>();
    for (int label = 0; label < labels.size(); label++) {
      OptionalDouble accuracy = evaluation.accuracy(label);
      List<Integer> confusion = new ArrayList<>();
      for (int other = 0; other < labels.size(); other++) {
        confusion.add(evaluation.confused(label, other));
      }
      classes.add(
          Json.object(
              "label",
              labels.get(label),
              "pictures",
              evaluation.count(label),
              "accuracy",
              accuracy.isPresent() ? accuracy.getAsDouble() : null,
              "takenFor",
              confusion));
    }
    OptionalDouble top5 = evaluation.top5();
    return Json.object(
        "model", directory.toString(),
        "data", data,
        "pictures", evaluation.size(),
        "correct", evaluation.correct(),
        "top1", evaluation.top1(),
        "top5", top5.isPresent() ? top5.getAsDouble() : null,
        "loss", evaluation.loss(),
        "classes", classes);
  }
}
