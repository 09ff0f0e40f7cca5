package dev.depthwise.benchmarks;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Executable;
import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.onednn.OnednnEngine;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Shape;
import dev.depthwise.training.CrossEntropy;
import dev.depthwise.training.Decay;
import dev.depthwise.training.Initialization;
import dev.depthwise.training.Sgd;
import dev.depthwise.vision.Targets;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Whether memory stays flat: many inferences, many training steps, many compilations of ResNet-20
 * at 28x28, and the line through the process' resident memory meanwhile. Ends with exit code 1 if
 * the line rises faster than its bound.
 *
 * <p>Options are system properties: inferences, steps, cycles (how many of each), threads. Run it
 * with a heap that is all there from the beginning, or the heap's own growth is what is measured.
 */
public final class SoakBenchmark {
  private static final int SAMPLES = 100;
  private static final int CLASSES = 10;

  /** Most are single pictures; the rest need other programs, some of them padded. */
  private static final int[] INFERENCE_COUNTS = {1, 1, 1, 3, 1, 5, 1, 7, 1, 1, 8, 2};

  /** Most are whole batches; the short ones are more than an executable keeps programs for. */
  private static final int[] TRAINING_COUNTS = {
    32, 32, 32, 32, 31, 32, 32, 32, 17, 32, 32, 32, 9, 32, 32, 32, 5, 32, 32, 32, 3, 32, 32, 32, 2
  };

  private static final int TRAINING_BATCH = 32;
  private static final int INFERENCE_BATCH = 8;

  private final OnednnEngine engine = new OnednnEngine();
  private final int threads;
  private final Model model;
  private final FloatBuffer pictures;
  private boolean rises;

  private SoakBenchmark(int threads) {
    this.threads = threads;
    Graph graph =
        Zoo.find("resnet20")
            .graph(Options.defaults().withInput(Shape.of(1, 28, 28)).withClasses(CLASSES));
    model = Initialization.initialize(graph, 0);
    pictures = floats(TRAINING_BATCH * graph.input().shape().size());
    for (int index = 0; index < pictures.capacity(); index++) {
      pictures.put(index, (float) Randomness.normal(1, index));
    }
  }

  /** One of the things that are done many times. */
  private interface Operation {
    void run(int number);
  }

  /** Runs it and prints Markdown. */
  public static void main(String[] arguments) {
    if (Double.isNaN(ProcessMemory.residentMegabytes())) {
      System.err.println("soak: needs /proc/self/status, which only Linux has");
      System.exit(2);
    }
    SoakBenchmark soak =
        new SoakBenchmark(option("threads", Runtime.getRuntime().availableProcessors()));
    print("%s; %d threads%n%n", soak.engine.description(), soak.threads);
    print(
        "| what | how many | resident first, MB | last, MB | slope, KB per 1,000 | bound"
            + " | native first, MB | last, MB | heap after GC first, MB | last, MB |%n"
            + "|---|---|---|---|---|---|---|---|---|---|%n");
    soak.infer(option("inferences", 100_000));
    soak.train(option("steps", 3_000));
    soak.compile(option("cycles", 500));
    if (soak.rises) {
      System.err.println("soak: memory rises faster than its bound");
      System.exit(1);
    }
  }

  private void infer(int inferences) {
    try (Executable executable =
        engine.compile(
            model.withSoftmax(), CompileOptions.batch(INFERENCE_BATCH).withThreads(threads))) {
      measure(
          "inferences, 1 to 8 pictures",
          inferences,
          20,
          executable::nativeBytes,
          number -> {
            executable.run(pictures, INFERENCE_COUNTS[number % INFERENCE_COUNTS.length]);
            requireFinite(executable.output().get(0));
          });
    }
  }

  private void train(int steps) {
    FloatBuffer gradient = floats(TRAINING_BATCH * CLASSES);
    try (TrainingExecutable executable =
        engine.compileTraining(model, TrainingOptions.batch(TRAINING_BATCH).withThreads(threads))) {
      measure(
          "training steps, 2 to 32 pictures",
          steps,
          1_000,
          executable::nativeBytes,
          number ->
              step(executable, TRAINING_COUNTS[number % TRAINING_COUNTS.length], gradient, number));
    }
  }

  private void compile(int cycles) {
    FloatBuffer gradient = floats(TRAINING_BATCH * CLASSES);
    long[] held = new long[1];
    measure(
        "times compiled and closed, for inference and for training",
        cycles,
        8_000,
        () -> held[0],
        number -> {
          try (Executable executable =
              engine.compile(model, CompileOptions.batch(INFERENCE_BATCH).withThreads(threads))) {
            executable.run(pictures, 1 + number % INFERENCE_BATCH);
          }
          try (TrainingExecutable executable =
              engine.compileTraining(
                  model, TrainingOptions.batch(TRAINING_BATCH).withThreads(threads))) {
            step(executable, TRAINING_BATCH, gradient, number);
            held[0] = executable.nativeBytes();
          }
        });
  }

  private void step(TrainingExecutable executable, int count, FloatBuffer gradient, int number) {
    int[] labels = new int[count];
    for (int index = 0; index < count; index++) {
      labels[index] = index * 7 % CLASSES;
    }
    executable.forward(pictures, count, number);
    gradient.clear().limit(count * CLASSES);
    CrossEntropy.Score score =
        new CrossEntropy(0)
            .score(executable.output("output"), Targets.of(labels), CLASSES, 1, gradient);
    requireFinite(score.loss());
    executable.backward(Map.of("output", gradient));
    executable.update(Sgd.of(0.9, Decay.none()).at(0.01, number + 1));
  }

  /**
   * Does it so many times, after a fifth as many to warm up, and prints a line.
   *
   * @param bound of the slope, in KB per 1,000 operations
   */
  private void measure(
      String what, int operations, double bound, LongSupplier nativeBytes, Operation operation) {
    int done = 0;
    int warmUp = Math.max(50, operations / 5);
    while (done < warmUp) {
      operation.run(done++);
    }
    double heap = heapAfterGc();
    long held = nativeBytes.getAsLong();
    List<Trend.Point> points = new ArrayList<>();
    for (int sample = 0; sample < SAMPLES; sample++) {
      int until = warmUp + (int) ((long) operations * (sample + 1) / SAMPLES);
      while (done < until) {
        operation.run(done++);
      }
      points.add(new Trend.Point(done, ProcessMemory.residentMegabytes() * 1000));
    }
    Trend trend = Trend.of(points);
    double slope = trend.slope() * 1000;
    rises |= slope > bound;
    print(
        "| %s | %,d | %.1f | %.1f | %.1f ± %.1f | %,.0f | %.1f | %.1f | %.1f | %.1f |%n",
        what,
        operations,
        points.get(0).value() / 1000,
        points.get(points.size() - 1).value() / 1000,
        slope,
        trend.error() * 1000,
        bound,
        held / 1e6,
        nativeBytes.getAsLong() / 1e6,
        heap,
        heapAfterGc());
  }

  private static double heapAfterGc() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
  }

  private static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalStateException("the network computes " + value);
    }
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static int option(String name, int otherwise) {
    int value = Integer.getInteger(name, otherwise);
    if (value < 1) {
      throw new IllegalArgumentException("-D%s=%d: give 1 or more".formatted(name, value));
    }
    return value;
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
