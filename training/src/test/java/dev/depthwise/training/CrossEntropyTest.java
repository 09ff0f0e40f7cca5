package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.InputException;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossEntropyTest {
  private static final float LN3 = (float) Math.log(3);

  @Test
  void equalLogitsLoseTheLogarithmOfTheClasses() {
    float[] gradient = new float[2];

    CrossEntropy.Score score =
        new CrossEntropy(0).score(buffer(0, 0), new int[] {1}, 1, 2, 1, FloatBuffer.wrap(gradient));

    assertThat(score.loss()).isCloseTo(Math.log(2), within(1e-12));
    assertThat(gradient).containsExactly(0.5f, -0.5f);
  }

  @Test
  void smoothingMixesTheTargetWithAllClasses() {
    // Probabilities 3/4 and 1/4 against targets 0.95 and 0.05.
    float[] gradient = new float[2];

    CrossEntropy.Score score =
        new CrossEntropy(0.1)
            .score(buffer(LN3, 0), new int[] {0}, 1, 2, 1, FloatBuffer.wrap(gradient));

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
                new int[] {0, 0},
                2,
                2,
                0.5,
                FloatBuffer.wrap(gradient).position(1).slice());

    assertThat(score.loss()).isCloseTo(-(Math.log(0.75) + Math.log(0.25)) / 2, within(1e-7));
    assertThat(score.correct()).isEqualTo(1);
    assertThat(gradient)
        .usingComparatorWithPrecision(1e-7f)
        .containsExactly(9, -0.0625f, 0.0625f, -0.1875f, 0.1875f);
  }

  @Test
  void theGradientIsThatOfTheLoss() {
    CrossEntropy loss = new CrossEntropy(0.2);
    float[] logits = {1.5f, -0.25f, 0.5f, 2, 0, -3};
    int[] labels = {2, 0};
    float[] gradient = new float[6];
    loss.score(buffer(logits), labels, 2, 3, 1, FloatBuffer.wrap(gradient));

    for (int i = 0; i < logits.length; i++) {
      float h = 1f / 256;
      float[] up = logits.clone();
      up[i] += h;
      float[] down = logits.clone();
      down[i] -= h;
      double slope =
          (loss.score(buffer(up), labels, 2, 3).loss()
                  - loss.score(buffer(down), labels, 2, 3).loss())
              / (2 * h);
      assertThat(gradient[i]).isCloseTo((float) slope, within(1e-5f));
    }
  }

  @Test
  void logitsOfAnySizeHaveALoss() {
    float[] gradient = new float[2];

    CrossEntropy.Score score =
        new CrossEntropy(0)
            .score(buffer(1e30f, 0), new int[] {1}, 1, 2, 1, FloatBuffer.wrap(gradient));

    assertThat(score.loss()).isEqualTo((double) 1e30f);
    assertThat(gradient).containsExactly(1, -1);
  }

  @Test
  void aLogitThatIsNoNumberMakesTheLossNone() {
    assertThat(new CrossEntropy(0).score(buffer(Float.NaN, 0), new int[] {1}, 1, 2).loss()).isNaN();
    assertThat(new CrossEntropy(0).score(buffer(0, Float.NaN), new int[] {0}, 1, 2).loss()).isNaN();
  }

  @Test
  void ofEqualLogitsTheFirstIsChosen() {
    CrossEntropy loss = new CrossEntropy(0);

    assertThat(loss.score(buffer(1, 1), new int[] {0}, 1, 2).correct()).isEqualTo(1);
    assertThat(loss.score(buffer(1, 1), new int[] {1}, 1, 2).correct()).isZero();
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
