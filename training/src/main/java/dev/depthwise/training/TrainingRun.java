package dev.depthwise.training;

import dev.depthwise.engine.Engine;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import dev.depthwise.vision.Dataset;
import java.util.Optional;

/**
 * One training run: what is trained, on what, how, by which engine, and where the result goes.
 *
 * @param model the network as it begins, its outputs logits (see {@link Initialization#initialize})
 * @param preprocessing what makes a picture its input
 * @param train the pictures to learn from
 * @param validation pictures that are only looked at, after each epoch
 * @param recipe how
 * @param engine computes
 * @param threads how many processors a step may use; 0 for all of them. One seed and one number of
 *     threads give one result to the bit
 * @param output where checkpoints, metrics and the result go; without, they only come back from
 *     {@link Trainer#fit}
 */
public record TrainingRun(
    Model model,
    Preprocessing preprocessing,
    Dataset train,
    Optional<Dataset> validation,
    Recipe recipe,
    Engine engine,
    int threads,
    Optional<RunOutput> output) {
  public TrainingRun {
    Logits.require(model.graph());
    Shape input = model.graph().input().shape();
    Shape pictures =
        Shape.of(preprocessing.channels(), preprocessing.height(), preprocessing.width());
    if (!input.equals(pictures)) {
      throw new InputException(
          "the network takes %s, but the preprocessing makes %s".formatted(input, pictures));
    }
    Logits.requireClasses(model.graph(), train);
    validation.ifPresent(dataset -> Logits.requireClasses(model.graph(), dataset));
    if (threads < 0) {
      throw new InputException("threads must be 0 (all) or more, was " + threads);
    }
    for (String name : recipe.outputWeights().keySet()) {
      if (!model.graph().outputs().containsKey(name)) {
        throw new InputException(
            "the network has no output '%s'; it has %s"
                .formatted(name, String.join(", ", model.graph().outputs().keySet())));
      }
    }
  }

  /** A run on all processors, without validation, that leaves nothing on the disk. */
  public static TrainingRun of(
      Model model, Preprocessing preprocessing, Dataset train, Recipe recipe, Engine engine) {
    return new TrainingRun(
        model, preprocessing, train, Optional.empty(), recipe, engine, 0, Optional.empty());
  }

  /** This run with pictures that are looked at after each epoch. */
  public TrainingRun withValidation(Dataset dataset) {
    return new TrainingRun(
        model, preprocessing, train, Optional.of(dataset), recipe, engine, threads, output);
  }

  /** This run on another number of threads. */
  public TrainingRun withThreads(int other) {
    return new TrainingRun(model, preprocessing, train, validation, recipe, engine, other, output);
  }

  /** This run, leaving its results on the disk. */
  public TrainingRun withOutput(RunOutput other) {
    return new TrainingRun(
        model, preprocessing, train, validation, recipe, engine, threads, Optional.of(other));
  }
}
