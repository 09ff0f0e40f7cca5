package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.vision.Data;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What works without a word about models and data, as they come with the program. */
final class InstalledTest {
  @TempDir private Path folder;

  @Test
  void theQuickStartShowsEverythingAndWritesAReport() throws IOException {
    Path home = home();
    Path report = folder.resolve("report.html");
    Outcome outcome =
        atHome(home, () -> Outcome.of("quickstart", "--out", report, "--threads", 2)).succeeds();
    assertThat(outcome.out())
        .contains("This machine", "Chosen: ", "sneaker.png", "top-1 ", "resnet56", "plain56")
        .contains("depthwise train ", report.toUri().toString())
        .doesNotContain("\u001b", "\r");
    String page = Files.readString(report);
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("data:image/png;base64,", "<svg ", "curve residual", "curve plain")
        .contains("prefers-color-scheme: dark")
        .doesNotContain("<script", "http://", "https://");
    atHome(home, () -> Outcome.of("quickstart", "--no-train", "--out", report.resolve("b")))
        .refuses("is a file, where a folder is needed");
  }

  @Test
  void theShippedNetworkIsTheDefault() throws IOException {
    Path home = home();
    atHome(home, () -> Outcome.of("evaluate", "--data", "sample")).succeeds();
    atHome(home, () -> Outcome.of("classify", home.resolve("data/pictures"))).succeeds();
  }

  @Test
  void withoutTheShippedNetworkOneMustBeNamed() {
    for (String command : List.of("quickstart", "classify")) {
      atHome(
              folder,
              () -> Outcome.of(EndToEndTest.with(new Object[] {command}, classifyWhat(command))))
          .refuses("the network that comes with the program is not there", "model directory");
    }
  }

  private Object[] classifyWhat(String command) {
    return command.equals("classify") ? new Object[] {"pictures"} : new Object[0];
  }

  /** An installed program in small: a network, the sample, a picture. */
  private Path home() throws IOException {
    Path home = folder.resolve("home");
    Path sample = Files.createDirectories(home.resolve("data/fashion-mnist-sample"));
    EndToEndTest.writeIdx(sample, "train", 40, EndToEndTest.SIDE);
    EndToEndTest.writeIdx(sample, "t10k", 20, EndToEndTest.SIDE);
    Path shown = Files.createDirectories(home.resolve("data/pictures"));
    Picture grey = EndToEndTest.picture("red", new Random(5)).to(1);
    Files.write(shown.resolve("sneaker.png"), PictureWriter.png(grey));
    atHome(
            home,
            () ->
                Outcome.of(
                    "train",
                    "--model",
                    "resnet20",
                    "--data",
                    "sample",
                    "--epochs",
                    1,
                    "--batch",
                    16,
                    "--validation",
                    0,
                    "--threads",
                    1,
                    "--out",
                    home.resolve(Models.SHIPPED)))
        .succeeds();
    return home;
  }

  private static Outcome atHome(Path home, Supplier<Outcome> command) {
    System.setProperty(Data.HOME_PROPERTY, home.toString());
    try {
      return command.get();
    } finally {
      System.clearProperty(Data.HOME_PROPERTY);
    }
  }
}
