package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureReader;
import dev.depthwise.vision.PictureWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataPreviewTest {
  @TempDir private Path folder;

  @BeforeEach
  void pictures() throws IOException {
    write("dark/a.png", 20, 16);
    write("bright/b.png", 200, 16);
    write("bright/c.png", 220, 16);
  }

  private void write(String name, int value, int side) throws IOException {
    byte[] samples = new byte[side * side * 3];
    Arrays.fill(samples, (byte) value);
    Path file = folder.resolve("pictures").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, PictureWriter.png(Picture.of(side, side, 3, samples)));
  }

  private Outcome preview(Object... more) {
    Object[] given = {"data", "preview", folder.resolve("pictures"), "--out", sheet()};
    Object[] all = Arrays.copyOf(given, given.length + more.length);
    System.arraycopy(more, 0, all, given.length, more.length);
    return Outcome.of(all);
  }

  private Path sheet() {
    return folder.resolve("sheet.png");
  }

  @Test
  void drawsARowForEachPicture() {
    Outcome outcome = preview("--augment", "standard,mixup", "--epochs", 4).succeeds();

    assertThat(outcome.out()).contains("3 pictures 3x16x16", "crop:4,flip,mixup:0.2");
    Picture drawn = PictureReader.read(sheet());
    // Enlarged three times: 48 pixels and two between.
    assertThat(drawn.width()).isEqualTo(5 * 50 + 2);
    assertThat(drawn.height()).isEqualTo(3 * 50 + 2);
    assertThat(drawn.sample(20, 20, 0)).isIn(20, 200, 220);
  }

  @Test
  void aSizeIsNeededWherePicturesDiffer() throws IOException {
    write("dark/d.png", 20, 20);

    preview().refuses("differ in size", "--input");
    preview("--input", "1x8x8", "--epochs", 1).succeeds();
    assertThat(PictureReader.read(sheet()).channels()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "--augment, flop, did you mean flip",
    "--pictures, 0, --pictures must be at least 1",
    "--epochs, -1, --epochs must be at least 1",
    "--input, 2x8x8, 1 or 3 channels",
    "--input, 8, 1 or 3 channels",
    "--input, 3x8192x8192, 64 million"
  })
  void nonsenseIsRefused(String option, String value, String fault) {
    preview(option, value).refuses(fault);
    assertThat(sheet()).doesNotExist();
  }
}
