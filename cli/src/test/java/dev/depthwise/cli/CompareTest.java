package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks side by side. */
final class CompareTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @Test
  void costsAndAccuraciesStandSideBySide() {
    Outcome outcome = Outcome.of("compare", "--models", "vgg16:keras,resnet50,mobilenet,plain20");
    outcome.succeeds();
    assertThat(outcome.out())
        .containsPattern("vgg16 \\(keras\\) +16 +138,357,544 +15,470\\.3 .* 71\\.3 +90\\.1 +keras")
        .containsPattern("resnet50 \\(torchvision\\) +50 +25,557,032 +4,089\\.2 .* 80\\.9 ")
        .containsPattern("mobilenet \\(keras\\) +28 .* 70\\.4 +89\\.5")
        .containsPattern("plain20 \\(torchvision\\) +20 +269,722 ");
  }

  @Test
  void accuracyIsDrawnOverCost() throws IOException {
    Path out = folder.resolve("a.svg");
    Outcome.of("compare", "--models", "vgg16:keras,xception,plain20", "--out", out).succeeds();
    assertThat(Files.readString(out))
        .contains("vgg16<", "xception<", "top-1 79.0 %")
        .doesNotContain("plain20");
  }

  @Test
  void aPageHoldsTheChartAndTheTable() throws IOException {
    Path out = folder.resolve("a.html");
    Outcome.of("compare", "--models", "vgg16:keras,vgg16,plain20", "--out", out).succeeds();
    assertThat(Files.readString(out))
        .contains("<svg ", "vgg16 (keras)<", "vgg16 (torchvision)<")
        .contains("<tr><td>vgg16 (keras)</td><td class=\"number\">16</td>")
        .contains("<tr><td>plain20 (torchvision)</td><td class=\"number\">20</td>")
        .doesNotContain("<script", "href=");
  }

  @Test
  void whatCannotBeComparedIsSaid() {
    Outcome.of("compare", "--models", "resnet50:caffe").refuses("there is no style 'caffe'");
    Outcome.of("compare", "--models", "resnet51").refuses("resnet51");
    Outcome.of("compare", "--models", "plain20", "--out", folder.resolve("a.svg"))
        .refuses("none of these has a published accuracy");
    Outcome.of("compare", "--models", "vgg16", "--out", folder.resolve("a.pdf"))
        .refuses("end it in .svg, .png or .html");
  }
}
