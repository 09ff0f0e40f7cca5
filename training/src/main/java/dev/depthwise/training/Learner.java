package dev.depthwise.training;

import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Batch;
import dev.depthwise.vision.Batches;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes the steps of a run: forward, loss, backward, update. */
final class Learner implements AutoCloseable {
  private final TrainingRun run;
  private final Recipe recipe;
  private final Descent descent;
  private final String principal;
  private final TrainingOptions options;
  private final TrainingExecutable executable;
  private final Map<String, FloatBuffer> gradients = new LinkedHashMap<>();
  private final Set<Weights.Key> trained;
  private final TrainingView view;
  private final LossWatch watch;

  Learner(TrainingRun run) {
    this.run = run;
    Model model = run.network().model();
    recipe = run.recipe();
    descent = recipe.descent();
    principal = model.graph().outputs().keySet().iterator().next();
    int batch = Math.min(recipe.batch(), run.train().size());
    Set<String> frozen = recipe.freezing().layers(model.graph());
    options =
        TrainingOptions.batch(batch)
            .withThreads(run.threads())
            .withSeed(recipe.seed())
            .withTrained(key -> !frozen.contains(key.node()))
            .withFrozenStatistics(frozen::contains)
            .withMemory(run.memory() == 0 ? 0 : Math.max(1, run.memory() - kept(model, frozen)));
    executable = run.engine().compileTraining(model, options);
    executable
        .outputs()
        .forEach((name, shape) -> gradients.put(name, buffer(batch * shape.size())));
    trained = new LinkedHashSet<>(model.graph().parameters().keySet());
    trained.removeIf(key -> !key.role().isLearned() || frozen.contains(key.node()));
    view = new TrainingView(executable, Collections.unmodifiableSet(trained));
    double weight = 0;
    for (String name : gradients.keySet()) {
      weight += weight(name);
    }
    watch = new LossWatch(run.train().labels().size(), weight);
  }

  /** Bytes of what the update rule remembers, and of gradients that are set aside. */
  private long kept(Model model, Set<String> frozen) {
    long numbers = 0;
    for (Map.Entry<Weights.Key, Shape> parameter : model.graph().parameters().entrySet()) {
      Weights.Key key = parameter.getKey();
      if (key.role().isLearned() && !frozen.contains(key.node())) {
        numbers += parameter.getValue().size();
      }
    }
    int each = rule(descent.learningRate(), 1, 1).moments() + (descent.accumulation() > 1 ? 1 : 0);
    return numbers * each * Float.BYTES;
  }

  private static FloatBuffer buffer(int size) {
    return ByteBuffer.allocateDirect(Float.BYTES * size)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /**
   * What a step came to.
   *
   * @param loss mean over its pictures, outputs weighted
   * @param gradientNorm of all gradients together
   */
  record Step(double loss, double gradientNorm) {}

  /** A step led to nowhere; nothing was updated. */
  static final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Divergence> where;

    DivergedException(String what, Optional<Divergence> where) {
      super(what);
      this.where = where;
    }

    Optional<Divergence> where() {
      return where;
    }
  }

  /**
   * Takes a step.
   *
   * @param batches gives the step's batches
   * @param pictures how many pictures those hold
   * @param step counted from 0 over the whole run
   * @param sums takes what the step adds to its epoch
   * @throws DivergedException if the loss or a gradient is not finite, or the loss explodes
   */
  Step step(Batches batches, int pictures, long step, double learningRate, Sums sums) {
    double loss = 0;
    double norm = 0;
    int done = 0;
    for (int piece = 0; done < pictures; piece++) {
      Batch batch = batches.next();
      view.look(batch);
      double part = (double) batch.count() / pictures;
      long number = step * descent.accumulation() + piece;
      if (piece > 0) {
        executable.accumulate();
      }
      executable.forward(batch.pixels(), batch.count(), number);
      double mean = score(batch, part, sums);
      loss += mean * part;
      if (!Double.isFinite(mean)) {
        throw new DivergedException(
            "the loss is not finite",
            Divergence.forward(run, executable.weights(), options, batch, number));
      }
      executable.backward(gradients);
      norm = executable.gradientNorm();
      if (!Double.isFinite(norm)) {
        // A rectifier may make a zero of what is no number: look at the way there first.
        throw new DivergedException(
            "a gradient is not finite",
            Divergence.forward(run, executable.weights(), options, batch, number)
                .or(() -> Divergence.backward(executable, trained)));
      }
      sums.loss += mean * batch.count();
      sums.pictures += batch.count();
      done += batch.count();
    }
    if (watch.sees(loss)) {
      throw new DivergedException(
          "the loss explodes: it is " + loss, Divergence.steepest(executable, trained));
    }
    executable.update(rule(learningRate, step + 1, norm));
    return new Step(loss, norm);
  }

  private UpdateRule rule(double learningRate, long step, double norm) {
    UpdateRule rule = descent.optimizer().at(learningRate, step);
    if (descent.clipping().isPresent()) {
      rule = Clipped.of(rule, norm, descent.clipping().getAsDouble());
    }
    return descent.averaging().isPresent()
        ? new Averaged(rule, descent.averaging().getAsDouble(), step)
        : rule;
  }

  private double weight(String output) {
    return recipe.outputWeights().getOrDefault(output, output.equals(principal) ? 1.0 : 0.0);
  }

  /** The mean loss of a batch; its derivative is left in the buffers. */
  private double score(Batch batch, double part, Sums sums) {
    int classes = run.train().labels().size();
    double loss = 0;
    for (Map.Entry<String, FloatBuffer> gradient : gradients.entrySet()) {
      String name = gradient.getKey();
      double weight = weight(name);
      gradient.getValue().clear().limit(batch.count() * classes);
      CrossEntropy.Score score =
          recipe
              .loss()
              .score(
                  executable.output(name),
                  batch.targets(),
                  classes,
                  weight * part,
                  gradient.getValue());
      loss += weight * score.loss();
      sums.correct += name.equals(principal) ? score.correct() : 0;
    }
    return loss;
  }

  /** What an epoch adds up. */
  static final class Sums {
    double loss;
    int correct;
    int pictures;

    /** Those of an epoch that is begun, or of a new one. */
    static Sums of(RunState.@Nullable Begun begun) {
      Sums sums = new Sums();
      if (begun != null) {
        sums.loss = begun.loss();
        sums.correct = begun.correct();
        sums.pictures = begun.pictures();
      }
      return sums;
    }
  }

  TrainingView view() {
    return view;
  }

  Learned learned() {
    return new Learned(executable.weights(), executable.moments());
  }

  /** Goes on from these. */
  void load(Learned learned) {
    executable.load(learned.weights());
    executable.loadMoments(learned.moments());
  }

  @Override
  public void close() {
    executable.close();
  }
}
