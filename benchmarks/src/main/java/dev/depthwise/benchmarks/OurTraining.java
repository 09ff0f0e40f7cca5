package dev.depthwise.benchmarks;

import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.onednn.OnednnEngine;
import dev.depthwise.engine.onednn.OnednnTraining;
import dev.depthwise.engine.onednn.StepTime;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Shape;
import dev.depthwise.training.CrossEntropy;
import dev.depthwise.training.Decay;
import dev.depthwise.training.Initialization;
import dev.depthwise.training.Sgd;
import dev.depthwise.vision.Targets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/** Training on our oneDNN engine, on fixed random pictures. */
final class OurTraining implements Contender {
  private final OnednnTraining training;
  private final FloatBuffer pictures;
  private final FloatBuffer gradient;
  private final Targets targets;
  private final int classes;
  private final int batch;
  private long step;

  OurTraining(Graph graph, int batch, int threads) {
    this(graph, batch, threads, 0);
  }

  /**
   * A network in training.
   *
   * @param memory bytes that it may take; 0 for as many as it needs
   */
  OurTraining(Graph graph, int batch, int threads, long memory) {
    this.batch = batch;
    this.classes = graph.output().shape().size();
    this.training =
        new OnednnEngine()
            .training(
                Initialization.initialize(graph, 0),
                TrainingOptions.batch(batch).withThreads(threads).withMemory(memory));
    Shape picture = graph.input().shape();
    this.pictures = floats(batch * picture.size());
    for (int index = 0; index < pictures.capacity(); index++) {
      pictures.put(index, (float) Randomness.normal(1, index));
    }
    this.gradient = floats(batch * classes);
    int[] labels = new int[batch];
    for (int index = 0; index < batch; index++) {
      labels[index] = index * 7 % classes;
    }
    this.targets = Targets.of(labels);
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public String name() {
    return "Depthwise, oneDNN";
  }

  @Override
  public double step() {
    training.forward(pictures, batch, step++);
    CrossEntropy.Score score =
        new CrossEntropy(0).score(training.output("output"), targets, classes, 1, gradient);
    training.backward(Map.of("output", gradient));
    training.update(Sgd.of(0.9, Decay.none()).at(0.01, step));
    return score.loss();
  }

  /** Where the time of a step goes. */
  List<StepTime> profile() {
    return training.profile();
  }

  /** Bytes of native memory that the executable holds. */
  long nativeBytes() {
    return training.nativeBytes();
  }

  @Override
  public void close() {
    training.close();
  }
}
