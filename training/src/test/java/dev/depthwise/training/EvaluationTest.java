package dev.depthwise.training;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.softmax;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final Preprocessing PREPROCESSING =
      Preprocessing.stretched(1, 1, 2, List.of(0.0), List.of(1.0));

  /** Pictures of two pixels, of which a network of one dense layer makes six scores. */
  private record Dots(List<Integer> classes) implements Dataset {
    @Override
    public String name() {
      return "dots";
    }

    @Override
    public List<String> labels() {
      return List.of("a", "b", "c", "d", "e", "f");
    }

    @Override
    public int size() {
      return classes.size();
    }

    @Override
    public int label(int index) {
      return classes.get(index);
    }

    @Override
    public Picture picture(int index) {
      return Picture.of(2, 1, 1, new byte[] {(byte) 255, 0});
    }
  }

  /** Scores 5, 4, 3, 2, 1, 0 for every picture. */
  private static Model model(boolean probabilities) {
    Graph graph =
        Graph.of(
            Shape.of(1, 1, 2),
            ".",
            probabilities
                ? chain(flatten(), dense("fc", 6), softmax("softmax"))
                : chain(flatten(), dense("fc", 6)));
    return new Model(
        graph,
        new Weights(
            Map.of(
                new Weights.Key("fc", Role.KERNEL),
                Tensor.of(Shape.of(6, 2), 5, 0, 4, 0, 3, 0, 2, 0, 1, 0, 0, 0),
                new Weights.Key("fc", Role.BIAS),
                Tensor.filled(Shape.of(6), 0))));
  }

  @Test
  void countsWhatIsRightAndWhatIsTakenForWhat() {
    Evaluation evaluation = evaluate(model(false), List.of(0, 0, 1, 4, 5));

    assertThat(evaluation.size()).isEqualTo(5);
    assertThat(evaluation.correct()).isEqualTo(2);
    assertThat(evaluation.top1()).isEqualTo(0.4);
    assertThat(evaluation.top5()).hasValue(0.8);
    assertThat(evaluation.count(0)).isEqualTo(2);
    assertThat(evaluation.accuracy(0)).hasValue(1);
    assertThat(evaluation.accuracy(1)).hasValue(0);
    assertThat(evaluation.accuracy(2)).isEmpty();
    assertThat(evaluation.confused(5, 0)).isEqualTo(1);
    assertThat(evaluation.confused(0, 5)).isZero();
  }

  @Test
  void averagesOverTheClassesThatOccur() {
    // All are taken for class 0: 2 of 5 rightly. Classes 1, 4 and 5 have no right ones.
    Evaluation evaluation = evaluate(model(false), List.of(0, 0, 1, 4, 5));

    assertThat(evaluation.precision(0)).hasValue(0.4);
    assertThat(evaluation.precision(1)).isEmpty();
    assertThat(evaluation.f1(0).orElseThrow()).isCloseTo(2 * 0.4 / 1.4, within(1e-15));
    assertThat(evaluation.f1(1)).hasValue(0);
    assertThat(evaluation.f1(2)).isEmpty();
    assertThat(evaluation.precision()).isCloseTo(0.4 / 4, within(1e-15));
    assertThat(evaluation.recall()).isCloseTo(1.0 / 4, within(1e-15));
    assertThat(evaluation.f1()).isCloseTo(2 * 0.4 / 1.4 / 4, within(1e-15));
  }

  @Test
  void theLossIsTheSameFromLogitsAndFromProbabilities() {
    double sum = 0;
    for (int i = 0; i < 6; i++) {
      sum += Math.exp(i);
    }
    double expected = Math.log(sum) - (5 + 5 + 4) / 3.0;

    assertThat(evaluate(model(false), List.of(0, 0, 1)).loss()).isCloseTo(expected, within(1e-6));
    assertThat(evaluate(model(true), List.of(0, 0, 1)).loss()).isCloseTo(expected, within(1e-6));
  }

  @Test
  void reportsEveryBatch() {
    List<Integer> done = new ArrayList<>();
    Evaluation.of(
        Tiny.engine(),
        Network.of(model(false), PREPROCESSING),
        new Dots(List.of(0, 1, 2, 3, 4)),
        2,
        1,
        (count, total) -> done.add(count));

    assertThat(done).containsExactly(2, 4, 5);
  }

  @Test
  void anotherNumberOfClassesIsRefused() {
    assertThatThrownBy(
            () ->
                Evaluation.of(
                    Tiny.engine(),
                    Network.of(model(false), PREPROCESSING),
                    new Tiny.Stripes(3),
                    2,
                    1,
                    Evaluation.Progress.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("3 classes");
  }

  private static Evaluation evaluate(Model model, List<Integer> classes) {
    return Evaluation.of(
        Tiny.engine(),
        Network.of(model, PREPROCESSING),
        new Dots(classes),
        2,
        1,
        Evaluation.Progress.NONE);
  }
}
