package dev.depthwise.cli;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Engines;
import dev.depthwise.inference.Classifier;
import dev.depthwise.inference.Guess;
import dev.depthwise.network.Cost;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.training.Evaluation;
import dev.depthwise.vision.Data;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows in a minute what there is. */
@Command(
    name = "quickstart",
    description = {
      "See it work, in about a minute and without a network connection.",
      "",
      "Says what this machine runs on, classifies sample pictures with the network that is shipped,"
          + " evaluates it on a sample of Fashion-MNIST, trains a deep residual network beside its"
          + " plain twin, and writes a report."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  depthwise quickstart", "  depthwise quickstart --no-train --out report.html"})
final class QuickstartCommand implements Runnable {
  private static final int THUMBNAIL = 16;
  private static final int COLUMN = 50;
  private static final int BAR = 10;
  private static final int TOP = 3;
  private static final Twins.Setting TWINS =
      new Twins.Setting("resnet56", "plain56", 16, 64, 0.05, 4);

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "quickstart-report.html",
      description = "Where the report goes (default: ${DEFAULT-VALUE}).")
  private String out = "quickstart-report.html";

  @Option(names = "--no-train", description = "Train nothing.")
  private boolean noTrain;

  @Mixin private final EngineOptions machine = new EngineOptions();

  @Override
  public void run() {
    Screen screen = main.screen();
    long begin = System.nanoTime();
    int threads = machine.threads();
    Path report = Targets.writable(out);
    Network network = Models.read(Models.requireShipped());
    Data sample = Data.open("sample");

    head(screen, "This machine");
    List<Engine> engines = Engines.all();
    Engine engine = machine.engine();
    List<String> facts = facts(engine, engines, threads);
    facts.forEach(fact -> screen.line("  " + fact));

    head(screen, "What do these pictures show?");
    screen.line(
        "  asked: the network that is shipped, %,d parameters, trained by depthwise train"
            .formatted(Cost.of(network.model().graph()).learned()));
    screen.line("");
    List<Report.Classified> classified = classify(screen, network, engine, threads);

    head(screen, "How often is it right?");
    Dataset test = Relabeled.of(sample.test().orElse(sample.train()), network.labels(), screen);
    Evaluation evaluation;
    try (ProgressSeries progress = new ProgressSeries(screen, "evaluating")) {
      evaluation = Evaluation.of(engine, network, test, 128, threads, progress::at);
    }
    EvaluateCommand.print(screen, test, evaluation, network.labels(), "  ");

    Twins twins = null;
    if (!noTrain) {
      head(screen, "Why residual?");
      twins = new Twins(TWINS, sample.train(), engine, threads);
      screen.line(
          "  %s and its twin without shortcuts learn the same %,d pictures (%d pixels wide), same"
              .formatted(TWINS.residual(), sample.train().size(), TWINS.side()));
      screen.line("  first weights, same order: what differs is the shortcuts.");
      screen.line("");
      new TwinsScreen(screen, twins).train();
    }

    Report.write(report, facts, classified, evaluation, network.labels(), twins);
    head(screen, "And now?");
    screen.line("  the report:          %s".formatted(report.toAbsolutePath().toUri()));
    screen.line("  your own pictures:   depthwise classify PICTURE...");
    screen.line("  train it yourself:   " + Report.TRAIN);
    screen.line("  look inside:         depthwise summary resnet50");
    screen.line("  everything:          depthwise --help");
    screen.line("");
    screen.line(
        screen.toned(
            Screen.Tone.FAINT, "done in " + Durations.text((System.nanoTime() - begin) / 1e9)));
  }

  private static void head(Screen screen, String text) {
    screen.line("");
    screen.line(screen.toned(Screen.Tone.STRONG, text));
  }

  private static List<String> facts(Engine engine, List<Engine> engines, int threads) {
    List<String> facts = new ArrayList<>();
    facts.add("%s: %s".formatted(engine.name(), engine.description()));
    boolean best = engines.get(0).name().equals(engine.name());
    facts.add(
        best
            ? EnginesCommand.choice(engines)
            : "Chosen by --engine; the fastest here would be %s.".formatted(engines.get(0).name()));
    facts.add(
        "%s of %d processors; Java %s on %s %s"
            .formatted(
                threads == 0 ? "all" : String.valueOf(threads),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch")));
    return facts;
  }

  private static List<Report.Classified> classify(
      Screen screen, Network network, Engine engine, int threads) {
    List<Report.Classified> classified = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    try (Classifier classifier =
        Classifier.of(network, engine, CompileOptions.batch(1).withThreads(threads))) {
      for (Path file : samplePictures()) {
        Picture picture = PictureReader.read(file);
        List<Guess> guesses = classifier.classify(picture, TOP);
        classified.add(new Report.Classified(file, picture, guesses));
        List<String> text = new ArrayList<>();
        text.add(screen.toned(Screen.Tone.STRONG, String.valueOf(file.getFileName())));
        text.addAll(ClassifyCommand.guesses(screen, guesses, BAR));
        cells.add(
            screen.outTerminal()
                ? Thumbnail.beside(Thumbnail.lines(picture, THUMBNAIL, screen), THUMBNAIL, text)
                : text);
      }
    }
    int columns = Math.max(1, Math.min(3, screen.width() / (COLUMN + 2)));
    Thumbnail.inColumns(cells, columns, COLUMN)
        .forEach(line -> screen.line(("  " + line).stripTrailing()));
    return classified;
  }

  private static List<Path> samplePictures() {
    String home = System.getProperty(Data.HOME_PROPERTY);
    Path folder = Path.of(home == null ? "." : home, "data", "pictures");
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    } catch (IOException e) {
      throw new InputException("the sample pictures are not there: " + Failures.message(e), e);
    }
  }
}
