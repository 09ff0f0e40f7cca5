package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import dev.depthwise.weights.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of other libraries become model directories. */
class ImportTest {
  private static final Path TUNED =
      Path.of("..", "interchange", "src", "test", "resources", "keras", "tuned.keras");

  @TempDir Path folder;

  @Test
  void aModelOfKerasClassifiesAPicture() throws IOException {
    Path directory = folder.resolve("model");
    Path labels = Files.writeString(folder.resolve("labels.txt"), "dog\ncat\nbird\n");

    Outcome imported =
        Outcome.of("import", TUNED, "--out", directory, "--labels", labels).succeeds();

    assertThat(imported.out()).startsWith("wrote " + directory).contains("3x16x16 to 3");
    assertThat(imported.err()).contains("samples from 0 to 255");
    Network network = ModelDirectory.read(directory);
    assertThat(network.labels()).containsExactly("dog", "cat", "bird");
    assertThat(network.preprocessing().input()).isEqualTo(Shape.of(3, 16, 16));
    String answer =
        Outcome.of("classify", directory, "../data/pictures", "--top", "3").succeeds().out();
    assertThat(answer).contains("dog", "cat", "bird");
  }

  @Test
  void aModelGoesToOnnxAndComesBack() {
    Path directory = folder.resolve("model");
    Path onnx = folder.resolve("model.onnx");
    Path back = folder.resolve("back");
    Outcome.of("import", TUNED, "--out", directory).succeeds();

    assertThat(Outcome.of("export", "--model", directory, "--onnx", onnx).succeeds().out())
        .startsWith("wrote " + onnx)
        .contains("pictures of 3x16x16 to output 3");
    Outcome.of("import", onnx, "--out", back).succeeds();

    String picture = "../data/pictures";
    assertThat(Outcome.of("classify", back, picture, "--top", "3").succeeds().out())
        .isEqualTo(Outcome.of("classify", directory, picture, "--top", "3").succeeds().out());
    assertThat(ModelDirectory.read(back).provenance()).containsEntry("version", "depthwise");
  }

  @Test
  void aModelGoesToKerasAndComesBack() {
    Path directory = folder.resolve("model");
    Path file = folder.resolve("model.h5");
    Path back = folder.resolve("back");
    Outcome.of("import", TUNED, "--out", directory).succeeds();

    assertThat(Outcome.of("export", "--model", directory, "--h5", file).succeeds().out())
        .startsWith("wrote " + file);
    Outcome.of("import", file, "--out", back).succeeds();

    String picture = "../data/pictures";
    assertThat(Outcome.of("classify", back, picture, "--top", "3").succeeds().out())
        .isEqualTo(Outcome.of("classify", directory, picture, "--top", "3").succeeds().out());
  }

  @Test
  void whatIsExportedIsChosen() {
    Path onnx = folder.resolve("model.onnx");
    Outcome.of("export", "--model", "resnet50", "--onnx", onnx).refuses("needs --weights FILE");
    Path directory = folder.resolve("model");
    Outcome.of("import", TUNED, "--out", directory).succeeds();
    Outcome.of("export", "--model", directory).refuses("needs a file to write");
    Outcome.of("export", "--model", directory, "--onnx", onnx, "--tap", "nothing")
        .refuses("has no value named 'nothing'");
    Outcome.of("export", "--model", directory, "--onnx", onnx, "--no-top")
        .refuses("holds a whole model");
    assertThat(onnx).doesNotExist();
  }

  @Test
  void whatIsThereAlreadyStays() {
    Path directory = folder.resolve("model");
    Outcome.of("import", TUNED, "--out", directory, "--samples", "tf").succeeds();

    Outcome.of("import", TUNED, "--out", directory).refuses(directory.toString());
    assertThat(ModelDirectory.read(directory).preprocessing().divisor()).isEqualTo(127.5);
    Outcome.of("import", TUNED, "--out", directory, "--replace").succeeds();
    assertThat(ModelDirectory.read(directory).preprocessing().divisor()).isEqualTo(1);
  }

  @Test
  void wrongInputIsRefused() {
    Path directory = folder.resolve("model");
    Outcome.of("import", TUNED, "--out", directory, "--size", "16")
        .refuses("--size '16' is no size");
    Outcome.of("import", TUNED, "--out", directory, "--size", "8x8")
        .refuses("takes pictures with a height of 16, not 8");
    Outcome.of("import", folder.resolve("none.keras"), "--out", directory)
        .refuses("there is no such file");
    assertThat(directory).doesNotExist();
  }
}
