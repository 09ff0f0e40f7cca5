package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line says without an engine: help, lists, complaints. */
final class CommandLineTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void helpNamesEveryCommand() {
    assertThat(Outcome.of("--help").succeeds().out())
        .contains("quickstart", "train", "evaluate", "classify", "summary", "models", "engines")
        .contains("predict", "Examples:", "Exit codes:");
  }

  @Test
  void withoutArgumentsThereIsHelp() {
    assertThat(Outcome.of().succeeds().out()).isEqualTo(Outcome.of("--help").out());
  }

  @Test
  void theVersionIsOneLine() {
    assertThat(Outcome.of("--version").succeeds().out().lines())
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith("depthwise "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart",
        "train",
        "evaluate",
        "classify",
        "data",
        "data check",
        "data preview",
        "summary",
        "draw",
        "models",
        "engines",
        "predict",
        "weights",
        "weights list",
        "weights pull",
        "weights verify",
        "weights path",
        "import",
        "export"
      })
  void everyCommandHasHelpWithExamples(String command) {
    assertThat(Outcome.of((Object[]) (command + " --help").split(" ")).succeeds().out())
        .startsWith("Usage: depthwise " + command)
        .contains("Options:", "Examples:", "--debug");
  }

  @Test
  void helpSaysTheDefaults() {
    // Lines are broken anywhere.
    assertThat(Outcome.of("train", "--help").out().replaceAll("\\s+", " "))
        .contains(
            "(default: 0.1; 0.001 for all but sgd)",
            "(default: 128)",
            "(default: 0.1)",
            "(default: 5e-4 for sgd, 0.01 for adamw, else 0)")
        .doesNotContain("null", "${");
  }

  @Test
  void anUnknownCommandSuggestsItsNeighbours() {
    Outcome.of("trian").refuses("there is no command 'trian'", "train", "see depthwise --help");
  }

  @Test
  void anUnknownOptionSuggestsItsNeighbours() {
    Outcome.of("train", "--model", "resnet20", "--data", "sample", "--out", "x", "--epoch", "3")
        .refuses("there is no option '--epoch'", "--epochs", "see depthwise train --help");
  }

  @Test
  void aMissingOptionIsNamed() {
    Outcome.of("train", "--model", "resnet20", "--data", "sample").refuses("--out");
  }

  @Test
  void anOptionThatIsNoNumberIsNamed() {
    Outcome.of("evaluate", "--data", "sample", "--batch", "many").refuses("--batch", "many");
  }

  @Test
  void anUnknownModelSuggestsItsNeighbours() {
    Outcome.of("summary", "resnet51").refuses("there is no model 'resnet51'", "resnet50");
  }

  @Test
  void totalsAreThoseOfTheLibraries() {
    assertThat(Outcome.of("summary", "--model", "resnet50").succeeds().out())
        .contains("Total params: 25,557,032\n");
    assertThat(Outcome.of("summary", "--model", "resnet50", "--style", "keras").succeeds().out())
        .contains("Total params: 25,636,712\n");
    assertThat(Outcome.of("summary", "--model", "resnet152", "--style", "keras").succeeds().out())
        .contains("Total params: 60,419,944\n");
  }

  @Test
  void theSummaryHasALineForEachLayer() {
    assertThat(
            Outcome.of("summary", "resnet20", "--input", "1x28x28", "--classes", "7")
                .succeeds()
                .out())
        .containsPattern("layer3\\.1\\.conv2 +Conv2d 3x3 +64x7x7 +36,864 +1,806,336 +65x65 ")
        .containsPattern("fc +Dense +7 +455 +448 ")
        .contains("Receptive field: 81x81 before the classifier, of a picture of 28x28");
  }

  @Test
  void theSummaryAsJson() throws IOException {
    JsonNode summary = JSON.readTree(Outcome.of("summary", "resnet18", "--json").succeeds().out());
    assertThat(summary.get("parameters").asLong()).isEqualTo(11_689_512);
    assertThat(summary.get("multiplyAdds").asLong()).isEqualTo(1_814_073_344);
    assertThat(summary.get("layers").get(1).get("output").toString()).isEqualTo("[64,112,112]");
  }

  @Test
  void optionsOfANetworkAreChecked() {
    Outcome.of("summary").refuses("needs a model");
    Outcome.of("summary", "resnet50", "--model", "resnet18").refuses("given twice");
    Outcome.of("summary", "resnet50", "--style", "kears").refuses("no style 'kears'", "keras");
    Outcome.of("summary", "resnet50", "--input", "224").refuses("channels x height x width");
    Outcome.of("summary", "resnet50", "--input", "3xax3").refuses("--input '3xax3'");
    Outcome.of("summary", "resnet50", "--input", "3x0x3").refuses("--input '3x0x3'");
    Outcome.of("summary", "resnet50", "--input", "3x99999999x99999999").refuses("--input");
    Outcome.of("summary", "resnet50", "--classes", "0").refuses("number of classes");
    Outcome.of("summary", "plain20", "--shortcut", "A").refuses("no shortcuts to choose");
    Outcome.of("summary", "resnet20", "--shortcut", "D").refuses("no shortcut option 'D'");
    Outcome.of("summary", "resnet20", "--style", "keras").refuses("take torchvision");
  }

  @Test
  void modelsAreListedWithTheirSize() throws IOException {
    assertThat(Outcome.of("models").succeeds().out())
        .containsPattern("resnet50 +resnet +50 +25,557,032 +3x224x224 +torchvision, keras")
        .contains("arXiv:1512.03385");
    JsonNode models = JSON.readTree(Outcome.of("models", "--json").succeeds().out());
    assertThat(models.findValuesAsText("id")).contains("resnet20", "plain20", "resnet1001");
  }

  @Test
  void enginesAreListedAndOneIsChosen() throws IOException {
    assertThat(Outcome.of("engines").succeeds().out()).contains("reference", "Chosen: ");
    JsonNode engines = JSON.readTree(Outcome.of("engines", "--json").succeeds().out());
    assertThat(engines.findValues("chosen")).filteredOn(JsonNode::asBoolean).hasSize(1);
  }

  @Test
  void numbersReadTheSameInEveryCountry() {
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    try {
      Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY);
      assertThat(Outcome.of("summary", "resnet18").out()).contains("11,689,512");
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }

  @Test
  void aReaderThatHasGoneIsNoFailureToSpeakOf() {
    Outcome outcome = toBroken("Broken pipe");
    assertThat(outcome.code()).isEqualTo(141);
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void aFullDiskBehindTheOutputIsSaid() {
    toBroken("No space left on device").refuses("No space left on device");
  }

  @Test
  void failuresOfTheSystemNameTheFile() {
    assertThat(Failures.message(new FileSystemException("a/b", null, "No space left on device")))
        .isEqualTo("a/b: No space left on device");
    assertThat(Failures.message(new OutOfMemoryError("Java heap space"))).contains("--batch");
  }

  private static Outcome toBroken(String reason) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException(reason);
          }
        };
    Screen screen =
        Screen.plain(
            Screen.stream(broken, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    int code = Main.run(screen, "models");
    return new Outcome(code, "", err.toString(StandardCharsets.UTF_8));
  }
}
