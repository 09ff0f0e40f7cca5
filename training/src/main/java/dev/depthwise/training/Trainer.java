package dev.depthwise.training;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Batches;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Preprocessor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The training loop. */
public final class Trainer {
  private final TrainingRun run;
  private final Recipe recipe;
  private final TrainingListener listener;
  private final @Nullable RunDirectory directory;
  private final Map<String, String> options;
  private final Batches.Options batches;
  private final int steps;
  private final List<EpochReport> history = new ArrayList<>();
  private long step;
  private @Nullable Path newest;

  private Trainer(TrainingRun run, TrainingListener listener, @Nullable RunDirectory directory) {
    this.run = run;
    this.recipe = run.recipe();
    this.listener = listener;
    this.directory = directory;
    options = directory == null ? Map.of() : RunOptions.of(run);
    int size = run.train().size();
    // Batch norm has nothing to measure in a last batch of one picture.
    boolean dropLast = size > recipe.batch() && size % recipe.batch() == 1;
    batches =
        new Batches.Options(
            recipe.batch(), true, dropLast, recipe.seed(), Evaluation.preparingThreads());
    int together = recipe.descent().accumulation();
    steps = (batches.count(size) + together - 1) / together;
  }

  /**
   * Trains a network.
   *
   * <p>An epoch's pictures come in an order of its own; a short last batch is a step as well, its
   * loss the mean over its pictures (only a last batch of a single picture is left out). After each
   * epoch the engine goes on from parameters and moments in single precision, whatever it keeps
   * inside: so a run that is broken off and resumed ends with the bits of one that was not, on the
   * same engine with the same number of threads.
   *
   * <p>May be called by several threads at a time; each run has executables of its own.
   *
   * @throws dev.depthwise.network.InputException if the output directory holds a run and that was
   *     neither to be resumed nor overwritten, or if the run to be resumed is another; if a picture
   *     is broken
   * @throws dev.depthwise.weights.WriteException if something could not be written; the last
   *     checkpoint stands
   * @throws DivergenceException if the loss is no number any more; the last checkpoint stands
   */
  public static TrainingResult fit(TrainingRun run, TrainingListener listener) {
    Optional<RunOutput> output = run.output();
    if (output.isEmpty()) {
      return new Trainer(run, listener, null).fit();
    }
    try (RunDirectory directory = RunDirectory.open(output.get())) {
      return new Trainer(run, listener, directory).fit();
    }
  }

  private TrainingResult fit() {
    Checkpoint checkpoint = resume();
    Network network = checkpoint == null ? run.network() : checkpoint.network();
    listener.onStart(run, List.copyOf(history));
    if (history.size() < recipe.epochs()) {
      network = network(train(network.model(), checkpoint));
    }
    if (directory != null && newest != null) {
      directory.finish(newest);
    }
    TrainingResult result = new TrainingResult(network, history);
    listener.onEnd(result);
    return result;
  }

  private @Nullable Checkpoint resume() {
    if (directory == null) {
      return null;
    }
    newest = directory.newest().orElse(null);
    if (newest == null) {
      return null;
    }
    Checkpoint checkpoint = Checkpoint.read(newest);
    RunState state = checkpoint.state();
    RunOptions.requireSame(directory.path(), state.options(), options);
    if (!state.engine().equals(run.engine().name()) || state.threads() != threads()) {
      listener.onNote(
          "the run began with engine %s on %d threads and goes on with engine %s on %d: the result will be as good, but not the same to the bit"
              .formatted(state.engine(), state.threads(), run.engine().name(), threads()));
    }
    history.addAll(state.history());
    step = state.step();
    // The process may have ended between a checkpoint and its metrics.
    Metrics.write(directory.path(), history);
    return checkpoint;
  }

  private int threads() {
    return run.threads() == 0 ? Runtime.getRuntime().availableProcessors() : run.threads();
  }

  private Weights train(Model model, @Nullable Checkpoint checkpoint) {
    try (Learner learner = new Learner(run, model);
        Validation validation = Validation.of(run, model)) {
      if (checkpoint != null) {
        learner.load(model.weights(), checkpoint.moments());
      }
      Weights weights = model.weights();
      while (history.size() < recipe.epochs()) {
        weights = epoch(learner, validation);
      }
      return weights;
    }
  }

