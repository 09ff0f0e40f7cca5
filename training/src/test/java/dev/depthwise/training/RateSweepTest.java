package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.InputException;
import dev.depthwise.training.RateSweep.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateSweepTest {
  private static final LearningRates RATES = new LearningRates(1e-5, 1e3, 80);

  @TempDir Path folder;

  @Test
  void ratesRiseByTheSameFactor() {
    LearningRates rates = LearningRates.standard();

    assertThat(rates.at(0)).isEqualTo(1e-7);
    assertThat(rates.at(99)).isCloseTo(10, within(1e-12));
    assertThat(rates.at(1) / rates.at(0)).isCloseTo(Math.pow(10, 8.0 / 99), within(1e-12));
    assertThatThrownBy(() -> new LearningRates(1, 0.1, 100))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("above the lowest, 1.0, was 0.1");
    assertThatThrownBy(() -> new LearningRates(0.1, 1, 9)).isInstanceOf(InputException.class);
  }

  @Test
  void findsRatesThatTheNetworkLearnsWith() {
    List<Point> heard = new ArrayList<>();
    RateSweep sweep =
        RateSweep.of(
            Tiny.run(1),
            RATES,
            (done, total, point) -> {
              heard.add(point);
              assertThat(done).isEqualTo(heard.size());
              assertThat(total).isEqualTo(80);
            });

    assertThat(sweep.exploded()).isTrue();
    assertThat(sweep.points()).hasSizeBetween(50, 79);
    assertThat(heard).isEqualTo(sweep.points().subList(0, heard.size()));
    double steepest = sweep.steepest().orElseThrow();
    assertThat(steepest).isBetween(1e-2, 1.0);
    assertThat(sweep.tenthOfLowest().orElseThrow()).isBetween(1e-3, 1.0);
    Recipe recipe = Tiny.recipe(6);
    TrainingRun run = Tiny.run(6);
    TrainingResult learned =
        Trainer.fit(
            TrainingRun.of(
                run.network(),
                run.train(),
                recipe.withDescent(recipe.descent().withLearningRate(steepest)),
                run.engine()),
            TrainingListener.NONE);
    assertThat(learned.history().get(5).trainingLoss())
        .isLessThan(learned.history().get(0).trainingLoss() - 0.05);
  }

  @Test
  void aLossIsSmoothedWithItsNeighbours() {
    List<Double> smoothed = curve(step -> step == 50 ? 25 : 0).smoothed();

    assertThat(smoothed.subList(45, 56))
        .containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0);
    assertThat(curve(step -> 2).smoothed()).containsOnly(2.0).hasSize(100);
  }

  @Test
  void theFirstLossIsThatOfTheUntrainedNetwork() {
    List<Double> losses = new ArrayList<>();
    TrainingRun run = Tiny.run(1);
    Trainer.fit(
        run,
        new TrainingListener() {
          @Override
          public void onStep(StepReport report, TrainingView view) {
            losses.add(report.loss());
          }
        });

    RateSweep sweep = RateSweep.of(run, RATES, RateSweep.Progress.NONE);

    assertThat(sweep.points().get(0).loss()).isEqualTo(losses.get(0));
  }

  @Test
  void leavesTheOutputAlone() {
    Path out = folder.resolve("out");
    RateSweep.of(
        Tiny.run(1).withOutput(RunOutput.of(out)),
        new LearningRates(1e-5, 1e-4, 10),
        RateSweep.Progress.NONE);

    assertThat(out).doesNotExist();
  }

  @Test
  void suggestsWhereACurveFallsMostAndATenthOfItsLowest() {
    // Flat, falls around step 50, lowest at 80, rises.
    RateSweep sweep =
        curve(
            step ->
                3 - 1 / (1 + Math.exp((50.5 - step) / 3.0)) + 1e-3 * Math.pow(step - 80, 2) / 16);

    assertThat(sweep.steepest().orElseThrow()).isEqualTo(LearningRates.standard().at(50));
    assertThat(sweep.tenthOfLowest().orElseThrow())
        .isCloseTo(LearningRates.standard().at(80) / 10, within(1e-9));
  }

  @Test
  void aSteeperFallAfterTheLowestIsNoSuggestion() {
    RateSweep sweep =
        curve(step -> step < 60 ? 5 - step / 20.0 : step < 70 ? 40 : 40 - (step - 70));

    assertThat(sweep.steepest().orElseThrow()).isLessThan(LearningRates.standard().at(60));
  }

  @Test
  void aCurveThatDoesNotFallSuggestsNothing() {
    for (RateSweep sweep :
        List.of(
            curve(step -> step),
            curve(step -> 2 - step * 1e-4),
            new RateSweep(RATES, List.of()),
            new RateSweep(RATES, List.of(new Point(1e-5, 1))))) {
      assertThat(sweep.steepest()).isEmpty();
      assertThat(sweep.tenthOfLowest()).isEmpty();
    }
  }

  private interface Losses {
    double at(int step);
  }

  private static RateSweep curve(Losses losses) {
    LearningRates rates = LearningRates.standard();
    return new RateSweep(
        rates,
        IntStream.range(0, 100)
            .mapToObj(step -> new Point(rates.at(step), losses.at(step)))
            .toList());
  }
}
