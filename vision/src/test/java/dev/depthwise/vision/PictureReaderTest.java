package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Randomness;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
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
        animated.gif, 96, 64, 3, 628f0a3fc79f340c9496f65fb28d31445965bb39e4279ea4202ed15192113f9c
        lossless.webp, 96, 64, 3, 4d5c281d5350feaade20efd16ddf47bcd8b76800eed778fa5240d7dd72070617
        rgb.bmp, 96, 64, 3, 4d5c281d5350feaade20efd16ddf47bcd8b76800eed778fa5240d7dd72070617
        rgb.tif, 96, 64, 3, 4d5c281d5350feaade20efd16ddf47bcd8b76800eed778fa5240d7dd72070617
        png_named_as.jpg, 96, 64, 3, 4d5c281d5350feaade20efd16ddf47bcd8b76800eed778fa5240d7dd72070617
        """)
  void losslessFilesDecodeAsInPillow(
      String name, int width, int height, int channels, String sha256) {
    Picture picture = PictureReader.read(TestResources.file("pictures/" + name));

    assertThat(picture.toString())
        .isEqualTo("Picture[%dx%dx%d]".formatted(channels, height, width));
    assertThat(TestResources.sha256(picture.to(3))).isEqualTo(sha256);
  }

  /** Every OpenJDK so far decodes JPEG files as libjpeg-turbo does, and that to the byte. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
        gray.jpg, 1, 47db3bd79733f0d5a30fa5c48d0a46a2531bae789e9edeefd1f01d8155c8b7a8
        progressive.jpg, 3, 7d972393019740704aa80ee0884f2f0456a4d5fe8ae9cd4b5f51e1e7c0c58419
        q75_444.jpg, 3, 4f1ea18abcd5b16fdfb64a5ab30df1ec525cfa1f2b578f71f42a9bfac83523dd
        q95_444.jpg, 3, e05722ff5c467b01000bb29937ebb49c42678a0840750fc257dc15924ad5cdad
        q90_420.jpg, 3, 186d3e02cbb572f4bede02e121c43cd5c1e3a3697e208fd7608b075da4466b94
        cmyk.jpg, 3, 91f9598efcf94ed0e32d01e8e7e783129d994900a973a1f54113fb8f731dd950
        exif_1.jpg, 3, e05722ff5c467b01000bb29937ebb49c42678a0840750fc257dc15924ad5cdad
        exif_2.jpg, 3, 9cb8cb88700b384d7ba5280eacbb5fe24563eb8fc10ea36737bc0b3464ce00a1
        exif_3.jpg, 3, 9cb8cb88700b384d7ba5280eacbb5fe24563eb8fc10ea36737bc0b3464ce00a1
        exif_4.jpg, 3, e05722ff5c467b01000bb29937ebb49c42678a0840750fc257dc15924ad5cdad
        exif_5.jpg, 3, ff45baf08697d1f24798bf89895d6671d8cec9cc9cffc306c9cda59af823ad87
        exif_6.jpg, 3, ff45baf08697d1f24798bf89895d6671d8cec9cc9cffc306c9cda59af823ad87
        exif_8.jpg, 3, 446fcbed5fcf214361f1ffda6f44d4b5b3133edde212f927f12a91d5384a3e68
        """)
  void jpegFilesDecodeAsInPillow(String name, int channels, String sha256) {
    Picture picture = PictureReader.read(TestResources.file("pictures/" + name));

    assertThat(picture.toString()).isEqualTo("Picture[%dx64x96]".formatted(channels));
    assertThat(TestResources.sha256(picture.to(3))).isEqualTo(sha256);
  }

  /** The kinds of each format, remarks that mislead and remarks that are broken. */
  @ParameterizedTest
  @CsvFileSource(resources = "/pillow-decode.csv")
  void rarerFilesDecodeAsInPillow(String name, int width, int height, String sha256) {
    Picture picture = PictureReader.read(TestResources.file("more/" + name)).to(3);

    assertThat(picture.toString()).isEqualTo("Picture[3x%dx%d]".formatted(height, width));
    assertThat(TestResources.sha256(picture)).isEqualTo(sha256);
  }

  @Test
  void everyRarerFileIsListed() throws IOException {
    assertThat(TestResources.files("more")).hasSize(56);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
        jpeg_bomb_65500x65500.jpg, 65500x65500
        jpeg_header_only.jpg, cut short
        jpeg_no_eoi.jpg, cut short
        not_an_image.jpg, no picture of a known format
        png_bomb_50000x50000.png, 50000x50000
        png_huge_dims_2e31.png, 2147483647x2147483647
        png_idat_bitflip_crc.png, checksum of its IDAT
        png_ihdr_crc_error.png, checksum of its IHDR
        png_only_signature.png, cut short
        png_truncated.png, cut short
        zero.jpg, empty
        gif_huge_screen_65535.gif, 65535x65535
        gif_truncated.gif, cut short
        tiff_bomb_50000x50000.tif, 50000x50000
        tiff_few_bytes_for_64M.tif, cut short
        tiff_huge_tile.tif, 2147483632x2147483632
        tiff_huge_directory.tif, more bytes than the file has
        tiff_60000_samples.tif, cut short
        tiff_directory_outside.tif, cut short
        webp_bomb.webp, 16777216x16777216
        webp_chunk_too_long.webp, cut short
        webp_cut.webp, cut short
        webp_no_picture.webp, it holds no picture
        bmp_bomb_50000x50000.bmp, width/height
        bmp_cut.bmp, width/height
        bmp_huge_palette.bmp, image header
        bmp_around_jpeg.bmp, around another file
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
        .hasSize(27)
        .allSatisfy(
            file ->
                assertThatThrownBy(() -> PictureReader.read(file))
                    .isInstanceOf(InputException.class));
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
  @ValueSource(
      strings = {
        "pictures/rgb.png",
        "pictures/palette.png",
        "pictures/q75_444.jpg",
        "pictures/progressive.jpg",
        "pictures/gray.jpg",
        "pictures/lossless.webp",
        "more/lossy.webp",
        "pictures/rgb.tif",
        "pictures/rgb.bmp"
      })
  void everyTruncationIsRefused(String name) throws IOException {
    byte[] whole = Files.readAllBytes(TestResources.file(name));
    for (int length = 0; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> PictureReader.decode(cut, name))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(name + ": ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pictures/rgb.png",
        "pictures/palette.png",
        "pictures/q75_444.jpg",
        "pictures/progressive.jpg",
        "pictures/gray.jpg",
        "pictures/cmyk.jpg",
        "pictures/exif_6.jpg",
        "pictures/animated.gif",
        "pictures/lossless.webp",
        "more/lossy.webp",
        "pictures/rgb.tif",
        "pictures/rgb.bmp"
      })
  void everyDamageIsEitherRefusedOrDecoded(String name) throws IOException {
    byte[] whole = Files.readAllBytes(TestResources.file(name));
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

  @Test
  void sizesAreHeldAgainstTheHeap() {
    assertThatThrownBy(() -> Decoder.requirePixels(8000, 8000, 10_000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("8000x8000 pixels, which take 610351 MB to decode");
    assertThatThrownBy(() -> Decoder.requirePixels(64_000_001, 1, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("at most 64 million are read");
  }

  /** As in an application server: nobody's class path is searched for decoders. */
  @Test
  void decodesInAClassLoaderOfItsOwn() throws Exception {
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      classPath.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader own =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> reader = own.loadClass(PictureReader.class.getName());
      assertThat(reader).isNotSameAs(PictureReader.class);
      for (String name : List.of("lossless.webp", "rgb.tif", "exif_6.jpg", "animated.gif")) {
        Path file = TestResources.file("pictures/" + name);
        Object picture = reader.getMethod("read", Path.class).invoke(null, file);
        assertThat(picture.toString()).isEqualTo(PictureReader.read(file).toString());
      }
    }
  }

  @Test
  void namesSayWhichFilesOfAFolderArePictures() {
    assertThat(PictureFormat.allEndings())
        .isEqualTo(".png, .jpg, .jpeg, .gif, .webp, .tif, .tiff, .bmp");
    assertThat(List.of("a.JPG", "b.webp", "c.d.tiff", "e.Bmp"))
        .allMatch(name -> PictureFormat.isNamed(Path.of("some", name)));
    assertThat(List.of(".a.jpg", "jpg", "a.jpg.txt", "a.", "a.svg"))
        .noneMatch(name -> PictureFormat.isNamed(Path.of("some", name)));
    assertThat(PictureFormat.isNamed(Path.of("/"))).isFalse();
  }
}
