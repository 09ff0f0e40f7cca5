package dev.depthwise.cli;

import dev.depthwise.engine.Engine;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import dev.depthwise.training.Cancellation;
import dev.depthwise.training.ClassWeights;
import dev.depthwise.training.Initialization;
import dev.depthwise.training.Recipe;
import dev.depthwise.training.RunDirectory;
import dev.depthwise.training.RunOutput;
import dev.depthwise.training.Trainer;
import dev.depthwise.training.TrainingResult;
import dev.depthwise.training.TrainingRun;
import dev.depthwise.training.tensorboard.TensorBoard;
import dev.depthwise.vision.Augmentation;
import dev.depthwise.vision.Data;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Duplicates;
import dev.depthwise.vision.Erasing;
import dev.depthwise.vision.Flip;
import dev.depthwise.vision.PaddedCrop;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.Split;
import dev.depthwise.vision.Statistics;
import dev.depthwise.zoo.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Trains a network. */
@Command(
    name = "train",
    description = {
      "Train a network on pictures.",
      "",
      "OUT becomes a model directory that evaluate, classify, summary and predict take, with the"
          + " metrics of each epoch (metrics.jsonl, metrics.csv) and checkpoints. The test part of"
          + " the data is not looked at: choose by the validation part, and evaluate once."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    customSynopsis = "depthwise train --model MODEL --data DATA --out OUT [OPTIONS]",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise train --model resnet20 --data fashion-mnist --epochs 3 --out a",
      "  depthwise train --model resnet20 --data fashion-mnist --epochs 3 --out a --resume",
      "  depthwise train --model resnet18 --data folder:flowers --input 3x96x96 \\",
      "      --batch 32 --epochs 30 --label-smoothing 0.1 --out runs/flowers"
    })
