package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import dev.depthwise.training.Adam;
import dev.depthwise.training.AdamW;
import dev.depthwise.training.Curve;
import dev.depthwise.training.Decay;
import dev.depthwise.training.Descent;
import dev.depthwise.training.Freezing;
import dev.depthwise.training.Metric;
import dev.depthwise.training.Optimizer;
import dev.depthwise.training.RmsProp;
import dev.depthwise.training.Schedule;
import dev.depthwise.training.Sgd;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a network learns, how fast, and by which rule. */
final class LearningOptions {
  private static final List<String> OPTIMIZERS = List.of("sgd", "adam", "adamw", "rmsprop");
  private static final List<String> CURVES =
      List.of("cosine", "step", "poly", "exponential", "one-cycle", "plateau", "constant");

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Passes over the pictures (default: ${DEFAULT-VALUE}).")
  int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "Pictures that are computed together (default: ${DEFAULT-VALUE}).")
  int batch;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Batches in a step: as if the batch were so many times larger, in the memory of one"
              + " (default: ${DEFAULT-VALUE}).")
  int accumulation;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "sgd",
      description =
          "How weights follow their gradients: sgd, adam, adamw or rmsprop (default:"
              + " ${DEFAULT-VALUE}).")
  String optimizer = "sgd";

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "The learning rate at its largest (default: 0.1; 0.001 for all but sgd).")
  @Nullable Double learningRate;

  @Option(
      names = "--momentum",
      paramLabel = "M",
      description = "Of sgd (default: 0.9) and rmsprop (default: 0).")
  @Nullable Double momentum;

  @Option(
      names = "--no-nesterov",
      negatable = true,
      description = "sgd's momentum in Nesterov's form (the default) or in Polyak's.")
  boolean polyak;

  @Option(
      names = "--beta1",
      paramLabel = "B",
      description = "How long adam and adamw remember gradients (default: 0.9).")
  @Nullable Double beta1;

  @Option(
      names = "--beta2",
      paramLabel = "B",
      description =
          "How long squares of gradients are remembered (default: 0.999; 0.99 for rmsprop, which"
              + " calls it alpha).")
  @Nullable Double beta2;

  @Option(
      names = "--epsilon",
      paramLabel = "E",
      description = "Added where adam, adamw and rmsprop divide (default: 1e-8).")
  @Nullable Double epsilon;

  @Option(
      names = "--schedule",
      paramLabel = "CURVE",
      defaultValue = "cosine",
      description = {
        "How the rate falls (default: ${DEFAULT-VALUE}): cosine; step, at --milestones by --gamma;"
            + " poly, to 0 with --power; exponential, after each epoch by --gamma; one-cycle, up for"
            + " 0.3 of the run and down; plateau, by --gamma when the validation loss makes no"
            + " progress for --plateau-patience epochs; constant."
      })
  String schedule = "cosine";

  @Option(
      names = "--gamma",
      paramLabel = "G",
      description =
          "What step, exponential and plateau multiply the rate by (default: 0.1; 0.95 for"
              + " exponential).")
  @Nullable Double gamma;

  @Option(
      names = "--milestones",
      paramLabel = "PARTS",
      split = ",",
      description = "When step falls, in parts of the run (default: 0.5,0.75).")
  @Nullable List<Double> milestones;

  @Option(
      names = "--power",
      paramLabel = "P",
      description = "Of poly (default: 1, a straight line).")
  @Nullable Double power;

  @Option(
      names = "--plateau-patience",
      paramLabel = "EPOCHS",
      description = "Epochs without progress that plateau lets pass (default: 5).")
  @Nullable Integer plateauPatience;

  @Option(
      names = "--warmup",
      paramLabel = "EPOCHS",
      description =
          "Over how many epochs the rate first rises (default: 1, or a quarter of a shorter run; 0"
              + " for one-cycle).")
  @Nullable Double warmup;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Shorten gradients that are longer, all of a step together (default: never).")
  @Nullable Double clip;

  @Option(
      names = "--average",
      paramLabel = "DECAY",
      description =
          "Keep an exponential moving average of the weights, such as 0.999; it is what is"
              + " evaluated and what comes out (default: none).")
  @Nullable Double average;

  @Option(
      names = "--freeze",
      paramLabel = "PART",
      description =
          "A layer, or the beginning of layers' names, that is not trained; its batch norms keep to"
              + " their running statistics. May be given several times.")
  List<String> frozen = new ArrayList<>();

  @Option(
      names = "--freeze-all-but-head",
      description = "Train nothing but the last layer before each output.")
  boolean freezeAllButHead;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Of the first weights, the validation part, the order and the augmentation (default:"
              + " ${DEFAULT-VALUE}). One seed and one number of threads give one result.")
  long seed;

  /**
   * How parameters follow the loss.
   *
   * @param weightDecay null for what suits the optimiser
   */
  Descent descent(@Nullable Double weightDecay, boolean decayAll) {
    Descent descent =
        Descent.of(rate(), schedule(), optimizer(new Decay(decay(weightDecay), decayAll)))
            .withAccumulation(accumulation);
    if (clip != null) {
      descent = descent.withClipping(clip);
    }
    return average == null ? descent : descent.withAveraging(average);
  }

  Freezing freezing() {
    return new Freezing(frozen, freezeAllButHead);
  }

  private boolean isSgd() {
    return isOptimizer("sgd");
  }

  private boolean isOptimizer(String name) {
    return optimizer.equalsIgnoreCase(name);
  }

  private double rate() {
    return or(learningRate, isSgd() ? 0.1 : 1e-3);
  }

  /** The weight decay that suits the optimiser, where none was given. */
  double decay(@Nullable Double given) {
    return or(given, isSgd() ? 5e-4 : isOptimizer("adamw") ? 1e-2 : 0);
  }

  private Optimizer optimizer(Decay decay) {
    String name = optimizer.toLowerCase(Locale.ROOT);
    if (!OPTIMIZERS.contains(name)) {
      throw unknown("optimizer", optimizer, OPTIMIZERS);
    }
    boolean adam = name.startsWith("adam");
    boolean rmsprop = name.equals("rmsprop");
    refuse("--momentum", momentum, adam, "sgd and rmsprop");
    refuse("--beta1", beta1, !adam, "adam and adamw");
    refuse("--beta2", beta2, isSgd(), "adam, adamw and rmsprop");
    refuse("--epsilon", epsilon, isSgd(), "adam, adamw and rmsprop");
    if (rmsprop) {
      return new RmsProp(or(beta2, 0.99), or(epsilon, 1e-8), or(momentum, 0), decay);
    }
    if (isSgd()) {
      return new Sgd(or(momentum, 0.9), nesterov(), decay);
    }
    double first = or(beta1, 0.9);
    double second = or(beta2, 0.999);
    return name.equals("adamw")
        ? new AdamW(first, second, or(epsilon, 1e-8), decay)
        : new Adam(first, second, or(epsilon, 1e-8), decay);
  }

  private boolean nesterov() {
    return !polyak && or(momentum, 0.9) > 0;
  }

  private Schedule schedule() {
    String name = schedule.toLowerCase(Locale.ROOT);
    boolean step = name.equals("step");
    boolean exponential = name.equals("exponential");
    boolean plateau = name.equals("plateau");
    boolean poly = name.equals("poly");
    if (CURVES.contains(name)) {
      refuse("--gamma", gamma, !step && !exponential && !plateau, "step, exponential and plateau");
      refuse("--milestones", milestones, !step, "the schedule step");
      refuse("--power", power, !poly, "the schedule poly");
      refuse("--plateau-patience", plateauPatience, !plateau, "the schedule plateau");
    }
    Curve curve =
        switch (name) {
          case "cosine" -> new Curve.Cosine();
          case "step" ->
              new Curve.Step(or(gamma, 0.1), milestones == null ? List.of(0.5, 0.75) : milestones);
          case "poly" -> new Curve.Polynomial(or(power, 1));
          case "exponential" -> new Curve.Exponential(or(gamma, 0.95));
          case "one-cycle" -> Schedule.oneCycle().curve();
          case "plateau" ->
              new Curve.Plateau(
                  Metric.LOSS,
                  plateauPatience == null ? 5 : plateauPatience,
                  or(gamma, 0.1),
                  1e-4,
                  0);
          case "constant" -> new Curve.Constant();
          default -> throw unknown("schedule", schedule, CURVES);
        };
    return new Schedule(curve, warmup());
  }

  private double warmup() {
    return or(warmup, schedule.equalsIgnoreCase("one-cycle") ? 0 : Math.min(1, epochs / 4.0));
  }

  /** Adds to a command what makes the same again. */
  void addTo(Recorded command) {
    command.add("--epochs", epochs);
    command.add("--batch", batch);
    command.add("--accumulate", accumulation == 1 ? null : accumulation);
    command.add("--optimizer", isSgd() ? null : optimizer);
    command.add("--lr", rate());
    command.add("--schedule", schedule);
    command.add("--gamma", gamma);
    command.add(
        "--milestones",
        milestones == null
            ? null
            : String.join(",", milestones.stream().map(String::valueOf).toList()));
    command.add("--power", power);
    command.add("--plateau-patience", plateauPatience);
    command.add("--warmup", warmup());
    command.add("--momentum", isSgd() ? Double.valueOf(or(momentum, 0.9)) : momentum);
    command.flag("--no-nesterov", isSgd() && !nesterov());
    command.add("--beta1", beta1);
    command.add("--beta2", beta2);
    command.add("--epsilon", epsilon);
    command.add("--clip", clip);
    command.add("--average", average);
    frozen.forEach(part -> command.add("--freeze", part));
    command.flag("--freeze-all-but-head", freezeAllButHead);
  }

  private static double or(@Nullable Double given, double usual) {
    return given == null ? usual : given;
  }

  private static void refuse(
      String option, @Nullable Object given, boolean foreign, String owners) {
    if (given != null && foreign) {
      throw new InputException("%s is of %s; leave it out".formatted(option, owners));
    }
  }

  private static InputException unknown(String option, String given, List<String> known) {
    return new InputException(
        "there is no --%s '%s'; %s".formatted(option, given, Names.suggest(given, known)));
  }
}
