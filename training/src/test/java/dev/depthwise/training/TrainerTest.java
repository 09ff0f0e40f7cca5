package dev.depthwise.training;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Augmentation;
import dev.depthwise.vision.Data;
import dev.depthwise.vision.Split;
import dev.depthwise.vision.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainerTest {
  @Test
  void learnsWhatStripesAre() {
    List<EpochReport> history = Trainer.fit(Tiny.run(12), TrainingListener.NONE).history();

    assertThat(history).hasSize(12);
    assertThat(history.get(11).trainingLoss()).isLessThan(history.get(0).trainingLoss());
    assertThat(history.get(11).validationAccuracy()).isGreaterThan(0.9);
  }

  @Test
  void learnsFashionFromAFewHundredPictures() {
    Data sample = Data.open("sample:../data/fashion-mnist-sample");
    Split split = Split.stratified(sample.train(), 0.1, 1);
    Statistics statistics = Statistics.of(split.validation(), 1);
    Graph graph =
        Graph.of(
            Shape.of(1, 28, 28),
            ".",
            chain(
                conv("conv1", 8, k(5).stride(2)),
                batchNorm("bn1", 1e-5, 0.1),
                relu(),
                conv("conv2", 16, k(3).stride(2)),
                batchNorm("bn2", 1e-5, 0.1),
                relu(),
                flatten(),
                dense("fc", 10)));
    TrainingRun run =
        TrainingRun.of(
            Network.of(Initialization.initialize(graph, 3), statistics.preprocessing(28, 28)),
            split.validation(),
            Recipe.standard(4).withBatch(32).withAugmentation(Augmentation.none()),
            Tiny.engine());

    List<EpochReport> history = Trainer.fit(run, TrainingListener.NONE).history();

    assertThat(history.get(3).trainingAccuracy()).isGreaterThan(0.75);
    assertThat(history.get(3).trainingLoss()).isLessThan(0.7 * history.get(0).trainingLoss());
  }

  @Test
  void aBoundForTheMemoryChangesNoBitAndSaysWhatIsMissing() {
    TrainingRun run = Tiny.run(2);
    Weights free = Trainer.fit(run, TrainingListener.NONE).network().model().weights();

    // Bisection finds the least that will do: there most is computed twice.
    long least = 0;
    long enough = 100_000_000;
    while (enough - least > 1000) {
      long middle = (least + enough) / 2;
      try {
        assertThat(
                Trainer.fit(run.withMemory(middle), TrainingListener.NONE)
                    .network()
                    .model()
                    .weights())
            .isEqualTo(free);
        enough = middle;
      } catch (InputException tooLittle) {
        assertThat(tooLittle).hasMessageContaining("MB more are needed");
        least = middle;
      }
    }
    assertThat(least).isPositive();
  }

  @Test
  void learnsFromMixedPicturesAndWeightedClasses() {
    TrainingRun plain = Tiny.run(8);
    Recipe recipe =
        plain
            .recipe()
            .withAugmentation(Augmentation.parse("mixup:0.2,cutmix"))
            .withClassWeights(ClassWeights.balanced(plain.train()));

    List<EpochReport> history =
        Trainer.fit(
                TrainingRun.of(plain.network(), plain.train(), recipe, plain.engine())
                    .withThreads(1),
                TrainingListener.NONE)
            .history();

    assertThat(history.get(7).trainingLoss()).isLessThan(history.get(0).trainingLoss());
    // A mixed picture has a loss that no network can take away.
    double untouched = Trainer.fit(plain, TrainingListener.NONE).history().get(7).trainingLoss();
    assertThat(history.get(7).trainingLoss()).isGreaterThan(untouched);
  }

  @Test
  void aWeightForEachClassIsNeeded() {
    TrainingRun run = Tiny.run(1);
    Recipe recipe = run.recipe().withClassWeights(ClassWeights.parse("1,2"));

    assertThatThrownBy(() -> TrainingRun.of(run.network(), run.train(), recipe, run.engine()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2 class weights for 3 classes");
  }

  @Test
  void sameSeedSameBits() {
    Map<Weights.Key, List<Integer>> first = bits(fit(Tiny.run(2)));

    assertThat(bits(fit(Tiny.run(2)))).isEqualTo(first);
    TrainingRun run = Tiny.run(2);
    TrainingRun other =
        TrainingRun.of(run.network(), run.train(), run.recipe().withSeed(8), run.engine())
            .withThreads(1);
    assertThat(bits(fit(other))).isNotEqualTo(first);
  }

  @Test
  void countsStepsAndPicturesWithAShortLastBatch() {
    List<StepReport> steps = new ArrayList<>();
    Trainer.fit(
        Tiny.run(2),
        new TrainingListener() {
          @Override
          public void onStep(StepReport report, TrainingView view) {
            steps.add(report);
          }
        });

    assertThat(steps).extracting(StepReport::epoch).containsExactly(1, 1, 1, 2, 2, 2);
    assertThat(steps).extracting(StepReport::step).containsExactly(1, 2, 3, 1, 2, 3);
    assertThat(steps.get(2).accuracy() * 40 % 1).isZero();
  }

  @Test
  void stopsWhenTheLossIsNoNumber() {
    TrainingRun run = Tiny.run(3);
    TrainingRun wild =
        TrainingRun.of(
            run.network(),
            run.train(),
            run.recipe()
                .withLearningRate(1e30)
                .withOptimizer(Sgd.plain())
                .withSchedule(Schedule.constant()),
            run.engine());

    assertThatThrownBy(() -> fit(wild))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContaining("epoch 1")
        .hasMessageContaining("try a learning rate lower than 1.0E30");
  }

  @Test
  void stopsEarlyAndRestoresTheBest() {
    TrainingRun run = Tiny.run(60);
    // Nothing improves by as much as 1: after the first epoch there are two more.
    TrainingRun impatient =
        TrainingRun.of(
                run.network(),
                run.train(),
                run.recipe().withSelection(Selection.best(Metric.LOSS).withPatience(2, 10)),
                run.engine())
            .withValidation(run.validation().orElseThrow())
            .withThreads(1);
    TrainingResult result = Trainer.fit(impatient, TrainingListener.NONE);

    assertThat(result.ending()).isEqualTo(TrainingResult.Ending.STOPPED_EARLY);
    assertThat(result.history()).hasSize(3);
    EpochReport best = result.best().orElseThrow();
    assertThat(result.history())
        .allSatisfy(
            report ->
                assertThat(report.validationLoss()).isGreaterThanOrEqualTo(best.validationLoss()));
    Evaluation restored =
        Evaluation.of(
            run.engine(),
            result.network(),
            run.validation().orElseThrow(),
            16,
            1,
            Evaluation.Progress.NONE);
    assertThat(restored.loss()).isEqualTo(best.validationLoss());
  }

  @Test
  void whatFollowsValidationNeedsIt() {
    TrainingRun run = Tiny.run(2);
    for (Recipe recipe :
        List.of(
            run.recipe().withSchedule(Schedule.plateau(Metric.LOSS)),
            run.recipe().withSelection(Selection.best(Metric.TOP1)))) {
      TrainingRun blind = TrainingRun.of(run.network(), run.train(), recipe, run.engine());
      assertThatThrownBy(() -> Trainer.fit(blind, TrainingListener.NONE))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("hold some out");
    }
  }

  @Test
  void anOutputCountsByItsWeight() {
    Block heads =
        (scope, value) -> {
          Block head = chain(globalAveragePool("pool"), dense("fc", 3));
          scope.output("aux", head.apply(scope.child("aux"), value));
          return head.apply(scope.child("main"), value);
        };
    Graph graph = Graph.of(Shape.of(1, 8, 8), ".", chain(conv("conv", 2, k(3)), heads));
    Model model = Initialization.initialize(graph, 1);
    Recipe recipe = Tiny.recipe(1).withOptimizer(Sgd.plain());
    TrainingRun unweighted =
        TrainingRun.of(Tiny.network(model), new Tiny.Stripes(16), recipe, Tiny.engine());
    TrainingRun weighted =
        TrainingRun.of(
            Tiny.network(model),
            new Tiny.Stripes(16),
            recipe.withOutputWeights(Map.of("aux", 0.3)),
            Tiny.engine());

    float[] before = model.weights().get("aux.fc", Role.KERNEL).toArray();
    assertThat(fit(unweighted).weights().get("aux.fc", Role.KERNEL).toArray()).isEqualTo(before);
    assertThat(fit(weighted).weights().get("aux.fc", Role.KERNEL).toArray()).isNotEqualTo(before);
    assertThatThrownBy(
            () ->
                TrainingRun.of(
                    Tiny.network(model),
                    new Tiny.Stripes(16),
                    recipe.withOutputWeights(Map.of("au", 0.3)),
                    Tiny.engine()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'au'");
  }

  @Test
  void anotherNumberOfClassesIsRefused() {
    Model model = Initialization.initialize(Graph.of(Shape.of(1, 8, 8), ".", Tiny.body(4)), 1);

    assertThatThrownBy(
            () ->
                TrainingRun.of(
                    Tiny.network(model), new Tiny.Stripes(16), Tiny.recipe(1), Tiny.engine()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("stripes has 3 classes");
  }

  @Test
  void otherNamesForTheClassesAreRefused() {
    Network network = Tiny.network(Initialization.initialize(Tiny.graph(), 1));

    assertThatThrownBy(
            () ->
                TrainingRun.of(
                    network.withLabels(List.of("up", "down", "neither")),
                    new Tiny.Stripes(16),
                    Tiny.recipe(1),
                    Tiny.engine()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("[up, down, neither]")
        .hasMessageContaining("[lying, standing, neither]");
  }

  private static Model fit(TrainingRun run) {
    return Trainer.fit(run, TrainingListener.NONE).network().model();
  }

  private static Map<Weights.Key, List<Integer>> bits(Model model) {
    Map<Weights.Key, List<Integer>> bits = new LinkedHashMap<>();
    model
        .weights()
        .tensors()
        .forEach(
            (key, tensor) -> {
              List<Integer> values = new ArrayList<>();
              for (float value : tensor.toArray()) {
                values.add(Float.floatToRawIntBits(value));
              }
              bits.put(key, values);
            });
    return bits;
  }
}
