package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.Interpolation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ResizeTest {
  private static Picture chelsea() {
    return PictureReader.read(TestResources.file("resize/chelsea.png"));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
        NEAREST, 224, 45bef609c9e716751f0a93c7fb89202728e7af19b390f657cad31bd75b636679
        NEAREST, 299, 3bcd3e4059626b9cdf0977cefe6df3d5567b0f86f60777aac70516cf6bb47643
        BILINEAR, 224, af5cb2be868c96c133dfc743993405898ddecaa6388c3f14601c385f94d89717
        BILINEAR, 299, 51e215fa4d92610ece6a89e85f9c7d50b78842efafe764d89c536f6fb5783978
        BICUBIC, 224, 5d1e3b65736dd28de340cf6fdccdd9d20f4219380fc233445f1dc9d4d3ab03af
        BICUBIC, 299, a5f15fd22485df37149deba647f0ec59baf2233c4a0882e51f3a55cad927a0c1
        """)
  void equalsPillowToTheByte(Interpolation filter, int size, String sha256) {
    Picture resized = Resize.resize(chelsea(), size, size, filter);

    assertThat(TestResources.sha256(resized)).isEqualTo(sha256);
  }

  /** Every filter, up and down, on colours and greys, with and without a box. */
  @ParameterizedTest
  @CsvFileSource(resources = "/pillow-resize.csv")
  void equalsPillowOnEveryFilter(
      Interpolation interpolation,
      int width,
      int height,
      int channels,
      int targetWidth,
      int targetHeight,
      float left,
      float top,
      float right,
      float bottom,
      String checksum) {
    Picture source = PillowTest.pattern(width, height, channels);

    Picture resized =
        Resize.resize(
            source, targetWidth, targetHeight, interpolation, new Box(left, top, right, bottom));

    assertThat(resized.width()).isEqualTo(targetWidth);
    assertThat(TestResources.crc32(resized)).isEqualTo(checksum);
  }

  @ParameterizedTest
  @EnumSource
  void windowsAreCutOutOfTheWhole(Interpolation interpolation) {
    Picture source = PillowTest.pattern(23, 17, 3);

    for (int[] size : new int[][] {{40, 30}, {9, 11}, {23, 30}, {9, 17}, {23, 17}}) {
      Picture whole = Resize.resize(source, size[0], size[1], interpolation);
      assertThat(Resize.window(source, size[0], size[1], interpolation, 3, 2, 5, 8))
          .isEqualTo(whole.window(3, 2, 5, 8, 0));
    }
  }

  @Test
  void enlargesBilinearly() {
    assertThat(Resize.resize(TestResources.row(0, 100), 4, 1, Interpolation.BILINEAR))
        .isEqualTo(TestResources.row(0, 25, 75, 100));
  }

  @Test
  void shrinksWithAntialias() {
    assertThat(Resize.resize(TestResources.row(0, 0, 200, 200, 0, 0), 3, 1, Interpolation.BOX))
        .isEqualTo(TestResources.row(0, 200, 0));
    // Weights 1 3 3 1 of 8 in the middle; 3 3 1 of 7 at the edges.
    assertThat(Resize.resize(TestResources.row(0, 0, 200, 200, 0, 0), 3, 1, Interpolation.BILINEAR))
        .isEqualTo(TestResources.row(29, 150, 29));
  }

  @ParameterizedTest
  @EnumSource
  void keepsAnEvenColourAndItsOwnSize(Interpolation filter) {
    byte[] samples = new byte[13 * 7 * 3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (200 + i % 3);
    }
    Picture even = Picture.of(13, 7, 3, samples);

    Picture resized = Resize.resize(even, 5, 31, filter);
    assertThat(resized.width()).isEqualTo(5);
    assertThat(resized.height()).isEqualTo(31);
    for (int y = 0; y < 31; y++) {
      for (int x = 0; x < 5; x++) {
        for (int channel = 0; channel < 3; channel++) {
          assertThat(resized.sample(x, y, channel)).isEqualTo(200 + channel);
        }
      }
    }
    assertThat(Resize.resize(even, 13, 7, filter)).isEqualTo(even);
  }

  @Test
  void refusesAnEmptySize() {
    assertThatThrownBy(() -> Resize.resize(TestResources.row(1), 0, 1, Interpolation.BILINEAR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be positive, was 0");
  }

  @Test
  void refusesABoxThatIsNotInsideThePicture() {
    assertThatThrownBy(
            () ->
                Resize.resize(
                    TestResources.row(1, 2), 1, 1, Interpolation.BOX, new Box(0, 0, 3, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not inside Picture[1x1x2]");
    assertThatThrownBy(() -> new Box(1, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have a positive size");
  }
}
