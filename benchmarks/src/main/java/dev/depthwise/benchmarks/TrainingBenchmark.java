package dev.depthwise.benchmarks;

import dev.depthwise.engine.onednn.OnednnEngine;
import dev.depthwise.engine.onednn.StepTime;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Shortcut;
import dev.depthwise.zoo.Zoo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Training steps of ResNet-20 at 28x28, ours and PyTorch's through DJL in turn, and where ours
 * spends its time. Options are system properties: batch, threads, rounds, steps.
 */
public final class TrainingBenchmark {
  private static final int SIZE = 28;
  private static final int CLASSES = 10;

  private TrainingBenchmark() {}

  /** Runs it and prints Markdown. */
  public static void main(String[] arguments) {
    int batch = option("batch", 128);
    int threads = option("threads", Runtime.getRuntime().availableProcessors());
    int rounds = option("rounds", 7);
    int steps = option("steps", 10);
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");

    Graph graph =
        Zoo.find("resnet20")
            .graph(
                Options.defaults()
                    .withInput(Shape.of(1, SIZE, SIZE))
                    .withClasses(CLASSES)
                    .withShortcut(Shortcut.B));
    print("%s; %d threads, batch %d%n%n", new OnednnEngine().description(), threads, batch);
    double peak = peak(threads);
    try (OurTraining ours = new OurTraining(graph, batch, threads)) {
      List<Contender> contenders = new ArrayList<>(List.of(ours));
      if (hasPeer()) {
        contenders.add(new DjlTraining(batch, SIZE, CLASSES));
      } else {
        print("PyTorch is not here: run with -Ppeers to compare.%n%n");
      }
      double[][] times = race(contenders, rounds, steps);
      report(contenders, times, batch);
      profile(ours, median(times[0]), peak);
      contenders.subList(1, contenders.size()).forEach(Contender::close);
    }
  }

  private static int option(String name, int otherwise) {
    int value = Integer.getInteger(name, otherwise);
    if (value < 1) {
      throw new IllegalArgumentException("-D%s=%d: give 1 or more".formatted(name, value));
    }
    return value;
  }

  private static boolean hasPeer() {
    return System.getProperty("java.class.path", "").contains("pytorch-native-cpu");
  }

  /** Milliseconds a step of each contender, round by round, in turn. */
  private static double[][] race(List<Contender> contenders, int rounds, int steps) {
    double[][] times = new double[contenders.size()][rounds];
    contenders.forEach(contender -> time(contender, steps));
    for (int round = 0; round < rounds; round++) {
      for (int index = 0; index < contenders.size(); index++) {
        times[index][round] = time(contenders.get(index), steps);
      }
    }
    return times;
  }

  private static double time(Contender contender, int steps) {
    long start = System.nanoTime();
    for (int step = 0; step < steps; step++) {
      double loss = contender.step();
      if (!Double.isFinite(loss)) {
        throw new IllegalStateException(contender.name() + " diverged");
      }
    }
    return (System.nanoTime() - start) / 1e6 / steps;
  }

  private static void report(List<Contender> contenders, double[][] times, int batch) {
    print("| | ms a step, median (min to max) | pictures/s | times ours |%n|---|---|---|---|%n");
    for (int index = 0; index < contenders.size(); index++) {
      double[] own = times[index];
      double[] ratios = new double[own.length];
      for (int round = 0; round < own.length; round++) {
        ratios[round] = own[round] / times[0][round];
      }
      print(
          "| %s | %.1f (%.1f to %.1f) | %.0f | %.2f (%.2f to %.2f) |%n",
          contenders.get(index).name(),
          median(own),
          Arrays.stream(own).min().orElseThrow(),
          Arrays.stream(own).max().orElseThrow(),
          batch * 1000 / median(own),
          median(ratios),
          Arrays.stream(ratios).min().orElseThrow(),
          Arrays.stream(ratios).max().orElseThrow());
    }
    print("%n");
  }

  private static void profile(OurTraining ours, double step, double peak) {
    int runs = 5;
    Map<String, double[]> kinds = new TreeMap<>();
    double multiplyAdds = 0;
    for (int run = 0; run < runs; run++) {
      for (StepTime time : ours.profile()) {
        double[] sum =
            kinds.computeIfAbsent(
                time.kind() + " | " + time.implementation(), kind -> new double[2]);
        sum[0] += time.nanoseconds() / 1e6 / runs;
        sum[1] += (double) time.multiplyAdds() / runs;
        multiplyAdds += (double) time.multiplyAdds() / runs;
      }
    }
    double total = kinds.values().stream().mapToDouble(sum -> sum[0]).sum();
    print("| where the time goes | kernel | ms | share | GFLOP/s |%n|---|---|---|---|---|%n");
    kinds.entrySet().stream()
        .sorted(Comparator.comparing(kind -> -kind.getValue()[0]))
        .forEach(
            kind ->
                print(
                    "| %s | %.2f | %.1f %% | %s |%n",
                    kind.getKey(),
                    kind.getValue()[0],
                    100 * kind.getValue()[0] / total,
                    kind.getValue()[1] == 0
                        ? ""
                        : "%.0f".formatted(2 * kind.getValue()[1] / kind.getValue()[0] / 1e6)));
    double rate = 2 * multiplyAdds / step / 1e6;
    print(
        "%nA step does %.1f GFLOP: %.0f GFLOP/s, %.0f %% of the %.0f that a matrix product reaches.%n",
        2 * multiplyAdds / 1e9, rate, 100 * rate / peak, peak);
  }

  /** GFLOP/s of a large matrix product, the best of some: a dense layer's forward pass. */
  private static double peak(int threads) {
    int size = 2048;
    Graph product =
        Graph.of(
            Shape.of(size, 1, 1), ".", Blocks.chain(Blocks.flatten(), Blocks.dense("a", size)));
    double best = 0;
    try (OurTraining dense = new OurTraining(product, size, threads)) {
      dense.step();
      for (int run = 0; run < 30; run++) {
        for (StepTime time : dense.profile()) {
          if (time.kind().equals("Dense forward")) {
            best = Math.max(best, 2.0 * time.multiplyAdds() / time.nanoseconds());
          }
        }
      }
    }
    return best;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
