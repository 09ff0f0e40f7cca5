package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Interpolation;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Resizing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessorTest {
  private static Picture chelsea() {
    return PictureReader.read(TestResources.file("resize/chelsea.png"));
  }

  private static Preprocessing mode(String mode, int height, int width) {
    return switch (mode) {
      case "caffe" -> Preprocessing.caffe(height, width);
      case "tf" -> Preprocessing.tf(height, width);
      case "torch" -> Preprocessing.torch(height, width);
      default -> throw new IllegalArgumentException(mode);
    };
  }

  /** The means and pixels are of the published float64 reference, in the order of the input. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
        tf, 0.15820562, -0.12593147, -0.31925473, 0.27843137, -0.07450980, -0.34901961
        caffe, -17.14397848, -5.33526196, 23.99121731, -20.939, 1.221, 39.320
        torch, 0.41092931, -0.08466845, -0.29167718, 0.67343094, 0.03011204, -0.35782135
        """)
  void normalizesAsKeras(
      String mode, double a, double b, double c, double pixelA, double pixelB, double pixelC) {
    float[] input =
        new Preprocessor(mode(mode, 224, 224).withInterpolation(Interpolation.BILINEAR))
            .apply(chelsea());

    double[] mean = {a, b, c};
    double[] row100Column50 = {pixelA, pixelB, pixelC};
    int plane = 224 * 224;
    assertThat(input).hasSize(3 * plane);
    for (int channel = 0; channel < 3; channel++) {
      double sum = 0;
      for (int i = 0; i < plane; i++) {
        sum += input[channel * plane + i];
      }
      assertThat(sum / plane).isCloseTo(mean[channel], within(4e-6));
      assertThat((double) input[channel * plane + 100 * 224 + 50])
          .isCloseTo(row100Column50[channel], within(4e-6));
    }
  }

  /** The checksums are of NumPy's float32 arrays, little-endian, channels first. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
        tf, cb8331f58a6619a770e6114980c1d14317802b1571fe8ff3dfdbc9bb9a063b98
        caffe, 23ad83dcda7e88950c88a3c2af6878a3f56ff6e3ee052d01679acf0740ee74e3
        torch, 0e84957d42866a8594d3664c31d9aaa1a30e1429e1c08091b6e246975031ae73
        """)
  void normalizesAsNumPyToTheBit(String mode, String sha256) {
    float[] input =
        new Preprocessor(mode(mode, 224, 224).withInterpolation(Interpolation.BILINEAR))
            .apply(chelsea());

    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * input.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(input);
    assertThat(TestResources.sha256(bytes.array())).isEqualTo(sha256);
  }

  /** Keras' and torchvision's results on three photographs. */
  @ParameterizedTest
  @CsvFileSource(resources = "/photographs.csv")
  void bringsPhotographsToSizeAsKerasAndTorchvision(
      String file, String rule, Interpolation interpolation, int side, int size, String sha256) {
    Resizing resizing =
        switch (rule) {
          case "stretch" -> new Resizing.Stretch();
          case "crop-then-stretch" -> new Resizing.CropThenStretch();
          case "shorter-side" -> new Resizing.ShorterSideThenCrop(side);
          default -> throw new IllegalArgumentException(rule);
        };
    Preprocessor preprocessor =
        new Preprocessor(
            Preprocessing.torch(size, size)
                .withResizing(resizing)
                .withInterpolation(interpolation));

    Picture fitted = preprocessor.fit(PictureReader.read(TestResources.file("resize/" + file)));

    assertThat(TestResources.sha256(fitted)).isEqualTo(sha256);
  }

  /** Rounding half to even, padding, and shapes that are not square. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
        23, 17, 3, 8, 5, 5, 50b4b416
        17, 23, 1, 8, 5, 6, 0530f2e8
        23, 17, 3, 9, 6, 5, 410a423b
        23, 17, 3, 17, 16, 15, e99fca02
        23, 17, 3, 8, 13, 13, ffc3d41b
        23, 17, 3, 8, 4, 14, 93e9da24
        3, 50, 3, 8, 6, 6, 643712a9
        50, 3, 1, 6, 8, 8, 6f37a6c9
        1, 1, 3, 4, 4, 3, 7ca0e065
        451, 300, 3, 256, 224, 224, eb7a70b8
        """)
  void cropsAsTorchvisionAtTheEdges(
      int width, int height, int channels, int side, int cropHeight, int cropWidth, String crc) {
    Preprocessor preprocessor =
        resizing(
            channels, cropHeight, cropWidth, new Resizing.ShorterSideThenCrop(side), "BILINEAR");

    assertThat(TestResources.crc32(preprocessor.fit(PillowTest.pattern(width, height, channels))))
        .isEqualTo(crc);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
        23, 17, 3, 8, 8, f1c40d86
        23, 17, 1, 9, 4, ee7d41d1
        17, 23, 3, 30, 40, 4a230128
        5, 90, 3, 7, 7, 8afec800
        16, 16, 3, 16, 16, 4af482cf
        """)
  void cropsAsKerasAtTheEdges(
      int width, int height, int channels, int targetHeight, int targetWidth, String crc) {
    Preprocessor preprocessor =
        resizing(channels, targetHeight, targetWidth, new Resizing.CropThenStretch(), "BICUBIC");

    assertThat(TestResources.crc32(preprocessor.fit(PillowTest.pattern(width, height, channels))))
        .isEqualTo(crc);
  }

  @Test
  void longThinPicturesCostNoMoreThanWhatIsShown() {
    Preprocessor preprocessor = new Preprocessor(Preprocessing.torchvision(256, 224));

    assertThat(preprocessor.fit(PillowTest.pattern(1_000_000, 1, 1)).width()).isEqualTo(224);
    assertThatThrownBy(() -> preprocessor.fit(PillowTest.pattern(10_000_000, 1, 1)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("10000000x1 pixels is too long and thin");
  }

  @Test
  void convertsChannelsBeforeTheSize() {
    Preprocessor preprocessor =
        new Preprocessor(Preprocessing.stretched(1, 2, 2, List.of(0.0), List.of(1.0)));
    Picture colour = PictureReader.read(TestResources.file("pictures/rgb.png"));

    assertThat(preprocessor.fit(colour))
        .isEqualTo(Resize.resize(colour.to(1), 2, 2, Interpolation.BILINEAR));
    assertThat(preprocessor.length()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"caffe", "tf", "torch"})
  void showsThePictureThatAnInputWasMadeOf(String mode) {
    Preprocessor preprocessor = new Preprocessor(mode(mode, 17, 23));
    Picture picture = PillowTest.pattern(23, 17, 3);
    FloatBuffer two = FloatBuffer.allocate(2 * preprocessor.length());
    two.put(preprocessor.length(), preprocessor.apply(picture));

    assertThat(preprocessor.picture(two, preprocessor.length())).isEqualTo(picture);
  }

  @Test
  void refusesToNormalizeWhatWasNotFitted() {
    assertThatThrownBy(
            () ->
                new Preprocessor(Preprocessing.torch(224, 224))
                    .normalize(TestResources.row(1), new float[9], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Picture[1x1x1] does not fit");
  }

  private static Preprocessor resizing(
      int channels, int height, int width, Resizing resizing, String interpolation) {
    return new Preprocessor(
        Preprocessing.stretched(
                channels,
                height,
                width,
                Collections.nCopies(channels, 0.0),
                Collections.nCopies(channels, 1.0))
            .withResizing(resizing)
            .withInterpolation(Interpolation.valueOf(interpolation)));
  }
}
