package dev.depthwise.training;

import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.Model;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Batch;
import dev.depthwise.vision.Batches;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes the steps of a run: forward, loss, backward, update. */
final class Learner implements AutoCloseable {
  private final TrainingRun run;
  private final Recipe recipe;
  private final Descent descent;
  private final String principal;
  private final TrainingExecutable executable;
  private final Map<String, FloatBuffer> gradients = new LinkedHashMap<>();
  private final TrainingView view;

  Learner(TrainingRun run, Model model) {
    this.run = run;
    recipe = run.recipe();
    descent = recipe.descent();
    principal = model.graph().outputs().keySet().iterator().next();
    int batch = Math.min(recipe.batch(), run.train().size());
    executable =
        run.engine()
            .compileTraining(
                model,
                TrainingOptions.batch(batch).withThreads(run.threads()).withSeed(recipe.seed()));
    executable
        .outputs()
        .forEach((name, shape) -> gradients.put(name, buffer(batch * shape.size())));
    Set<Weights.Key> trained = new LinkedHashSet<>(model.graph().parameters().keySet());
    trained.removeIf(key -> !key.role().isLearned());
    view = new TrainingView(executable, trained);
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

  /**
   * Takes a step.
   *
   * @param batches gives the step's batches
   * @param pictures how many pictures those hold
   * @param step counted from 0 over the whole run
   * @param sums takes what the step adds to its epoch
   */
  Step step(Batches batches, int pictures, long step, double learningRate, Sums sums) {
    double loss = 0;
    int done = 0;
    for (int piece = 0; done < pictures; piece++) {
      Batch batch = batches.next();
      double part = (double) batch.count() / pictures;
      if (piece > 0) {
        executable.accumulate();
      }
      executable.forward(batch.pixels(), batch.count(), step * descent.accumulation() + piece);
      double mean = score(batch, part, sums);
      loss += mean * part;
      if (!Double.isFinite(loss)) {
        return new Step(loss, Double.NaN);
      }
      executable.backward(gradients);
      sums.loss += mean * batch.count();
      sums.pictures += batch.count();
      done += batch.count();
    }
    double norm = executable.gradientNorm();
    UpdateRule rule = recipe.descent().optimizer().at(learningRate, step + 1);
    executable.update(
        descent.clipping().isPresent()
            ? Clipped.of(rule, norm, descent.clipping().getAsDouble())
            : rule);
    return new Step(loss, norm);
  }

  /** The mean loss of a batch; its derivative is left in the buffers. */
  private double score(Batch batch, double part, Sums sums) {
    int classes = run.train().labels().size();
    double loss = 0;
    for (Map.Entry<String, FloatBuffer> gradient : gradients.entrySet()) {
      String name = gradient.getKey();
      double weight = recipe.outputWeights().getOrDefault(name, name.equals(principal) ? 1.0 : 0.0);
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
  }

  TrainingView view() {
    return view;
  }

  Weights weights() {
    return executable.weights();
  }

  Map<Weights.Key, List<Tensor>> moments() {
    return executable.moments();
  }

  /** Goes on from these. */
  void load(Weights weights, Map<Weights.Key, List<Tensor>> moments) {
    executable.load(weights);
    executable.loadMoments(moments);
  }

  @Override
  public void close() {
    executable.close();
  }
}
