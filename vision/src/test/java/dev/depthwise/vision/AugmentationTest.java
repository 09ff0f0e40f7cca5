package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Randomness;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  /** Leaves samples as they are, as floats. */
  private static Preprocessor plain(int channels, int side) {
    return new Preprocessor(
        new Preprocessing(
            channels,
            side,
            side,
            List.of(0.0, 0.0, 0.0).subList(0, channels),
            List.of(1 / 255.0, 1 / 255.0, 1 / 255.0).subList(0, channels)));
  }

  private static float[] vary(
      Augmentation augmentation, Picture picture, Preprocessor preprocessor, long key) {
    float[] pixels = new float[preprocessor.length()];
    augmentation.apply(picture, preprocessor, pixels, 0, Randomness.keyed("test", key));
    return pixels;
  }

  @Test
  void noneLeavesThePictureAlone() {
    Picture picture = MemoryDataset.noise(1, 1, 6, 3).picture(0);

    assertThat(vary(Augmentation.none(), picture, plain(3, 6), 1))
        .isEqualTo(plain(3, 6).apply(picture));
  }

  @Test
  void cropReachesEveryOffsetAndFillsTheBorder() {
    // One bright pixel in the middle: where it goes is where the window came from.
    byte[] samples = new byte[25];
    samples[12] = 100;
    Picture picture = Picture.of(5, 5, 1, samples);
    Augmentation crop = new Augmentation(2, 7, 0, Erasing.none());
    Set<Integer> places = new HashSet<>();
    for (int key = 0; key < 500; key++) {
      float[] pixels = vary(crop, picture, plain(1, 5), key);
      int found = -1;
      int filled = 0;
      for (int i = 0; i < 25; i++) {
        if (Math.round(pixels[i]) == 100) {
          found = i;
        }
        filled += Math.round(pixels[i]) == 7 ? 1 : 0;
      }
      assertThat(found).isNotNegative();
      int kept = (5 - Math.abs(found % 5 - 2)) * (5 - Math.abs(found / 5 - 2));
      assertThat(filled).isEqualTo(25 - kept);
      places.add(found);
    }
    assertThat(places).hasSize(25);
  }

  @Test
  void flipMirrorsAboutAsOftenAsAsked() {
    Picture picture = Picture.of(2, 2, 1, new byte[] {1, 2, 3, 4});
    Augmentation flip = Augmentation.none().withFlip(0.25);
    int mirrored = 0;
    for (int key = 0; key < 2000; key++) {
      int first = Math.round(vary(flip, picture, plain(1, 2), key)[0]);
      assertThat(first).isIn(1, 2);
      mirrored += first == 2 ? 1 : 0;
    }
    assertThat(mirrored).isBetween(400, 600);
    assertThat(vary(Augmentation.none().withFlip(1), picture, plain(1, 2), 0))
        .containsExactly(new float[] {2, 1, 4, 3}, within(1e-4f));
  }

  @Test
  void erasingOverwritesOneRectangleInEveryChannel() {
    byte[] samples = new byte[20 * 20 * 3];
    Arrays.fill(samples, (byte) 50);
    Picture picture = Picture.of(20, 20, 3, samples);
    Augmentation erasing =
        Augmentation.none().withErasing(new Erasing(1, 0.1, 0.3, 0.5, 2, Erasing.Fill.MEAN));
    for (int key = 0; key < 200; key++) {
      float[] pixels = vary(erasing, picture, plain(3, 20), key);
      int top = 20;
      int bottom = -1;
      int left = 20;
      int right = -1;
      int erased = 0;
      for (int i = 0; i < 400; i++) {
        assertThat(pixels[400 + i]).isEqualTo(pixels[i]);
        assertThat(pixels[800 + i]).isEqualTo(pixels[i]);
        if (pixels[i] == 0) {
          erased++;
          top = Math.min(top, i / 20);
          bottom = Math.max(bottom, i / 20);
          left = Math.min(left, i % 20);
          right = Math.max(right, i % 20);
        }
      }
      assertThat(erased).isEqualTo((bottom - top + 1) * (right - left + 1));
      // The sides are rounded to whole pixels.
      assertThat(erased / 400.0).isBetween(0.08, 0.34);
      assertThat((bottom - top + 1.0) / (right - left + 1)).isBetween(0.4, 2.5);
    }
  }

  @Test
  void erasingHappensAboutAsOftenAsAskedAndFillsWithNoise() {
    Picture picture = TestResources.row(200).window(0, 0, 10, 10, 200);
    Augmentation erasing = Augmentation.none().withErasing(Erasing.standard(0.5));
    int erased = 0;
    Set<Float> values = new HashSet<>();
    for (int key = 0; key < 1000; key++) {
      float[] pixels = vary(erasing, picture, plain(1, 10), key);
      boolean any = false;
      for (float pixel : pixels) {
        if (pixel < 100) {
          any = true;
          values.add(pixel);
        }
      }
      erased += any ? 1 : 0;
    }
    assertThat(erased).isBetween(420, 580);
    assertThat(values).hasSizeGreaterThan(5000);
  }

  @Test
  void writesOnlyItsOwnPartOfTheTarget() {
    float[] target = new float[3 + 4 + 2];
    Arrays.fill(target, -1);
    Augmentation.standard()
        .withErasing(Erasing.standard(1))
        .apply(
            Picture.of(2, 2, 1, new byte[] {1, 2, 3, 4}),
            plain(1, 2),
            target,
            3,
            Randomness.keyed("test", 1));

    assertThat(target).startsWith(-1, -1, -1).endsWith(-1, -1);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Augmentation.standard().withPad(-1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("was -1");
    assertThatThrownBy(() -> Augmentation.standard().withFlip(1.5))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("was 1.5");
    assertThatThrownBy(() -> new Augmentation(0, 256, 0, Erasing.none()))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Erasing.standard(Double.NaN)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Erasing(0.5, 0.5, 0.1, 1, 1, Erasing.Fill.MEAN))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("0.5 to 0.1");
    assertThatThrownBy(() -> new Erasing(0.5, 0.1, 0.5, 0, 1, Erasing.Fill.MEAN))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("0.0 to 1.0");
  }
}
