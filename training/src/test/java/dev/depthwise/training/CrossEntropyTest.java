package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.depthwise.network.InputException;
import dev.depthwise.vision.Targets;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrossEntropyTest {
  private static final float LN3 = (float) Math.log(3);

  @Test
  void equalLogitsLoseTheLogarithmOfTheClasses() {
    float[] gradient = new float[2];

    CrossEntropy.Score score =
        new CrossEntropy(0).score(buffer(0, 0), Targets.of(1), 2, 1, FloatBuffer.wrap(gradient));

    assertThat(score.loss()).isCloseTo(Math.log(2), within(1e-12));
    assertThat(gradient).containsExactly(0.5f, -0.5f);
  }

  @Test
  void smoothingMixesTheTargetWithAllClasses() {
    // Probabilities 3/4 and 1/4 against targets 0.95 and 0.05.
    float[] gradient = new float[2];

    CrossEntropy.Score score =
        new CrossEntropy(0.1)
            .score(buffer(LN3, 0), Targets.of(0), 2, 1, FloatBuffer.wrap(gradient));

    assertThat(score.loss())
        .isCloseTo(-0.95 * Math.log(0.75) - 0.05 * Math.log(0.25), within(1e-7));
    assertThat(gradient[0]).isCloseTo(-0.2f, within(1e-6f));
    assertThat(gradient[1]).isCloseTo(0.2f, within(1e-6f));
  }

  @Test
  void theLossIsTheMeanAndTheGradientIsWeightedAndDividedByTheCount() {
    float[] gradient = {9, 9, 9, 9, 9};

    CrossEntropy.Score score =
        new CrossEntropy(0)
            .score(
                buffer(LN3, 0, 0, LN3),
                Targets.of(0, 0),
                2,
                0.5,
                FloatBuffer.wrap(gradient).position(1).slice());

    assertThat(score.loss()).isCloseTo(-(Math.log(0.75) + Math.log(0.25)) / 2, within(1e-7));
    assertThat(score.correct()).isEqualTo(1);
    assertThat(gradient)
        .usingComparatorWithPrecision(1e-7f)
        .containsExactly(9, -0.0625f, 0.0625f, -0.1875f, 0.1875f);
  }

  static List<Arguments> losses() {
    Targets plain = Targets.of(2, 0);
    Targets mixed = new Targets(new int[] {2, 1}, new int[] {0, 1}, new double[] {0.7, 0.5});
    ClassWeights weights = new ClassWeights(List.of(0.5, 2.0, 3.0));
    return List.of(
        arguments(new CrossEntropy(0), plain),
        arguments(new CrossEntropy(0.2), plain),
        arguments(new CrossEntropy(0.2), mixed),
        arguments(new CrossEntropy(0, weights), plain),
        arguments(new CrossEntropy(0.2, weights), mixed));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theGradientIsThatOfTheLoss(CrossEntropy loss, Targets targets) {
    float[] logits = {1.5f, -0.25f, 0.5f, 2, 0, -3};
    float[] gradient = new float[6];
    loss.score(buffer(logits), targets, 3, 1, FloatBuffer.wrap(gradient));

    for (int i = 0; i < logits.length; i++) {
      float h = 1f / 256;
      float[] up = logits.clone();
      up[i] += h;
      float[] down = logits.clone();
      down[i] -= h;
      double slope =
          (loss.score(buffer(up), targets, 3).loss() - loss.score(buffer(down), targets, 3).loss())
              / (2 * h);
      assertThat(gradient[i]).isCloseTo((float) slope, within(1e-5f));
    }
  }

  /**
   * The definition, written out: the cross entropy of softmax against a vector for each picture.
   */
  @ParameterizedTest
  @MethodSource("losses")
  void theLossIsThatOfSoftTargets(CrossEntropy loss, Targets targets) {
    float[] logits = {1.5f, -0.25f, 0.5f, 2, 0, -3};
    double total = 0;
    double divisor = 0;
    for (int row = 0; row < 2; row++) {
      double[] hard = new double[3];
      hard[targets.labels()[row]] += targets.shares()[row];
      hard[targets.others()[row]] += 1 - targets.shares()[row];
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        sum += Math.exp(logits[3 * row + i]);
      }
      for (int i = 0; i < 3; i++) {
        double soft = (1 - loss.smoothing()) * hard[i] + loss.smoothing() / 3;
        double probability = Math.exp(logits[3 * row + i]) / sum;
        total -= loss.weights().of(i) * soft * Math.log(probability);
        divisor += loss.weights().of(i) * hard[i];
      }
    }

    assertThat(loss.score(buffer(logits), targets, 3).loss())
        .isCloseTo(total / divisor, within(1e-12));
  }

  @Test
  void weightsAreMeantAsPyTorchMeansThem() {
    // Probabilities 3/4 and 1/4; weights 1 and 3: (1 * -ln 3/4 + 3 * -ln 1/4) / (1 + 3).
    CrossEntropy loss = new CrossEntropy(0, new ClassWeights(List.of(1.0, 3.0)));

    assertThat(loss.score(buffer(LN3, 0, LN3, 0), Targets.of(0, 1), 2).loss())
        .isCloseTo((-Math.log(0.75) - 3 * Math.log(0.25)) / 4, within(1e-7));
  }

  @Test
  void weightsOfOneSizeChangeNothing() {
    float[] logits = {1.5f, -0.25f, 0.5f, 2, 0, -3};
    Targets mixed = new Targets(new int[] {2, 1}, new int[] {0, 1}, new double[] {0.7, 0.5});
    float[] expected = new float[6];
    float[] actual = new float[6];
    CrossEntropy equal = new CrossEntropy(0.1);
    CrossEntropy same = new CrossEntropy(0.1, new ClassWeights(List.of(5.0, 5.0, 5.0)));

    assertThat(same.score(buffer(logits), mixed, 3, 1, FloatBuffer.wrap(actual)).loss())
        .isCloseTo(
            equal.score(buffer(logits), mixed, 3, 1, FloatBuffer.wrap(expected)).loss(),
            within(1e-12));
    assertThat(actual).usingComparatorWithPrecision(1e-7f).containsExactly(expected);
  }

  @Test
  void ofMixedPicturesTheLargerPartCounts() {
    Targets mixed = new Targets(new int[] {0, 1}, new int[] {1, 0}, new double[] {0.6, 0.6});

    assertThat(new CrossEntropy(0).score(buffer(1, 0, 1, 0), mixed, 2).correct()).isEqualTo(1);
  }

  @Test
  void asManyWeightsAsClassesAreNeeded() {
    CrossEntropy loss = new CrossEntropy(0, new ClassWeights(List.of(1.0, 3.0)));

    assertThatThrownBy(() -> loss.score(buffer(1, 2, 3), Targets.of(1), 3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2 class weights for 3 classes");
  }

  @Test
  void logitsOfAnySizeHaveALoss() {
    float[] gradient = new float[2];

    CrossEntropy.Score score =
        new CrossEntropy(0)
            .score(buffer(1e30f, 0), Targets.of(1), 2, 1, FloatBuffer.wrap(gradient));

    assertThat(score.loss()).isEqualTo((double) 1e30f);
    assertThat(gradient).containsExactly(1, -1);
  }

  @Test
  void aLogitThatIsNoNumberMakesTheLossNone() {
    assertThat(new CrossEntropy(0).score(buffer(Float.NaN, 0), Targets.of(1), 2).loss()).isNaN();
    assertThat(new CrossEntropy(0).score(buffer(0, Float.NaN), Targets.of(0), 2).loss()).isNaN();
  }

  @Test
  void ofEqualLogitsTheFirstIsChosen() {
    CrossEntropy loss = new CrossEntropy(0);

    assertThat(loss.score(buffer(1, 1), Targets.of(0), 2).correct()).isEqualTo(1);
    assertThat(loss.score(buffer(1, 1), Targets.of(1), 2).correct()).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void smoothingOutOfRangeIsRefused(double smoothing) {
    assertThatThrownBy(() -> new CrossEntropy(smoothing))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("label smoothing");
  }

  private static FloatBuffer buffer(float... values) {
    return FloatBuffer.wrap(values);
  }
}
