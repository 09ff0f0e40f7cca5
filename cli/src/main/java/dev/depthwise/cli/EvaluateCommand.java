package dev.depthwise.cli;

import dev.depthwise.catalogue.PublishedWeights;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import dev.depthwise.network.Network;
import dev.depthwise.training.Cancellation;
import dev.depthwise.training.Evaluation;
import dev.depthwise.vision.Data;
import dev.depthwise.vision.Dataset;
import dev.depthwise.zoo.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
          + " is among the five largest, loss the mean cross entropy in nats.",
      "",
      "--data imagenet:DIR takes ImageNet's validation pictures: in folders named n01440764 and so"
          + " on, or all in DIR with a ground truth in it or beside it (val.txt,"
          + " LOC_val_solution.csv, ILSVRC2012_validation_ground_truth.txt). What is published stands"
          + " beside what is measured; pictures that cannot be read are listed and left out."
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
      "  depthwise evaluate runs/flowers --data folder:flowers --json",
      "  depthwise evaluate resnet50 --weights keras --data imagenet:val",
      "  depthwise evaluate resnet50 --weights keras --data imagenet:val --resume"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final String IMAGENET = "imagenet:";
  private static final int BAR = 20;
  private static final int BATCH = 128;

  /** Of more classes, nobody wants to know of each how often it is taken for which other. */
  private static final int MOST_CONFUSED = 1000;

  /** Of large pictures, fewer fill the processors. */
  private static final int LARGE_BATCH = 32;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "A model directory, a run of train, or an architecture with --weights (default: the"
              + " network that is shipped).")
  @Nullable String argument;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description = Data.FORMS + ", imagenet:DIR.")
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
      description = "Pictures at a time (default: 128, of ImageNet 32).")
  @Nullable Integer batch;

  @Option(
      names = "--skip-corrupt",
      description =
          "Leave corrupt pictures out and count them; without, one is an error (not of ImageNet).")
  private boolean skipCorrupt;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @ArgGroup(validate = false, heading = "%nOf ImageNet:%n")
  private final ImageNetOptions imageNet = new ImageNetOptions();

  @Mixin private final EngineOptions machine = new EngineOptions();

  @Override
  public Integer call() {
    Screen screen = main.screen();
    if (data.startsWith(IMAGENET)) {
      requireNone("--split", split);
      return imageNet();
    }
    imageNet.refuse();
    int threads = machine.threads();
    ModelOptions.Named named = model.network(argument, screen);
    Network network = named.network();
    Dataset dataset = Relabeled.of(part(screen), network.labels(), screen);
    Evaluation evaluation;
    try (ProgressSeries progress = new ProgressSeries(screen, "evaluating")) {
      evaluation =
          Evaluation.of(
              machine.engine(),
              network,
              dataset,
              batch == null ? BATCH : batch,
              threads,
              progress::at);
    }
    List<String> labels = network.labels().isEmpty() ? evaluation.labels() : network.labels();
    if (json) {
      screen.line(Json.pretty(object(named.name(), evaluation, labels)));
    } else {
      print(screen, dataset, evaluation, labels, "");
    }
    return 0;
  }

  private static void requireNone(String option, @Nullable Object value) {
    if (value != null) {
      throw new InputException("imagenet: has one part: leave out " + option);
    }
  }

  private int imageNet() {
    Screen screen = main.screen();
    int threads = machine.threads();
    imageNet.check();
    String folder = data.substring(IMAGENET.length());
    if (folder.isBlank()) {
      throw new InputException(
          "--data imagenet: names no folder; expected imagenet:DIR, where ImageNet's validation"
              + " pictures are");
    }
    ImageNetPictures pictures = imageNet.pictures(Models.path(folder), screen);
    ModelOptions.Named named = model.network(argument, screen);
    ImageNetEvaluation evaluation =
        new ImageNetEvaluation(
            named.name(),
            named.network(),
            pictures,
            machine.engine(),
            batch == null ? LARGE_BATCH : batch,
            threads);
    ImageNetEvaluation.outputs(named.network());
    KeptState kept = KeptState.open(evaluation, imageNet, screen);
    int before = kept.state().scores().size();
    long begin = System.nanoTime();
    Cancellation cancellation = new Cancellation();
    int code;
    EvaluationState state;
    try (ProgressSeries progress = new ProgressSeries(screen, "evaluating");
        Interrupts interrupts =
            new Interrupts(
                () -> {
                  cancellation.request();
                  screen.note("\nfinishing this batch; Ctrl-C again ends at once");
                })) {
      state = evaluation.run(kept.state(), kept::keep, cancellation, progress::at);
      code = interrupts.code();
    }
    List<Scored> scores = state.scores();
    if (scores.size() < pictures.size()) {
      state.write(kept.file());
      screen.note(
          "stopped after %,d of %,d pictures; the same command with --resume goes on"
              .formatted(scores.size(), pictures.size()));
      return code;
    }
    double seconds = (System.nanoTime() - begin) * 1e-9;
    ImageNetReport report =
        new ImageNetReport(
            evaluation,
            scores,
            comparable(named),
            before == scores.size()
                ? OptionalDouble.empty()
                : OptionalDouble.of((scores.size() - before) / seconds));
    imageNet.predictions().ifPresent(report::predictions);
    if (json) {
      screen.line(Json.pretty(report.object(data)));
    } else {
      report.print(screen);
    }
    kept.remove();
    return 0;
  }

  /** What is published of the weights, if they were measured on pictures prepared like this. */
  private static Optional<PublishedWeights> comparable(ModelOptions.Named named) {
    return named
        .published()
        .filter(
            set ->
                set.preprocessing(Options.defaults())
                    .equals(Optional.of(named.network().preprocessing())));
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
    for (Map.Entry<Integer, Integer> taken : evaluation.takenFor(label).entrySet()) {
      if (taken.getKey() != label && taken.getValue() > most) {
        most = taken.getValue();
        name = labels.get(taken.getKey());
      }
    }
    return most == 0 ? "" : "%s (%d)".formatted(name, most);
  }

  private static List<Integer> confusion(Evaluation evaluation, int label) {
    List<Integer> confusion = new ArrayList<>();
    for (int other = 0; other < evaluation.labels().size(); other++) {
      confusion.add(evaluation.confused(label, other));
    }
    return confusion;
  }

  private Object object(String name, Evaluation evaluation, List<String> labels) {
    List<Object> classes = new ArrayList<>();
    for (int label = 0; label < labels.size(); label++) {
      OptionalDouble accuracy = evaluation.accuracy(label);
      @Nullable List<Integer> confusion =
          labels.size() > MOST_CONFUSED ? null : confusion(evaluation, label);
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
        "model",
        name,
        "data",
        data,
        "pictures",
        evaluation.size(),
        "correct",
        evaluation.correct(),
        "top1",
        evaluation.top1(),
        "top5",
        top5.isPresent() ? top5.getAsDouble() : null,
        "loss",
        evaluation.loss(),
        "classes",
        classes);
  }
}
