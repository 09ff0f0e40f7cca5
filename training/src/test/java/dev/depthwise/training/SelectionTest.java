package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {
  @Test
  void theLargestAccuracyAndTheSmallestLossAreBest() {
    List<EpochReport> history =
        history(new double[] {0.5, 0.7, 0.7, 0.6}, new double[] {3, 2, 1, 4});

    assertThat(Selection.last(Metric.TOP1).best(history).orElseThrow().epoch()).isEqualTo(2);
    assertThat(Selection.last(Metric.LOSS).best(history).orElseThrow().epoch()).isEqualTo(3);
    assertThat(Selection.last(Metric.F1).best(history).orElseThrow().epoch()).isEqualTo(2);
    assertThat(Selection.last(Metric.TOP1).best(List.of())).isEmpty();
  }

  @Test
  void patienceRunsOutAfterSoManyEpochsWithoutABetterOne() {
    Selection selection = Selection.best(Metric.TOP1).withPatience(2, 0);

    assertThat(selection.isOver(accuracies(0.5, 0.4))).isFalse();
    assertThat(selection.isOver(accuracies(0.5, 0.4, 0.6, 0.5))).isFalse();
    assertThat(selection.isOver(accuracies(0.5, 0.4, 0.5))).isTrue();
    assertThat(Selection.best(Metric.TOP1).isOver(accuracies(0.5, 0.4, 0.3, 0.2))).isFalse();
  }

  @Test
  void smallImprovementsDoNotCount() {
    Selection selection = Selection.best(Metric.TOP1).withPatience(2, 0.1);

    assertThat(selection.isOver(accuracies(0.5, 0.55, 0.58))).isTrue();
    assertThat(selection.isOver(accuracies(0.5, 0.55, 0.65))).isFalse();
    // The best is the best all the same.
    assertThat(selection.best(accuracies(0.5, 0.55, 0.58)).orElseThrow().epoch()).isEqualTo(3);
  }

  @Test
  void aLossImprovesDownwards() {
    Selection selection = Selection.best(Metric.LOSS).withPatience(1, 0);

    assertThat(selection.isOver(history(new double[3], new double[] {3, 2, 1}))).isFalse();
    assertThat(selection.isOver(history(new double[2], new double[] {1, 2}))).isTrue();
  }

  @Test
  void unknownMetricsSuggestTheirNeighbours() {
    assertThat(Metric.parse("Top1")).isEqualTo(Metric.TOP1);
    assertThatThrownBy(() -> Metric.parse("topp1"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("did you mean top1");
  }

  private static List<EpochReport> accuracies(double... values) {
    return history(values, new double[values.length]);
  }

  static List<EpochReport> history(double[] accuracies, double[] losses) {
    List<EpochReport> history = new ArrayList<>();
    for (int i = 0; i < accuracies.length; i++) {
      double value = accuracies[i];
      history.add(
          new EpochReport(
              i + 1,
              0.1,
              1,
              0.5,
              new Scores(losses[i], value, null, value, value, value),
              1,
              1,
              0));
    }
    return history;
  }
}
