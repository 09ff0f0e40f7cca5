package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code draw} draws, and what it refuses. */
final class DrawTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @Test
  void aModelIsDrawn() throws IOException {
    Path out = folder.resolve("a.svg");
    Outcome.of("draw", "--model", "resnet50", "--out", out).succeeds();
    assertThat(Files.readString(out))
        .contains("25.6 M parameters · 4.09 G multiply-adds · 50 layers deep", ">× 5<")
        .contains(">7×7 conv, 64 /2<", ">2048×7×7<", ">downsample.0 · BN<");
  }

  @Test
  void pixelsAreTwiceAsFine() throws IOException {
    Path out = folder.resolve("a.png");
    Outcome.of("draw", "--model", "vgg11", "--depth", "stages", "--out", out).succeeds();
    assertThat(ImageIO.read(out.toFile()).getWidth()).isGreaterThan(1000);
  }

  @Test
  void figuresCountRight() throws IOException {
    Path out = folder.resolve("a.svg");
    Outcome.of("draw", "--figure", "pointwise", "--out", out).succeeds();
    assertThat(Files.readString(out))
        .contains("64×64×100", "64×64×20", "20 × 100 = 2,000", "64×64 × 2,000 = 8,192,000");
    Outcome.of("draw", "--figure", "separable", "--out", out).succeeds();
    assertThat(Files.readString(out))
        .contains("3,686,400 multiply-adds", "8,192,000", "11,878,400", "73,728,000", "16.1 %");
    Outcome.of("draw", "--figure", "inception-naive", "--out", out).succeeds();
    assertThat(Files.readString(out))
        .contains("303,464,448", "192 become 416", "128,049,152 multiply-adds and 256 maps");
    Outcome.of("draw", "--figure", "inception-reduced", "--out", out).succeeds();
    assertThat(Files.readString(out)).contains(">86,704,128 multiply-adds<", "42.2 %");
    Outcome.of("draw", "--figure", "residual-block", "--out", out).succeeds();
    assertThat(Files.readString(out)).contains("231,211,008 multiply-adds, 73,728 weights");
    Outcome.of("draw", "--figure", "filter", "--input", "3x8x8", "--filters", "2", "--out", out)
        .succeeds();
    assertThat(Files.readString(out)).contains("3×3 × 3 = 27", "3,456 multiply-adds");
  }

  @Test
  void aPageNeedsNothingElse() throws IOException {
    Path out = folder.resolve("a.html");
    Outcome.of("draw", "--model", "googlenet", "--out", out).succeeds();
    assertThat(Files.readString(out))
        .contains("inception3a", "receptive field", "data-names=\"inception5b")
        .contains("default-src 'none'")
        .doesNotContain("{{", "http:", "https:", "src=");
  }

  @Test
  void badFiguresAreRefused() {
    Path out = folder.resolve("a.svg");
    Outcome.of("draw", "--figure", "filtre", "--out", out).refuses("'filtre'", "filter");
    Outcome.of("draw", "--figure", "filter", "--kernel", "2", "--out", out).refuses("odd");
    Outcome.of("draw", "--figure", "filter", "--input", "7", "--out", out).refuses("channels");
    Outcome.of("draw", "--figure", "filter", "--style", "keras", "--out", out).refuses("--input");
    Outcome.of("draw", "--figure", "filter", "--model", "vgg16", "--out", out).refuses("--model");
    assertThat(out).doesNotExist();
  }

  @Test
  void badInputIsRefused() {
    Outcome.of("draw", "--model", "resnet50", "--out", folder.resolve("a.gif"))
        .refuses("a.gif", ".svg, .png or .html");
    Outcome.of("draw", "--out", folder.resolve("a.svg")).refuses("needs a model");
    Outcome.of("draw", "--model", "resnet51", "--out", folder.resolve("a.svg"))
        .refuses("there is no model 'resnet51'");
    Outcome.of("draw", "--model", "resnet50", "--area", "cost", "--out", "a.html")
        .refuses("a page has no areas");
    Outcome.of("draw", "--model", "resnet50", "--depth", "all", "--out", "a.svg")
        .refuses("--depth");
    assertThat(folder).isEmptyDirectory();
  }
}
