package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureReaderTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
        rgb.png, 96, 64, 3, 4d5c281d5350feaade20efd16ddf47bcd8b76800eed778fa5240d7dd72070617
        gray.png, 96, 64, 1, 368bcc3c67143c2a7f11537402b1639b70e991e393d2aebeb80dbb1195f984f5
        palette.png, 96, 64, 3, 99a09d6b61d067d29ea3e80dcaf65a0bc4d31fbe0630c0ea243fe221b2e86f5e
        rgba.png, 96, 64, 3, 4d5c281d5350feaade20efd16ddf47bcd8b76800eed778fa5240d7dd72070617
        gray_alpha.png, 96, 64, 1, 368bcc3c67143c2a7f11537402b1639b70e991e393d2aebeb80dbb1195f984f5
        bilevel.png, 96, 64, 1, c8e6b267e8d146d2a19f2fe5c97d3b9edd95d0a3c3da4144354eec3a737e3e5e
        gray16.png, 96, 64, 1, 182b10272f335cd827b5a1008effcb2c7a44aab2071c737c5fe3c38aadb251f1
        one_pixel.png, 1, 1, 3, 039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81
        thin_1x500.png, 1, 500, 3, 22adb44cca96cf42c38adc8775bb1e6e76bb7972bfe5b4220b407d2fa4fbdb44
        png_named_as.jpg, 96, 64, 3, 4d5c281d5350feaade20efd16ddf47bcd8b76800eed778fa5240d7dd72070617
        """)
  void losslessFilesDecodeAsInPillow(
      String name, int width, int height, int channels, String sha256) {
    Picture picture = PictureReader.read(TestResources.file("pictures/" + name));

    assertThat(picture.toString())
        .isEqualTo("Picture[%dx%dx%d]".formatted(channels, height, width));
    assertThat(TestResources.sha256(picture.to(3))).isEqualTo(sha256);
  }

  /** Decoders of JPEG may differ by a step here and there, so only the means are held. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
        gray.jpg, 1, 119.4691, 119.4691, 119.4691
        progressive.jpg, 3, 147.6483, 111.4635, 86.8291
        q75_444.jpg, 3, 147.5410, 111.4583, 86.6427
        q90_420.jpg, 3, 147.6979, 111.4421, 86.8340
        """)
  void jpegFilesDecodeNearlyAsInPillow(
      String name, int channels, double red, double green, double blue) {
    Picture picture = PictureReader.read(TestResources.file("pictures/" + name));

    assertThat(picture.channels()).isEqualTo(channels);
    assertThat(picture.width()).isEqualTo(96);
    assertThat(picture.height()).isEqualTo(64);
    double[] expected = {red, green, blue};
    for (int channel = 0; channel < 3; channel++) {
      assertThat(mean(picture.to(3), channel)).isCloseTo(expected[channel], within(0.3));
    }
  }

  /** The lossless original bounds each sample's error, so that no part can be swapped or lost. */
  @ParameterizedTest
  @ValueSource(strings = {"progressive.jpg", "q75_444.jpg", "q90_420.jpg"})
  void jpegFilesResembleTheirOriginal(String name) {
    Picture picture = PictureReader.read(TestResources.file("pictures/" + name));
    Picture original = PictureReader.read(TestResources.file("pictures/rgb.png"));

    double error = 0;
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 96; x++) {
        for (int channel = 0; channel < 3; channel++) {
          error += Math.abs(picture.sample(x, y, channel) - original.sample(x, y, channel));
        }
      }
    }
    assertThat(error / (64 * 96 * 3)).isBetween(0.1, 6.0);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
        jpeg_bomb_65500x65500.jpg, 65500x65500
        jpeg_header_only.jpg, cut short
        jpeg_no_eoi.jpg, cut short
        not_an_image.jpg, neither PNG nor JPEG
        png_bomb_50000x50000.png, 50000x50000
        png_huge_dims_2e31.png, 2147483647x2147483647
        png_idat_bitflip_crc.png, checksum of its IDAT
        png_ihdr_crc_error.png, checksum of its IHDR
        png_only_signature.png, cut short
        png_truncated.png, cut short
        zero.jpg, empty
        """)
  void brokenFilesAreRefusedByName(String name, String fault) {
    Path file = TestResources.file("broken/" + name);

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertThatThrownBy(() -> PictureReader.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(fault)
                .hasMessageNotContaining("\n"));
  }

  @Test
  void everyListedBrokenFileIsRefused() throws IOException {
    assertThat(TestResources.files("broken"))
        .hasSize(11)
        .allSatisfy(
            file ->
                assertThatThrownBy(() -> PictureReader.read(file))
                    .isInstanceOf(InputException.class));
  }

  @Test
  void cmykIsRefusedForNow() {
    assertThatThrownBy(() -> PictureReader.read(TestResources.file("pictures/cmyk.jpg")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("4 components");
  }

  @Test
  void folderAndMissingFileAreRefused() {
    assertThatThrownBy(() -> PictureReader.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it is a folder");
    assertThatThrownBy(() -> PictureReader.read(folder.resolve("absent.png")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("absent.png: no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb.png", "palette.png", "q75_444.jpg", "progressive.jpg", "gray.jpg"})
  void everyTruncationIsRefused(String name) throws IOException {
    byte[] whole = Files.readAllBytes(TestResources.file("pictures/" + name));
    for (int length = 0; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> PictureReader.decode(cut, name))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(name + ": ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb.png", "palette.png", "q75_444.jpg", "progressive.jpg", "gray.jpg"})
  void everyDamageIsEitherRefusedOrDecoded(String name) throws IOException {
    byte[] whole = Files.readAllBytes(TestResources.file("pictures/" + name));
    int refused = 0;
    for (int at = 0; at < whole.length; at += whole.length / 300 + 1) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 + Randomness.keyed("damage", at).below(255));
      try {
        assertThat(PictureReader.decode(damaged, name).width()).isPositive();
      } catch (InputException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void writtenPicturesReadBackEqual() {
    Picture colour = PictureReader.read(TestResources.file("pictures/rgb.png"));

    for (Picture picture : new Picture[] {colour, colour.to(1)}) {
      assertThat(PictureReader.decode(PictureWriter.png(picture), "again")).isEqualTo(picture);
    }
  }

  private static double mean(Picture picture, int channel) {
    double sum = 0;
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        sum += picture.sample(x, y, channel);
      }
    }
    return sum / (picture.width() * picture.height());
  }
}