final class TrainCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description = "An architecture; depthwise models lists them.")
  @SuppressWarnings("NullAway.Init") // required
  private String model;

  @Option(names = "--data", paramLabel = "DATA", required = true, description = Data.FORMS + ".")
  @SuppressWarnings("NullAway.Init") // required
  private String data;

  @Option(
      names = "--out",
      paramLabel = "OUT",
      required = true,
      description = "Where the model goes: a new folder.")
  @SuppressWarnings("NullAway.Init") // required
  private String out;

  @Option(names = "--resume", description = "Go on with the run in OUT after its last checkpoint.")
  private boolean resume;

  @Option(names = "--overwrite", description = "Remove the run in OUT first.")
  private boolean overwrite;

  @Option(
      names = "--skip-corrupt",
      description = "Leave corrupt pictures out and count them; without, one is an error.")
  private boolean skipCorrupt;

  @Option(
      names = "--tensorboard",
      description = "Write curves, histograms and pictures for TensorBoard into OUT/tensorboard.")
  private boolean tensorBoard;

  @Option(
      names = "--find-lr",
      description =
          "Train nothing: try learning rates from 1e-7 to 10 over a hundred steps, suggest one, and"
              + " draw the loss into OUT-learning-rate.html.")
  private boolean findLearningRate;

  @Option(names = "--json", description = "Print a line of JSON for each epoch.")
  private boolean json;

  @ArgGroup(validate = false, heading = "%nThe network:%n", order = 1)
  private final NetworkOptions network = new NetworkOptions();

  @ArgGroup(validate = false, heading = "%nHow long and how fast it learns:%n", order = 2)
  private final LearningOptions learning = new LearningOptions();

  @ArgGroup(validate = false, heading = "%nHow it is kept from learning by heart:%n", order = 3)
  private final Regularization regularization = new Regularization();

  @ArgGroup(validate = false, heading = "%nWhen it ends and what it leaves:%n", order = 4)
  private final SelectionOptions selection = new SelectionOptions();

  @ArgGroup(validate = false, heading = "%nThe machine:%n", order = 5)
  private final TrainingMachine machine = new TrainingMachine();

  /** What makes it generalise, and how that is measured. */
  static final class Regularization {
    @Option(
        names = "--weight-decay",
        paramLabel = "D",
        description = "Of kernels (default: 5e-4 for sgd, 0.01 for adamw, else 0).")
    @Nullable Double weightDecay;

    @Option(names = "--decay-all", description = "Decay biases and batch norm too.")
    boolean decayAll;

    @Option(
        names = "--label-smoothing",
        paramLabel = "S",
        defaultValue = "0",
        description = "In [0, 1) (default: ${DEFAULT-VALUE}).")
    double labelSmoothing;

    @Option(
        names = "--class-weights",
        paramLabel = "W",
        description =
            "What pictures count by class: balanced (each class the same together), or a number for"
                + " each class in their order, such as 1,2,0.5 (default: all the same).")
    @Nullable String classWeights;

    @Option(
        names = "--augment",
        paramLabel = "HOW",
        defaultValue = "standard",
        description = {
          "How pictures are varied (default: ${DEFAULT-VALUE}): " + Augmentation.FORMS + ".",
          "data preview shows what becomes of them; the guide names every term."
        })
    String augment = "standard";

    // What commands that are recorded in older models say for crop:N, flip and erase:P.
    @Option(names = "--crop-pad", paramLabel = "PIXELS", hidden = true)
    @Nullable Integer cropPad;

    @Option(names = "--flip", negatable = true, hidden = true)
    @Nullable Boolean flip;

    @Option(names = "--erase", paramLabel = "P", hidden = true)
    @Nullable Double erase;

    @Option(
        names = "--validation",
        paramLabel = "PART",
        defaultValue = "0.1",
        description =
            "Part of each class held out to choose by; 0 trains on everything (default:"
                + " ${DEFAULT-VALUE}).")
    double validation;
  }

  @Override
  public Integer call() {
    Screen screen = main.screen();
    Architecture architecture = Models.architecture(model);
    Recipe recipe = recipe();
    int threads = machine.threads();
    if (resume && overwrite) {
      throw new InputException("--resume goes on and --overwrite begins anew: choose one");
    }
    if (!(regularization.validation >= 0 && regularization.validation < 1)) {
      throw new InputException(
          "--validation must be at least 0 and less than 1, was " + regularization.validation);
    }
    Path directory = Targets.writable(out);
    if (!findLearningRate
        && !resume
        && !overwrite
        && (Models.isModel(directory) || isRun(directory))) {
      throw new InputException(
          "%s holds a run already: --resume goes on with it, --overwrite begins anew"
              .formatted(out));
    }
    Data pictures;
    Dataset train;
    Optional<Dataset> validation = Optional.empty();
    try (DataProgress progress = new DataProgress(screen)) {
      pictures = opened(data, skipCorrupt, threads, screen, progress);
      train = pictures.train();
      if (regularization.validation > 0) {
        Split split = Split.stratified(train, regularization.validation, recipe.seed());
        train = split.train();
        validation = Optional.of(split.validation());
        reportShared("validation", split.validation(), train, threads, screen, progress);
      }
      if (pictures.test().isPresent()) {
        reportShared("test", pictures.test().get(), train, threads, screen, progress);
      }
    }
    network.requireTop();
    Shape input = network.options().input().orElseGet(() -> input(pictures, architecture));
    Graph graph =
        architecture.graph(
            network
                .options()
                .withInput(input)
                .withClasses(network.classes == null ? train.labels().size() : network.classes));
    Statistics statistics = Statistics.of(train, input.channels());
    Engine engine = machine.engine();
    Network initial =
        Network.of(
                Initialization.initialize(graph, recipe.seed()),
                statistics.preprocessing(input.height(), input.width()))
            .withProvenance(provenance(engine));
    RunOutput output =
        RunOutput.of(directory)
            .withExisting(
                resume
                    ? RunOutput.Existing.RESUME
                    : overwrite ? RunOutput.Existing.OVERWRITE : RunOutput.Existing.REFUSE);
    if (selection.checkpointEvery != null) {
      output = output.withCheckpointEvery(selection.checkpointEvery);
    }
    TrainingRun run =
        TrainingRun.of(initial, train, weighted(recipe, train), engine)
            .withThreads(threads)
            .withMemory(machine.memory())
            .withOutput(output);
    if (validation.isPresent()) {
      run = run.withValidation(validation.get());
    }
    screen.note(
        "%s (%,d parameters) on %s: %,d pictures %s in %d classes, %s"
            .formatted(
                architecture.id(),
                Cost.of(graph).learned(),
                data,
                train.size(),
                input,
                train.labels().size(),
                validation
                    .map(held -> "%,d held out for validation".formatted(held.size()))
                    .orElse("none held out")));
    screen.note("runs on " + engine.description());
    if (findLearningRate) {
      new RateSearch(screen, json, architecture.id() + " on " + data).search(run, directory);
      return 0;
    }
    Cancellation cancellation = new Cancellation();
    try (TrainingScreen watcher =
            new TrainingScreen(screen, json, out, data, pictures.test().isPresent());
        TensorBoard board = new TensorBoard(RunDirectory.tensorBoard(directory));
        Interrupts interrupts =
            new Interrupts(
                () -> {
                  cancellation.request();
                  screen.note("\nfinishing this step; Ctrl-C again ends at once");
                })) {
      TrainingResult result =
          Trainer.fit(run, tensorBoard ? watcher.and(board) : watcher, cancellation);
      return result.ending() == TrainingResult.Ending.CANCELLED ? interrupts.code() : 0;
    }
  }

  private static boolean isRun(Path directory) {
    return Files.isDirectory(directory.resolve("checkpoints"));
  }

  /** The data without corrupt pictures, or a complaint about the first of them. */
  static Data opened(
      String data, boolean skipCorrupt, int threads, Screen screen, DataProgress progress) {
    Data opened = Data.open(data, progress).checked(skipCorrupt, threads, progress);
    List<String> corrupt = opened.leftOut();
    int most = 5;
    corrupt.stream().limit(most).forEach(fault -> screen.note("left out: " + fault));
    if (corrupt.size() > most) {
      screen.note("left out: %,d more".formatted(corrupt.size() - most));
    }
    if (!corrupt.isEmpty()) {
      screen.note(
          "%,d corrupt %s left out; depthwise data check lists all"
              .formatted(corrupt.size(), corrupt.size() == 1 ? "picture" : "pictures"));
    }
    return opened;
  }

  private static void reportShared(
      String part, Dataset held, Dataset train, int threads, Screen screen, DataProgress progress) {
    List<Duplicates.Pair> pairs = Duplicates.between(held, train, threads, progress);
    if (!pairs.isEmpty()) {
      screen.note(
          "%,d of %,d %s pictures are trained on as well, such as %s = %s: what is measured there is too good"
              .formatted(
                  pairs.size(),
                  held.size(),
                  part,
                  held.title(pairs.get(0).first()),
                  train.title(pairs.get(0).second())));
    }
  }

  private Recipe recipe() {
    return Recipe.standard(learning.epochs)
        .withBatch(learning.batch)
        .withDescent(learning.descent(regularization.weightDecay, regularization.decayAll))
        .withLabelSmoothing(regularization.labelSmoothing)
        .withAugmentation(augmentation())
        .withFreezing(learning.freezing())
        .withSelection(selection.selection())
        .withSeed(learning.seed);
  }

  private Augmentation augmentation() {
    Augmentation augmentation = Augmentation.parse(regularization.augment);
    if (regularization.cropPad != null) {
      augmentation = augmentation.with(new PaddedCrop(regularization.cropPad, 0));
    }
    if (regularization.flip != null) {
      augmentation = augmentation.with(new Flip(regularization.flip ? 0.5 : 0));
    }
    return regularization.erase == null
        ? augmentation
        : augmentation.withErasing(Erasing.standard(regularization.erase));
  }

  private Recipe weighted(Recipe recipe, Dataset train) {
    if (regularization.classWeights == null) {
      return recipe;
    }
    return recipe.withClassWeights(
        regularization.classWeights.equalsIgnoreCase("balanced")
            ? ClassWeights.balanced(train)
            : ClassWeights.parse(regularization.classWeights));
  }

  /** The size that the pictures have, if it is one; else what the architecture usually takes. */
  private static Shape input(Data data, Architecture architecture) {
    Dataset dataset = data.train();
    int looks = Math.min(dataset.size(), 32);
    Picture first = dataset.picture(0);
    int channels = first.channels();
    boolean uniform = true;
    for (int look = 1; look < looks; look++) {
      Picture picture = dataset.picture((int) ((long) look * (dataset.size() - 1) / (looks - 1)));
      channels = Math.max(channels, picture.channels());
      uniform &= picture.width() == first.width() && picture.height() == first.height();
    }
    return uniform
        ? Shape.of(channels, first.height(), first.width())
        : architecture.input().withChannels(channels);
  }

  /** What makes the same model again. */
  private Map<String, String> provenance(Engine engine) {
    Recorded command = new Recorded("depthwise train");
    command.add("--model", model);
    command.add("--data", data);
    command.add("--style", network.style);
    command.add("--input", network.input);
    command.add("--shortcut", network.shortcut);
    command.add("--alpha", network.alpha == null ? null : network.alpha.toString());
    learning.addTo(command);
    command.add("--weight-decay", learning.decay(regularization.weightDecay));
    command.flag("--decay-all", regularization.decayAll);
    command.add("--label-smoothing", regularization.labelSmoothing);
    command.add("--class-weights", regularization.classWeights);
    command.add("--augment", augmentation());
    command.add("--validation", regularization.validation);
    selection.addTo(command);
    command.add("--seed", learning.seed);
    command.add("--threads", machine.threads);
    command.add("--memory", machine.memory);
    // In one order: two runs of one command leave the same files.
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("architecture", model);
    provenance.put("command", command.toString());
    provenance.put("data", data);
    provenance.put("depthwise", Main.Version.text());
    provenance.put("engine", engine.name());
    return provenance;
  }
}
