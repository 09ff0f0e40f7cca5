package dev.depthwise.cli;

import dev.depthwise.engine.Engine;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import dev.depthwise.training.Decay;
import dev.depthwise.training.Initialization;
import dev.depthwise.training.Recipe;
import dev.depthwise.training.Schedule;
import dev.depthwise.training.Sgd;
import dev.depthwise.training.StepReport;
import dev.depthwise.training.Trainer;
import dev.depthwise.training.TrainingListener;
import dev.depthwise.training.TrainingResult;
import dev.depthwise.training.TrainingRun;
import dev.depthwise.training.TrainingView;
import dev.depthwise.vision.Augmentation;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Statistics;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A residual network and its plain twin, trained side by side: the same layers, the same first
 * weights, the same pictures in the same order.
 */
final class Twins {
  /** How many steps a loss is averaged over. */
  private static final int WINDOW = 10;

  /**
   * What is trained.
   *
   * @param residual an architecture
   * @param plain its twin
   * @param side pictures are made so high and wide: smaller ones are quicker
   */
  record Setting(
      String residual, String plain, int side, int batch, double learningRate, int epochs) {}

  /** One of the two. */
  static final class Twin {
    private final String name;
    private final List<Double> losses = new ArrayList<>();
    private int steps = 1;
    private double accuracy;

    Twin(String name) {
      this.name = name;
    }

    String name() {
      return name;
    }

    private synchronized void add(StepReport report) {
      losses.add(report.loss());
      steps = report.steps() * report.epochs();
      accuracy = report.accuracy();
    }

    /** The loss of each step so far, averaged over the last few. */
    synchronized List<Double> losses() {
      List<Double> smooth = new ArrayList<>();
      for (int step = 1; step <= losses.size(); step++) {
        smooth.add(
            losses.subList(Math.max(0, step - WINDOW), step).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow());
      }
      return smooth;
    }

    /** Steps done. */
    synchronized int done() {
      return losses.size();
    }

    /** Steps of the whole run. */
    synchronized int steps() {
      return steps;
    }

    /** Of the running epoch so far, in [0, 1]. */
    synchronized double accuracy() {
      return accuracy;
    }
  }

  private final Setting setting;
  private final Dataset train;
  private final Engine engine;
  private final int threads;
  private final Twin residual;
  private final Twin plain;

  /**
   * Prepares both.
   *
   * @param threads for both together; 0 for all processors
   */
  Twins(Setting setting, Dataset train, Engine engine, int threads) {
    this.setting = setting;
    this.train = train;
    this.engine = engine;
    int all = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    this.threads = Math.max(1, all / 2);
    residual = new Twin(setting.residual());
    plain = new Twin(setting.plain());
  }

  Twin residual() {
    return residual;
  }

  Twin plain() {
    return plain;
  }

  /** Trains both to their end; {@code watch} is called every now and then meanwhile. */
  void train(Runnable watch) {
    ExecutorService pool = Executors.newFixedThreadPool(2, Twins::daemon);
    try {
      List<Future<TrainingResult>> results =
          List.of(pool.submit(() -> train(residual)), pool.submit(() -> train(plain)));
      while (!results.stream().allMatch(Future::isDone)) {
        Thread.sleep(200);
        watch.run();
      }
      for (Future<TrainingResult> result : results) {
        result.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "depthwise-twin");
    thread.setDaemon(true);
    return thread;
  }

  private TrainingResult train(Twin twin) {
    int channels = train.picture(0).channels();
    Shape input = Shape.of(channels, setting.side(), setting.side());
    Graph graph =
        Zoo.find(twin.name())
            .graph(Options.defaults().withInput(input).withClasses(train.labels().size()));
    Statistics statistics = Statistics.of(train, channels);
    Recipe recipe =
        Recipe.standard(setting.epochs())
            .withBatch(Math.min(setting.batch(), train.size()))
            .withLearningRate(setting.learningRate())
            .withSchedule(Schedule.constant().withWarmup(setting.epochs() / 5.0))
            .withOptimizer(Sgd.nesterov(0.9, Decay.ofKernels(5e-4)))
            .withAugmentation(Augmentation.none());
    TrainingRun run =
        TrainingRun.of(
                Network.of(
                    Initialization.initialize(graph, recipe.seed()),
                    statistics.preprocessing(setting.side(), setting.side())),
                train,
                recipe,
                engine)
            .withThreads(threads);
    return Trainer.fit(
        run,
        new TrainingListener() {
          @Override
          public void onStep(StepReport report, TrainingView view) {
            twin.add(report);
          }
        });
  }
}
