package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Holds what is done to samples of 8 bits against Pillow 9.4's results. */
class PillowTest {
  /** The picture that {@code pillow.csv} was made with. */
  static Picture pattern(int width, int height, int channels) {
    byte[] samples = new byte[width * height * channels];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int k = 0; k < channels; k++) {
          samples[at++] =
              (byte) (30 + (x * 7 + y * 13 + k * 31 + (x * y * (k + 1) % 17) * 5) % 190);
        }
      }
    }
    return Picture.of(width, height, channels, samples);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/pillow.csv")
  void equalsPillowToTheByte(
      String operation, double value, int width, int height, int channels, String checksum) {
    Picture picture = pattern(width, height, channels);
    Border border = Border.constant(99);
    Picture result =
        switch (operation) {
          case "brightness" -> Tones.brightness(picture, value);
          case "contrast" -> Tones.contrast(picture, value);
          case "saturation" -> Tones.saturation(picture, value);
          case "sharpness" -> Focus.sharpness(picture, value);
          case "posterize" -> Tones.posterize(picture, (int) value);
          case "solarize" -> Tones.solarize(picture, value);
          case "autocontrast" -> Tones.autocontrast(picture);
          case "equalize" -> Tones.equalize(picture);
          case "hue" -> Tones.hue(picture, value);
          case "shear-x" -> new Affine(1, value, 0, 0, 1, 0).nearest(picture);
          case "shear-y" -> new Affine(1, 0, 0, value, 1, 0).nearest(picture);
          case "translate-x" -> Affine.translation(value, 0).nearest(picture);
          case "rotate" -> Affine.rotation(value, width, height).nearest(picture);
          case "rotate-bilinear" -> Affine.rotation(value, width, height).bilinear(picture, border);
          case "zoom-bilinear" ->
              Affine.about(width / 2.0, height / 2.0, value, 0, 0, value).bilinear(picture, border);
          default -> throw new IllegalArgumentException(operation);
        };

    assertThat(result).extracting(Picture::width, Picture::height).containsExactly(width, height);
    assertThat(TestResources.crc32(result)).isEqualTo(checksum);
  }
}
