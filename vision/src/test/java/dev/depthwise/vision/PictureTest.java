package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PictureTest {
  @Test
  void ownsItsSamples() {
    byte[] samples = {1, 2, 3};
    Picture picture = Picture.of(3, 1, 1, samples);

    samples[0] = 9;
    picture.toBytes()[1] = 9;
    assertThat(picture).isEqualTo(TestResources.row(1, 2, 3));
  }

  @Test
  void refusesSamplesThatDoNotFit() {
    assertThatThrownBy(() -> Picture.of(2, 2, 3, new byte[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a picture of 2x2 with 3 channels has 12 samples, not 4");
    assertThatThrownBy(() -> Picture.of(1, 1, 2, new byte[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 2");
    assertThatThrownBy(() -> Picture.of(0, 1, 1, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void becomesGreyByPillowsLuma() {
    byte[] primaries = {(byte) 255, 0, 0, 0, (byte) 255, 0, 0, 0, (byte) 255, -1, -1, -1};

    assertThat(Picture.of(4, 1, 3, primaries).to(1)).isEqualTo(TestResources.row(76, 150, 29, 255));
  }

  @Test
  void becomesColourByRepetitionAndBackUnchanged() {
    Picture grey = TestResources.row(0, 7, 200, 255);

    assertThat(grey.to(3).toBytes())
        .containsExactly(0, 0, 0, 7, 7, 7, 200, 200, 200, 255, 255, 255);
    assertThat(grey.to(3).to(1)).isEqualTo(grey);
  }

  @Test
  void windowOutsideIsFilled() {
    Picture picture = Picture.of(2, 2, 1, new byte[] {1, 2, 3, 4});

    assertThat(picture.window(-1, 1, 4, 2, 9))
        .isEqualTo(Picture.of(4, 2, 1, new byte[] {9, 3, 4, 9, 9, 9, 9, 9}));
    assertThat(picture.window(5, 0, 1, 1, 9)).isEqualTo(TestResources.row(9));
    assertThat(picture.window(0, 0, 2, 2, 9)).isEqualTo(picture);
  }

  @Test
  void mirrorKeepsPixelsWhole() {
    assertThat(Picture.of(2, 1, 3, new byte[] {1, 2, 3, 4, 5, 6}).mirrored())
        .isEqualTo(Picture.of(2, 1, 3, new byte[] {4, 5, 6, 1, 2, 3}));
  }
}
