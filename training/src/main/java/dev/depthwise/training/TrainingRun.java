package dev.depthwise.training;

import dev.depthwise.engine.Engine;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.vision.Dataset;
import java.util.Optional;

/**
 * One training run: what is trained, on what, how, by which engine, and where the result goes.
 *
 * @param network as it begins, its outputs logits (see {@link Initialization#initialize}); its
 *     labels those of the pictures, or none; its provenance is said in every model that the run
 *     writes
 * @param train the pictures to learn from
 * @param validation pictures that are only looked at, after each epoch
 * @param recipe how
 * @param engine computes
 * @param threads how many processors a step may use; 0 for all of them. One seed and one number of
 *     threads give one result to the bit
 * @param memory bytes that the training may hold besides Java's heap: parameters, gradients, what
 *     the optimiser remembers, and what is kept from the way there for the way back; 0 for as many
 *     as it needs. What does not fit is computed twice, which takes longer and changes no bit of
 *     the result
 * @param output where checkpoints, metrics and the result go; without, they only come back from
 *     {@link Trainer#fit}
 */
public record TrainingRun(
    Network network,
    Dataset train,
    Optional<Dataset> validation,
    Recipe recipe,
    Engine engine,
    int threads,
    long memory,
    Optional<RunOutput> output) {
  public TrainingRun {
    Graph graph = network.model().graph();
    Logits.require(graph);
    Logits.requireClasses(graph, train);
    recipe.loss().weights().require(train.labels().size());
    validation.ifPresent(dataset -> Logits.requireClasses(graph, dataset));
    if (!network.labels().isEmpty() && !network.labels().equals(train.labels())) {
      throw new InputException(
          "the network's classes are %s, but those of %s are %s; to train it on others, take its labels away"
              .formatted(network.labels(), train.name(), train.labels()));
    }
    if (threads < 0) {
      throw new InputException("threads must be 0 (all) or more, was " + threads);
    }
    if (memory < 0) {
      throw new InputException("the memory must be 0 (as much as it needs) or more, was " + memory);
    }
    recipe.freezing().layers(graph);
    if (train.labels().size() <= 5 && recipe.selection().metric() == Metric.TOP5) {
      throw new InputException("top5 says nothing of five classes or fewer; try top1");
    }
    for (String name : recipe.outputWeights().keySet()) {
      if (!graph.outputs().containsKey(name)) {
        throw new InputException(
            "the network has no output '%s'; it has %s"
                .formatted(name, String.join(", ", graph.outputs().keySet())));
      }
    }
  }

  /** A run on all processors, without validation, that leaves nothing on the disk. */
  public static TrainingRun of(Network network, Dataset train, Recipe recipe, Engine engine) {
    return new TrainingRun(
        network, train, Optional.empty(), recipe, engine, 0, 0, Optional.empty());
  }

  /** This run with pictures that are looked at after each epoch. */
  public TrainingRun withValidation(Dataset dataset) {
    return new TrainingRun(
        network, train, Optional.of(dataset), recipe, engine, threads, memory, output);
  }

  /** This run on another number of threads. */
  public TrainingRun withThreads(int other) {
    return new TrainingRun(network, train, validation, recipe, engine, other, memory, output);
  }

  /** This run within so many bytes. */
  public TrainingRun withMemory(long bytes) {
    return new TrainingRun(network, train, validation, recipe, engine, threads, bytes, output);
  }

  /** This run, leaving its results on the disk. */
  public TrainingRun withOutput(RunOutput other) {
    return new TrainingRun(
        network, train, validation, recipe, engine, threads, memory, Optional.of(other));
  }
}
