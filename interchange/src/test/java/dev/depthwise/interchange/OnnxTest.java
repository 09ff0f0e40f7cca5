package dev.depthwise.interchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Dense;
import dev.depthwise.network.InputException;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Shape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole models of ONNX, held against ONNX Runtime. {@code every} and {@code next} were written by
 * both exporters of PyTorch 2.13.0 in the version of the operators that their names say, the others
 * by hand with onnx 1.23.1; weights at random.
 */
class OnnxTest {
  private static final Path WEIGHTS =
      Path.of("..", "weights", "src", "test", "resources", "dev", "depthwise", "weights");
  private static final int COUNT = 2;
  private static final int MUTATIONS = 500;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "every_script_11",
        "every_script_17",
        "every_dynamo_18",
        "every_dynamo_22",
        "next_script_9",
        "next_script_13",
        "next_dynamo_20",
        "odd",
        "alias"
      })
  void computesAsOnnxRuntimeDoes(String name) {
    verify(resource(name + ".onnx"), COUNT);
  }

  @ParameterizedTest
  @CsvSource({
    "tiny.onnx, 2",
    "tiny_float_data.onnx, 2",
    "tiny_external.onnx, 2",
    "tiny_nofold_train_bn.onnx, 1"
  })
  void weightsMayStandAnywhere(String name, int count) {
    verify(WEIGHTS.resolve(name), count);
  }

  private static void verify(Path file, int count) {
    Model model = ModelFiles.read(file).model();
    Shape input = model.graph().input().shape();
    float[] pictures = OnnxRuntime.pictures(count, input);
    Map<String, float[]> expected =
        OnnxRuntime.run(file, pictures, count, input.channels(), input.height(), input.width());
    for (String engine : new String[] {"reference", "onednn"}) {
      Map<String, float[]> actual = OnnxRuntime.run(engine, model, pictures, count);
      assertThat(actual).hasSameSizeAs(expected);
      expected.forEach(
          (name, values) ->
              assertThat(
                      OnnxRuntime.difference(
                          Objects.requireNonNull(
                              actual.get(expected.size() == 1 ? "output" : name)),
                          values))
                  .as("%s on %s", name, engine)
                  .isLessThan(1e-5));
    }
  }

  /** As TensorFlow's models come: pictures, and what is multiplied, with their channels last. */
  @Test
  void channelsMayComeLast() {
    Path file = resource("channels_last.onnx");
    Model model = ModelFiles.read(file).model();

    Shape input = model.graph().input().shape();
    assertThat(input).isEqualTo(Shape.of(3, 18, 22));
    float[] first = OnnxRuntime.pictures(COUNT, input);
    float[] last = new float[first.length];
    int places = input.height() * input.width();
    for (int i = 0; i < first.length; i++) {
      int picture = i / input.size();
      int channel = i % input.size() / places;
      last[picture * input.size() + i % places * input.channels() + channel] = first[i];
    }
    float[] expected =
        OnnxRuntime.run(file, last, COUNT, input.height(), input.width(), input.channels())
            .values()
            .iterator()
            .next();
    for (String engine : new String[] {"reference", "onednn"}) {
      float[] actual = OnnxRuntime.run(engine, model, first, COUNT).values().iterator().next();
      assertThat(OnnxRuntime.difference(actual, expected)).as(engine).isLessThan(1e-5);
    }
  }

  @Test
  void functionsOfSeveralStepsAreOneOperation() {
    List<Op> old = operations("next_script_9.onnx");

    assertThat(old.stream().filter(LayerNorm.class::isInstance)).hasSize(4);
    assertThat(old.stream().filter(Activation.of(Activation.Function.GELU)::equals)).hasSize(2);
    assertThat(operations("every_script_11.onnx"))
        .contains(
            new Activation(Activation.Function.SWISH, 1),
            Activation.of(Activation.Function.HARD_SWISH))
        .filteredOn(Dense.class::isInstance)
        .containsExactly(new Dense(7, true));
  }

  private static List<Op> operations(String name) {
    return ModelFiles.read(resource(name)).model().graph().nodes().stream().map(Node::op).toList();
  }

  @Test
  void saysWhereItComesFrom() {
    Network network = ModelFiles.read(resource("every_dynamo_18.onnx"));

    assertThat(network.provenance())
        .containsEntry("imported", "every_dynamo_18.onnx")
        .containsEntry("library", "ONNX")
        .containsEntry("version", "pytorch 2.13.0+cpu");
  }

  @Test
  void allThatIsMissingIsNamedAtOnce() throws IOException {
    Path file = changed("odd.onnx", "GlobalMaxPool", "GlobalLpPools", "PRelu", "Celu1");

    assertThatThrownBy(() -> ModelFiles.read(file))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": 2 of its layers cannot be read: gm (GlobalLpPools); map (Celu1)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.onnx | was exported in training; export the model as it is used (eval)",
        "mixes.onnx    | mixes the pictures of a batch",
        "branch.onnx   | y (If)",
        "rounds.onnx   | rounds what it computes to integers",
        "custom.onnx   | y (Gelu) of com.microsoft",
        "two.onnx      | takes 2 inputs; networks with one can be read",
        "open.onnx     | takes pictures of any size; say which (--size HEIGHTxWIDTH)",
        "dynamic.onnx  | w (Conv) takes what it computes as its input 2",
      })
  void whatCannotBeReadIsRefused(String name, String why) {
    assertThatThrownBy(() -> ModelFiles.read(resource(name)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(why)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void theSizeOfPicturesMayBeSaid() {
    Network network = ModelFiles.read(resource("open.onnx"), Reading.usual().withSize(9, 11));

    assertThat(network.model().graph().input().shape()).isEqualTo(Shape.of(3, 9, 11));
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx_dangling_input.onnx", "onnx_external_traversal.onnx"})
  void hostileFilesAreRefused(String name) {
    Path file = WEIGHTS.resolve("broken").resolve(name);
    assertThat(file).exists();

    assertThatThrownBy(() -> ModelFiles.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(name);
  }

  /** Whatever bytes a file holds: a model, or one line that says why not. */
  @ParameterizedTest
  @ValueSource(strings = {"every_script_11.onnx", "odd.onnx", "channels_last.onnx"})
  void damagedFilesEndInAnInputException(String name) throws IOException {
    byte[] whole = Files.readAllBytes(resource(name));
    Random random = new Random(name.hashCode());
    Path file = folder.resolve("damaged.onnx");
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] damaged = whole.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        ModelFiles.read(file);
      } catch (InputException e) {
        assertThat(e.getMessage()).doesNotContain("\n");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(MUTATIONS / 20);
  }

  private Path changed(String name, String... changes) throws IOException {
    String text = Files.readString(resource(name), StandardCharsets.ISO_8859_1);
    for (int i = 0; i < changes.length; i += 2) {
      assertThat(text).contains(changes[i]);
      text = text.replace(changes[i], changes[i + 1]);
    }
    Path file = folder.resolve("changed.onnx");
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    return file;
  }

  private static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(OnnxTest.class.getResource("/onnx/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
