package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Subset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassWeightsTest {
  @Test
  void balancedWeightsMakeClassesCountTheSame() {
    // Six pictures: three, two and one of the classes.
    Dataset pictures = some(new Tiny.Stripes(9), 3, 2, 1);

    ClassWeights balanced = ClassWeights.balanced(pictures);

    assertThat(balanced.weights()).containsExactly(6 / 9.0, 6 / 6.0, 6 / 3.0);
  }

  @Test
  void aClassWithoutPicturesCannotBeBalanced() {
    assertThatThrownBy(() -> ClassWeights.balanced(some(new Tiny.Stripes(9), 3, 0, 1)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no picture of class");
  }

  private static Dataset some(Dataset dataset, int... counts) {
    List<Integer> chosen = new ArrayList<>();
    int[] left = counts.clone();
    for (int index = 0; index < dataset.size(); index++) {
      if (left[dataset.label(index)]-- > 0) {
        chosen.add(index);
      }
    }
    return new Subset("some", dataset, chosen.stream().mapToInt(index -> index).toArray());
  }

  @Test
  void whatIsWrittenIsReadBack() {
    ClassWeights weights = ClassWeights.parse("1, 2.5,0.125");

    assertThat(weights.weights()).containsExactly(1.0, 2.5, 0.125);
    assertThat(ClassWeights.parse(weights.toString())).isEqualTo(weights);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,,2 | '' is no number",
        "1,x | 'x' is no number",
        "1,0 | weight of a class must be positive, was 0.0",
        "1,-1 | was -1.0",
        "1,NaN | was NaN",
        "1,Infinity | was Infinity"
      })
  void nonsenseIsRefused(String text, String fault) {
    assertThatThrownBy(() -> ClassWeights.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(fault);
  }
}
