package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Preprocessing;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreprocessorTest {
  private static final Preprocessing IMAGENET =
      new Preprocessing(3, 224, 224, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

  @Test
  void equalsTorchvisionOnAPhotograph() {
    float[] pixels =
        new Preprocessor(IMAGENET)
            .apply(PictureReader.read(TestResources.file("resize/chelsea.png")));

    double[] mean = {0.41092931441136005, -0.08466845164405089, -0.29167718476279214};
    double[] row100Column50 = {0.6734309444301736, 0.030112044817927192, -0.3578213507625273};
    int plane = 224 * 224;
    assertThat(pixels).hasSize(3 * plane);
    for (int channel = 0; channel < 3; channel++) {
      double sum = 0;
      for (int i = 0; i < plane; i++) {
        sum += pixels[channel * plane + i];
      }
      assertThat(sum / plane).isCloseTo(mean[channel], within(1e-6));
      assertThat((double) pixels[channel * plane + 100 * 224 + 50])
          .isCloseTo(row100Column50[channel], within(1e-6));
    }
  }

  @Test
  void convertsChannelsBeforeTheSize() {
    Preprocessor preprocessor =
        new Preprocessor(new Preprocessing(1, 2, 2, List.of(0.0), List.of(1.0)));
    Picture colour = PictureReader.read(TestResources.file("pictures/rgb.png"));

    assertThat(preprocessor.fit(colour))
        .isEqualTo(Resize.resize(colour.to(1), 2, 2, Filter.BILINEAR));
    assertThat(preprocessor.length()).isEqualTo(4);
  }

  @Test
  void refusesToNormalizeWhatWasNotFitted() {
    assertThatThrownBy(
            () -> new Preprocessor(IMAGENET).normalize(TestResources.row(1), new float[9], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Picture[1x1x1] does not fit");
  }
}
