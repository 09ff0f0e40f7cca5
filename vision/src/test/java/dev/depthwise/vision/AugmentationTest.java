package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Resizing;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {
  /** Leaves samples as they are, as floats. */
  private static Preprocessor plain(int channels, int side) {
    return new Preprocessor(
        Preprocessing.stretched(
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
    Augmentation crop = Augmentation.none().with(new PaddedCrop(2, 7));
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
    Augmentation flip = Augmentation.none().with(new Flip(0.25));
    int mirrored = 0;
    for (int key = 0; key < 2000; key++) {
      int first = Math.round(vary(flip, picture, plain(1, 2), key)[0]);
      assertThat(first).isIn(1, 2);
      mirrored += first == 2 ? 1 : 0;
    }
    assertThat(mirrored).isBetween(400, 600);
    assertThat(vary(Augmentation.none().with(new Flip(1)), picture, plain(1, 2), 0))
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

  /** Trained networks are to be repeatable, so these must never change. */
  @Test
  void standardStaysTheSameForEver() {
    assertThat(checksum(Augmentation.standard())).isEqualTo("3a989d3e");
    assertThat(checksum(Augmentation.parse("crop:2,flip,erase:0.5"))).isEqualTo("6944e35b");
  }

  private static String checksum(Augmentation augmentation) {
    Preprocessor preprocessor =
        new Preprocessor(
            Preprocessing.stretched(3, 8, 8, List.of(0.5, 0.4, 0.3), List.of(0.25, 0.2, 0.3)));
    CRC32 crc = new CRC32();
    for (int i = 0; i < 20; i++) {
      float[] pixels = new float[preprocessor.length()];
      augmentation.apply(
          MemoryDataset.noise(20, 2, 8, 3).picture(i),
          preprocessor,
          pixels,
          0,
          Randomness.keyed("augment", 7, 0, i));
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * pixels.length);
      bytes.asFloatBuffer().put(pixels);
      crc.update(bytes);
    }
    return "%08x".formatted(crc.getValue());
  }

  /** What is cut at random is not cut again in the centre. */
  @Test
  void aWindowIsBroughtToSizeWhateverTheRuleForWholePictures() {
    Picture picture = PillowTest.pattern(40, 30, 1);
    Augmentation whole = Augmentation.none().withWindow(new ResizedCrop(1, 1, 4.0 / 3, 4.0 / 3));
    Preprocessing stretched = plain(1, 8).preprocessing();
    Preprocessing cropped = stretched.withResizing(new Resizing.ShorterSideThenCrop(12));

    assertThat(vary(whole, picture, new Preprocessor(cropped), 1))
        .isEqualTo(vary(whole, picture, new Preprocessor(stretched), 1));
    assertThat(vary(Augmentation.none(), picture, new Preprocessor(cropped), 1))
        .isNotEqualTo(vary(Augmentation.none(), picture, new Preprocessor(stretched), 1));
  }

  @Test
  void aWindowIsCutOutOfTheWholePictureAndBroughtToSize() {
    // Left half black, right half white; windows of a quarter of the area, as wide as high.
    byte[] samples = new byte[64 * 64];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i % 64 < 32 ? 0 : 255);
    }
    Picture picture = Picture.of(64, 64, 1, samples);
    Augmentation window = Augmentation.none().withWindow(new ResizedCrop(0.25, 0.25, 1, 1));
    Set<Float> corners = new HashSet<>();
    for (int key = 0; key < 100; key++) {
      float[] pixels = vary(window, picture, plain(1, 32), key);
      // Cut one to one: nothing between black and white.
      for (float pixel : pixels) {
        assertThat(Math.round(pixel)).isIn(0, 255);
      }
      corners.add(pixels[0]);
    }
    assertThat(corners).hasSize(2);
  }

  @Test
  void neighbouringMotionsAreCarriedOutAsOne() {
    Picture picture = MemoryDataset.noise(1, 1, 12, 3).picture(0);
    // A turn to the left and, drawn with another number, a move: found again by the same draws.
    Rotation rotation = new Rotation(40, Border.of(Border.Kind.REFLECT));
    Translation translation = new Translation(0.3, Border.of(Border.Kind.REFLECT));
    Augmentation both = Augmentation.none().with(rotation).with(translation);
    Randomness randomness = Randomness.keyed("test", 5);
    Affine turned = rotation.draw(12, 12, randomness);
    Affine moved = translation.draw(12, 12, randomness);

    assertThat(vary(both, picture, plain(3, 12), 5))
        .isEqualTo(plain(3, 12).apply(moved.after(turned).bilinear(picture, rotation.border())));
  }

  @Test
  void motionsWithDifferentBordersFollowEachOther() {
    Picture picture = MemoryDataset.noise(1, 1, 12, 3).picture(0);
    Rotation rotation = new Rotation(40, Border.black());
    Translation translation = new Translation(0.3, Border.of(Border.Kind.WRAP));
    Randomness randomness = Randomness.keyed("test", 5);
    Picture expected = translation.apply(rotation.apply(picture, randomness), randomness);

    assertThat(vary(Augmentation.none().with(rotation).with(translation), picture, plain(3, 12), 5))
        .isEqualTo(plain(3, 12).apply(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "crop:4,flip",
        "resized-crop,flip",
        "crop:2:128",
        "resized-crop:0.35,vflip,randaugment",
        "resized-crop:0.08:0.9:0.5:2,flip:0.3,vflip:1,randaugment:3:15",
        "jitter:0.4",
        "jitter:0.4:0.4:0.4:0.1,grayscale:0.2,blur:0.3:0.5:1.5",
        "jitter:0.4:0.1:0.2",
        "rotate,shear,translate,zoom",
        "rotate:30:reflect,shear:5:nearest,translate:0.2:wrap,zoom:0.3:255",
        "grayscale,blur",
        "erase:0.25",
        "mixup:0.2",
        "flip,erase:0.25,mixup:0.8,cutmix:1",
        "flip,erase:0.25:0.1:0.3:0.5:2:mean"
      })
  void whatIsWrittenIsReadBack(String text) {
    Augmentation augmentation = Augmentation.parse(text);

    assertThat(augmentation).hasToString(text);
    assertThat(Augmentation.parse(augmentation.toString())).isEqualTo(augmentation);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "standard | crop:4,flip",
        "imagenet | resized-crop,flip",
        "standard,randaugment | crop:4,flip,randaugment",
        "standard,crop:2 | crop:2,flip",
        "none,flip:0.50 | flip",
        "erase:0.1 , flip | flip,erase:0.1",
        "jitter | jitter:0.4",
        "crop | crop:4",
        "cutmix,mixup,cutmix:0.5 | mixup:0.2,cutmix:0.5",
        "mixup,mixup:0 | none"
      })
  void shorterWaysToSayIt(String text, String canonical) {
    assertThat(Augmentation.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | no augmentation ''",
        "flipp | did you mean flip",
        "flip,,crop | no augmentation ''",
        "flip:2 | probability must lie in 0 to 1, was 2",
        "flip:x | 'x' is no number",
        "flip: | '' is no number",
        "flip:0.5:1 | at most 1 numbers, not 2",
        "crop:4.5 | '4.5' is no whole number",
        "crop:-1 | was -1",
        "crop:4:256 | was 256",
        "rotate:181 | 0 to 180, was 181",
        "rotate:NaN | was NaN",
        "rotate:10:mirror | no border 'mirror'",
        "rotate:10:300 | was 300",
        "shear:90 | 0 to 80, was 90",
        "translate:1.5 | was 1.5",
        "zoom:1 | was 1",
        "jitter:-1 | brightness must lie in 0 to 10, was -1",
        "jitter:0:0:0:0.6 | hue must lie in 0 to 0.5, was 0.6",
        "blur:0.5:0:1 | 0.0 to 1.0",
        "blur:0.5:2:1 | 2.0 to 1.0",
        "randaugment:0 | was 0",
        "randaugment:2:31 | 0 to 30, was 31",
        "resized-crop:0 | 0.0 to 1.0",
        "resized-crop:0.1:1:2:1 | 2.0 to 1.0",
        "erase:1.5 | was 1.5",
        "erase:0.5:0.5:0.1 | 0.5 to 0.1",
        "erase:0.5:0.1:0.5:0:1 | 0.0 to 1.0",
        "erase:0.5:0.1:0.5:1:1:black | no fill 'black'",
        "flip,standard | expected it first",
        "mixup:-1 | alpha must be 0 (none) or lie in 0.01 to 100, was -1",
        "cutmix:NaN | was NaN",
        "standard:1 | at most 0 numbers"
      })
  void nonsenseIsRefused(String text, String fault) {
    assertThatThrownBy(() -> Augmentation.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(fault);
  }

  @Test
  void twoTransformsOfAKindAreRefused() {
    assertThatThrownBy(
            () ->
                new Augmentation(
                    Optional.empty(),
                    List.of(new Flip(1), new Flip(0.5)),
                    Erasing.none(),
                    Mixing.none()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'flip'");
  }
}