  private Weights epoch(Learner learner, Validation validation) {
    final long began = System.nanoTime();
    Learner.Sums sums = new Learner.Sums();
    Descent descent = recipe.descent();
    double rate = 0;
    double waited;
    try (Batches prepared =
        new Batches(
            run.train(),
            new Preprocessor(run.network().preprocessing()),
            recipe.augmentation(),
            batches,
            history.size(),
            0)) {
      for (int number = 1; number <= steps; number++) {
        rate = descent.learningRate() * descent.schedule().factor(step, steps, recipe.epochs());
        Learner.Step taken = learner.step(prepared, pictures(number), step, rate, sums);
        if (!Double.isFinite(taken.loss())) {
          throw diverged(
              "the loss of epoch %d, step %d of %d is not finite"
                  .formatted(history.size() + 1, number, steps));
        }
        step++;
        StepReport report =
            new StepReport(
                history.size() + 1,
                recipe.epochs(),
                number,
                steps,
                taken.loss(),
                sums.loss / sums.pictures,
                (double) sums.correct / sums.pictures,
                rate,
                taken.gradientNorm(),
                sums.pictures / secondsSince(began));
        learner.view().show(() -> listener.onStep(report, learner.view()));
      }
      waited = prepared.secondsWaited();
    }
    final double trained = secondsSince(began);
    Weights weights = learner.weights();
    requireFinite(weights);
    Map<Weights.Key, List<Tensor>> moments = learner.moments();
    // An engine may keep more digits than a checkpoint holds: both go on from the same numbers.
    learner.load(weights, moments);
    Evaluation evaluation = validation.evaluate(weights, listener);
    EpochReport report =
        new EpochReport(
            history.size() + 1,
            rate,
            sums.loss / sums.pictures,
            (double) sums.correct / sums.pictures,
            evaluation == null ? null : evaluation.loss(),
            evaluation == null ? null : evaluation.top1(),
            secondsSince(began),
            sums.pictures / trained,
            waited / trained);
    if (evaluation != null && !Double.isFinite(evaluation.loss())) {
      throw diverged("the validation loss after epoch %d is not finite".formatted(report.epoch()));
    }
    history.add(report);
    listener.onEpoch(report);
    if (directory != null) {
      newest = directory.write(checkpoint(weights, moments));
      listener.onCheckpoint(newest);
    }
    return weights;
  }

  /** How many pictures a step of an epoch takes, counted from 1. */
  private int pictures(int number) {
    int full = recipe.batch() * recipe.descent().accumulation();
    int size = run.train().size();
    int all = batches.dropLast() ? size / recipe.batch() * recipe.batch() : size;
    return Math.min(full, all - (number - 1) * full);
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) * 1e-9;
  }

  private void requireFinite(Weights weights) {
    weights
        .tensors()
        .forEach(
            (key, tensor) -> {
              FloatBuffer values = tensor.values();
              while (values.hasRemaining()) {
                if (!Float.isFinite(values.get())) {
                  throw diverged(
                      "%s is not finite after epoch %d".formatted(key, history.size() + 1));
                }
              }
            });
  }

  private DivergenceException diverged(String when) {
    return new DivergenceException(
        "%s: the run diverged%s; try a learning rate lower than %s"
            .formatted(
                when,
                newest == null ? "" : "; its last checkpoint stands: " + newest,
                recipe.descent().learningRate()));
  }

  private Checkpoint checkpoint(Weights weights, Map<Weights.Key, List<Tensor>> moments) {
    return new Checkpoint(
        network(weights),
        moments,
        RunState.of(options, run.engine().name(), threads(), step, history));
  }

  /** The network after the last epoch. */
  private Network network(Weights weights) {
    EpochReport report = history.get(history.size() - 1);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("epoch", (double) report.epoch());
    metrics.put("training_loss", report.trainingLoss());
    metrics.put("training_accuracy", report.trainingAccuracy());
    if (report.validationLoss() != null && report.validationAccuracy() != null) {
      metrics.put("validation_loss", report.validationLoss());
      metrics.put("validation_accuracy", report.validationAccuracy());
    }
    return new Network(
        new Model(run.network().model().graph(), weights),
        run.network().preprocessing(),
        run.train().labels(),
        run.network().provenance(),
        metrics);
  }

  /** Looks at the validation pictures with the weights of the moment; compiled once. */
  private record Validation(TrainingRun run, @Nullable Executable executable, @Nullable Graph graph)
      implements AutoCloseable {
    static Validation of(TrainingRun run, Model model) {
      if (run.validation().isEmpty()) {
        return new Validation(run, null, null);
      }
      Model logits = Logits.model(model);
      CompileOptions options =
          CompileOptions.batch(Math.min(run.recipe().batch(), run.validation().get().size()))
              .withThreads(run.threads());
      return new Validation(run, run.engine().compile(logits, options), logits.graph());
    }

    @Nullable Evaluation evaluate(Weights weights, TrainingListener listener) {
      if (executable == null || graph == null) {
        return null;
      }
      Dataset dataset = run.validation().orElseThrow();
      executable.load(Logits.weights(graph, weights));
      return Evaluation.of(
          executable, dataset, run.network().preprocessing(), listener::onValidation);
    }

    @Override
    public void close() {
      if (executable != null) {
        executable.close();
      }
    }
  }
}
