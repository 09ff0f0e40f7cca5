package dev.depthwise.training;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.training.TrainingResult.Ending;
import dev.depthwise.vision.Batches;
import dev.depthwise.vision.Preprocessor;
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
  private final Cancellation cancellation;
  private final @Nullable RunDirectory directory;
  private final Map<String, String> options;
  private final Batches.Options batches;
  private final int steps;
  private final List<EpochReport> history = new ArrayList<>();
  private long step;
  private @Nullable Path newest;
  private Network network;
  private @Nullable Network bestNetwork;

  private Trainer(
      TrainingRun run,
      TrainingListener listener,
      Cancellation cancellation,
      @Nullable RunDirectory directory) {
    this.run = run;
    this.recipe = run.recipe();
    this.listener = listener;
    this.cancellation = cancellation;
    this.directory = directory;
    network = run.network();
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
   * same engine with the same number of threads. In the middle of an epoch that holds for engines
   * that keep single precision, as oneDNN does.
   *
   * <p>May be called by several threads at a time; each run has executables of its own.
   *
   * @throws InputException if the output directory holds a run and that was neither to be resumed
   *     nor overwritten, or if the run to be resumed is another; if a picture is broken; if the
   *     recipe follows validation pictures and there are none
   * @throws dev.depthwise.weights.WriteException if something could not be written; the last
   *     checkpoint stands
   * @throws DivergenceException if the loss or a gradient is no number any more, or the loss is far
   *     above what guessing costs and grows over a hundred steps; the last checkpoint stands
   */
  public static TrainingResult fit(TrainingRun run, TrainingListener listener) {
    return fit(run, listener, new Cancellation());
  }

  /**
   * Trains a network until it is done, or until somebody asks it to stop: then it finishes the step
   * it is at, writes a checkpoint if it has a place for one, and comes back.
   *
   * @see #fit(TrainingRun, TrainingListener)
   */
  public static TrainingResult fit(
      TrainingRun run, TrainingListener listener, Cancellation cancellation) {
    requireValidation(run);
    Optional<RunOutput> output = run.output();
    if (output.isEmpty()) {
      return new Trainer(run, listener, cancellation, null).fit();
    }
    try (RunDirectory directory = RunDirectory.open(output.get())) {
      return new Trainer(run, listener, cancellation, directory).fit();
    }
  }

  private static void requireValidation(TrainingRun run) {
    if (run.validation().isPresent()) {
      return;
    }
    if (run.recipe().descent().schedule().needsValidation()) {
      throw new InputException("a plateau is seen in validation pictures; hold some out");
    }
    if (run.recipe().selection().needsValidation()) {
      throw new InputException("the best epoch is found by validation pictures; hold some out");
    }
  }

  private TrainingResult fit() {
    Checkpoint checkpoint = resume();
    listener.onStart(run, List.copyOf(history));
    Ending ending = ending();
    if (ending == null) {
      ending = train(checkpoint);
    }
    Optional<EpochReport> best = recipe.selection().best(history);
    if (recipe.selection().restoreBest() && bestNetwork != null && ending != Ending.CANCELLED) {
      network = bestNetwork;
    }
    if (directory != null && newest != null && ending != Ending.CANCELLED) {
      boolean restored = recipe.selection().restoreBest() && best.isPresent();
      directory.finish(restored ? directory.checkpoint(best.get().epoch()) : newest);
    }
    TrainingResult result = new TrainingResult(network, history, best, ending);
    listener.onEnd(result);
    return result;
  }

  private @Nullable Ending ending() {
    if (recipe.selection().isOver(history)) {
      return Ending.STOPPED_EARLY;
    }
    return history.size() >= recipe.epochs() ? Ending.COMPLETED : null;
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
    network = checkpoint.network();
    Optional<EpochReport> best = recipe.selection().best(history);
    if (recipe.selection().restoreBest() && best.isPresent()) {
      bestNetwork = Checkpoint.read(directory.checkpoint(best.get().epoch())).network();
    }
    // The process may have ended between a checkpoint and its metrics.
    Metrics.write(directory.path(), history);
    return checkpoint;
  }

  private int threads() {
    return run.threads() == 0 ? Runtime.getRuntime().availableProcessors() : run.threads();
  }

  private Ending train(@Nullable Checkpoint checkpoint) {
    try (Learner learner = new Learner(run);
        Validation validation = Validation.of(run)) {
      RunState.Begun begun = null;
      if (checkpoint != null) {
        begun = checkpoint.state().begun();
        Learned kept = new Learned(checkpoint.network().model().weights(), checkpoint.moments());
        learner.load(used(kept));
      }
      Ending ending = ending();
      while (ending == null) {
        boolean done = epoch(learner, validation, begun);
        begun = null;
        ending = ending();
        if (!done || (ending == null && cancellation.isRequested())) {
          return Ending.CANCELLED;
        }
      }
      return ending;
    }
  }

  /**
   * The network that is used for what is trained, and the other way round: they differ where
   * weights are averaged. A checkpoint holds the one that is used, for it is a model.
   */
  private Learned used(Learned learned) {
    return recipe.descent().averaging().isPresent() ? learned.exchanged() : learned;
  }

  /** Trains an epoch; false if it was broken off. */
  private boolean epoch(Learner learner, Validation validation, RunState.@Nullable Begun begun) {
    final long began = System.nanoTime();
    final Learner.Sums sums = Learner.Sums.of(begun);
    final int before = sums.pictures;
    final int first = begun == null ? 0 : begun.steps();
    double waited;
    try (Batches prepared =
        new Batches(
            run.train(),
            new Preprocessor(run.network().preprocessing()),
            recipe.augmentation(),
            batches,
            history.size(),
            Math.min(first * recipe.descent().accumulation(), batches.count(run.train().size())))) {
      for (int number = first + 1; number <= steps; number++) {
        double rate = rate(step);
        Learner.Step taken = step(learner, prepared, number, rate, sums);
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
                (sums.pictures - before) / secondsSince(began));
        learner.view().show(() -> listener.onStep(report, learner.view()));
        if (cancellation.isRequested()) {
          writeBegun(learner, number, sums);
          return false;
        }
        if (number < steps && isDue(step)) {
          writeBegun(learner, number, sums);
        }
      }
      waited = prepared.secondsWaited();
    }
    final double trained = secondsSince(began);
    Learned learned = learner.learned();
    requireFinite(learned);
    // An engine may keep more digits than a checkpoint holds: both go on from the same numbers.
    learner.load(learned);
    Learned used = used(learned);
    Scores scores;
    try {
      scores = validation.scores(used.weights(), this::onValidation);
    } catch (CancelledException e) {
      writeBegun(learner, steps, sums);
      return false;
    }
    EpochReport report =
        new EpochReport(
            history.size() + 1,
            rate(step - 1),
            sums.loss / sums.pictures,
            (double) sums.correct / sums.pictures,
            scores,
            secondsSince(began),
            (sums.pictures - before) / trained,
            waited / trained);
    if (scores != null && !Double.isFinite(scores.loss())) {
      throw diverged(
          "the validation loss after epoch %d is not finite".formatted(report.epoch()),
          Divergence.inWeights(used.weights()));
    }
    history.add(report);
    listener.onEpoch(report);
    write(used, null);
    if (recipe.selection().best(history).filter(report::equals).isPresent()) {
      bestNetwork = network;
    }
    return true;
  }

  private double rate(long ofStep) {
    Descent descent = recipe.descent();
    return descent.learningRate()
        * descent.schedule().factor(ofStep, steps, recipe.epochs(), history);
  }

  private Learner.Step step(
      Learner learner, Batches prepared, int number, double rate, Learner.Sums sums) {
    try {
      return learner.step(prepared, pictures(number), step, rate, sums);
    } catch (Learner.DivergedException e) {
      throw diverged(
          "epoch %d, step %d of %d: %s"
              .formatted(history.size() + 1, number, steps, e.getMessage()),
          e.where());
    }
  }

  /** How many pictures a step of an epoch takes, counted from 1. */
  private int pictures(int number) {
    int full = recipe.batch() * recipe.descent().accumulation();
    int size = run.train().size();
    int all = batches.dropLast() ? size / recipe.batch() * recipe.batch() : size;
    return Math.min(full, all - (number - 1) * full);
  }

  private boolean isDue(long done) {
    return run.output().isPresent()
        && run.output().get().checkpointEvery().isPresent()
        && done % run.output().get().checkpointEvery().getAsInt() == 0;
  }

  private void writeBegun(Learner learner, int done, Learner.Sums sums) {
    Learned learned = learner.learned();
    requireFinite(learned);
    write(used(learned), new RunState.Begun(done, sums.loss, sums.correct, sums.pictures));
  }

  /** Ends a validation that nobody waits for any more. */
  private static final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void onValidation(int done, int total) {
    if (cancellation.isRequested()) {
      throw new CancelledException();
    }
    listener.onValidation(done, total);
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) * 1e-9;
  }

  private DivergenceException diverged(String when, Optional<Divergence> where) {
    String layer = where.map(Divergence::layer).orElse("");
    return new DivergenceException(
        "%s%s: the run diverged%s; try a learning rate lower than %s"
            .formatted(
                when,
                where
                    .map(
                        found ->
                            "; it began in layer %s (%s)".formatted(found.layer(), found.what()))
                    .orElse(""),
                newest == null ? "" : "; its last checkpoint stands: " + newest,
                recipe.descent().learningRate()),
        layer);
  }

  /** Takes what is learned as the network, and writes a checkpoint of it. */
  private void write(Learned used, RunState.@Nullable Begun begun) {
    network = network(used.weights(), begun);
    if (directory != null) {
      RunState state = RunState.of(options, run.engine().name(), threads(), step, history, begun);
      int best = recipe.selection().best(history).map(EpochReport::epoch).orElse(0);
      newest = directory.write(new Checkpoint(network, used.moments(), state), best);
      listener.onCheckpoint(newest);
    }
  }

  private void requireFinite(Learned learned) {
    Map<Weights.Key, Tensor> all = new LinkedHashMap<>(learned.weights().tensors());
    Optional<Divergence> fault = Divergence.inWeights(new Weights(all));
    for (int moment = 0; fault.isEmpty(); moment++) {
      all.clear();
      for (Map.Entry<Weights.Key, List<Tensor>> kept : learned.moments().entrySet()) {
        if (moment < kept.getValue().size()) {
          all.put(kept.getKey(), kept.getValue().get(moment));
        }
      }
      if (all.isEmpty()) {
        return;
      }
      fault = Divergence.inWeights(new Weights(all));
    }
    throw diverged("after step %d a parameter is not finite".formatted(step), fault);
  }

  /** The network of the moment, with what is known of it. */
  private Network network(Weights weights, RunState.@Nullable Begun begun) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    if (begun == null) {
      EpochReport report = history.get(history.size() - 1);
      metrics.put("epoch", (double) report.epoch());
      metrics.put("training_loss", report.trainingLoss());
      metrics.put("training_accuracy", report.trainingAccuracy());
      Scores validation = report.validation();
      if (validation != null) {
        metrics.put("validation_loss", validation.loss());
        metrics.put("validation_accuracy", validation.top1());
        metrics.put("validation_f1", validation.f1());
      }
    } else {
      metrics.put("epoch", history.size() + (double) begun.steps() / steps);
      metrics.put("training_loss", begun.loss() / begun.pictures());
      metrics.put("training_accuracy", (double) begun.correct() / begun.pictures());
    }
    return new Network(
        new Model(run.network().model().graph(), weights),
        run.network().preprocessing(),
        run.train().labels(),
        run.network().provenance(),
        metrics);
  }
}
