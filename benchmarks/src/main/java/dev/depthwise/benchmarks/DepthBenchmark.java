package dev.depthwise.benchmarks;

import dev.depthwise.engine.onednn.OnednnEngine;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.util.Arrays;
import java.util.Locale;

/**
 * What depth costs: how long a network takes to compile for training, the memory it holds, and the
 * time of a step, per layer. One network in a process of its own, so that its memory can be read;
 * prints a row of a table. Options are system properties: model, batch, threads, steps, and memory,
 * the MB that may be held (0 for as many as it needs).
 */
public final class DepthBenchmark {
  private DepthBenchmark() {}

  /** Runs it and prints a row of Markdown. */
  public static void main(String[] arguments) {
    String model = System.getProperty("model", "resnet1001");
    int batch = Integer.getInteger("batch", 64);
    int threads = Integer.getInteger("threads", Runtime.getRuntime().availableProcessors());
    long memory = Long.getLong("memory", 0) * 1_000_000;
    int steps = Integer.getInteger("steps", 5);
    Graph graph =
        Zoo.find(model).graph(Options.defaults().withInput(Shape.of(1, 28, 28)).withClasses(10));
    // The first use of the engine loads its native library: not this network's affair.
    String engine = new OnednnEngine().description();
    long start = System.nanoTime();
    try (OurTraining training = new OurTraining(graph, batch, threads, memory)) {
      double compile = (System.nanoTime() - start) / 1e9;
      double[] times = new double[steps];
      training.step();
      for (int step = 0; step < steps; step++) {
        long began = System.nanoTime();
        training.step();
        times[step] = (System.nanoTime() - began) / 1e6;
      }
      Arrays.sort(times);
      long layers =
          graph.nodes().stream()
              .filter(node -> node.op() instanceof Conv2d || node.op() instanceof Dense)
              .count();
      System.err.println(engine);
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %d | %d | %.1f | %.0f | %.0f | %.0f | %.2f |%n",
          model,
          memory == 0 ? "all" : memory / 1_000_000,
          layers,
          batch,
          compile,
          training.nativeBytes() / 1e6,
          ProcessMemory.peakMegabytes(),
          times[steps / 2],
          times[steps / 2] / layers);
    }
  }
}
