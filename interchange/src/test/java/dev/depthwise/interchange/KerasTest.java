package dev.depthwise.interchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.engine.tck.Filler;
import dev.depthwise.network.Dense;
import dev.depthwise.network.GlobalAveragePool;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.network.Node;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Softmax;
import dev.depthwise.weights.ModelDirectory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole models of Keras. {@code every}, {@code tuned} and {@code seq} were written by Keras 3.15.1
 * (PyTorch backend), which computed their outputs; weights at random.
 */
class KerasTest {
  private static final Path WEIGHTS =
      Path.of("..", "weights", "src", "test", "resources", "dev", "depthwise", "weights");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"tiny_keras2_full_model.h5", "tiny_tfkeras_full_model.h5", "tiny_keras3.keras"})
  void eachGenerationsFormatComputesTheSame(String name) throws IOException {
    Network network = ModelFiles.read(WEIGHTS.resolve(name));

    JsonNode expected = json(resource("expected.json")).get("tiny").get("output");
    Shape input = Shape.of(3, 33, 47);
    assertThat(network.model().graph().input().shape()).isEqualTo(input);
    Outputs.assertClose(network, Outputs.picturesOfKeras(input), numbers(expected), 1e-5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"every.keras", "every.h5", "tuned.keras", "tuned.h5", "seq.keras"})
  void layersComputeAsKerasDoes(String name) throws IOException {
    Network network = ModelFiles.read(resource(name));

    JsonNode expected = json(resource("expected.json")).get(name.replaceFirst("\\..*", ""));
    float[] pictures = Filler.pictures(2, network.model().graph().input().shape());
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] *= (float) expected.get("scale").asDouble();
    }
    Outputs.assertClose(network, pictures, numbers(expected.get("output")), 1e-5);
  }

  @Test
  void aModelDirectoryHoldsWhatWasRead() {
    Network network = ModelFiles.read(resource("every.keras"));
    ModelDirectory.write(folder.resolve("m"), network, false);

    Network read = ModelDirectory.read(folder.resolve("m"));

    assertThat(read.model()).isEqualTo(network.model());
    assertThat(read.provenance())
        .containsEntry("imported", "every.keras")
        .containsEntry("version", "3.15.1");
  }

  @Test
  void vectorsAreVectorsWhereNothingNeedsAPicture() {
    Network network = ModelFiles.read(WEIGHTS.resolve("tiny_keras2_full_model.h5"));

    List<Node> nodes = network.model().graph().nodes();
    assertThat(nodes.subList(nodes.size() - 3, nodes.size()).stream().map(Node::op))
        .satisfiesExactly(
            op -> assertThat(op).isEqualTo(new GlobalAveragePool()),
            op -> assertThat(op).isEqualTo(new Dense(10, true)),
            op -> assertThat(op).isEqualTo(new Softmax()));
    assertThat(nodes.stream().map(Node::name))
        .startsWith("input_1", "conv1_conv", "conv1_bn", "conv1_relu", "pool1")
        .contains("sepconv1/depthwise", "sepconv1/pointwise", "predictions");
  }

  @Test
  void allThatIsMissingIsNamedAtOnce() throws IOException {
    Path file =
        changed(
            "every.keras",
            "\"class_name\": \"GlobalMaxPooling2D\"",
            "\"class_name\": \"Attention\"",
            "\"class_name\": \"UpSampling2D\"",
            "\"class_name\": \"Conv2DTranspose\"",
            "\"activation\": \"tanh\"",
            "\"activation\": \"mish\"");

    assertThatThrownBy(() -> ModelFiles.read(file))
        .isInstanceOf(InputException.class)
        .message()
        .startsWith(file + ": 4 of its layers cannot be read: ")
        .contains("every/wide (Conv2D) has the activation 'mish'")
        .contains("every/up (Conv2DTranspose)", "every/up_nearest (Conv2DTranspose)")
        .contains("every/gmp (Attention)")
        .doesNotContain("\n");
  }

  @Test
  void whatIsReadOtherwiseThanItWasMeantIsRefused() throws IOException {
    Path file = changed("seq.keras", "\"channels_last\"", "\"channels_first\"");

    assertThatThrownBy(() -> ModelFiles.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has data_format 'channels_first'; channels_last can be read");
  }

  @Test
  void theHardSigmoidIsThatOfItsGeneration() throws IOException {
    Path old = changedIn("metadata.json", "every.keras", "\"3.15.1\"", "\"2.15.0\"");

    assertThat(alpha(ModelFiles.read(old), "dw/hard_sigmoid")).isEqualTo("0.2");
    assertThat(alpha(ModelFiles.read(resource("every.keras")), "dw/hard_sigmoid"))
        .startsWith("0.1666");
  }

  @Test
  void theSizeOfPicturesIsAskedFor() throws IOException {
    Path file = changed("tuned.keras", "[null, 16, 16, 3]", "[null, null, null, 3]");

    assertThatThrownBy(() -> ModelFiles.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("takes pictures of any size; say which");
    Network network = ModelFiles.read(file, Reading.usual().withSize(20, 24));
    assertThat(network.preprocessing().input()).isEqualTo(Shape.of(3, 20, 24));
    assertThatThrownBy(
            () -> ModelFiles.read(resource("tuned.keras"), Reading.usual().withSize(20, 24)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("takes pictures with a height of 16, not 20");
  }

  @ParameterizedTest
  @CsvSource({
    "RAW, 1.0, 0.0",
    "UNIT, 255.0, 0.0",
    "TF, 127.5, 1.0",
    "TORCH, 255.0, 0.485",
    "CAFFE, 1.0, 103.939"
  })
  void samplesBecomeWhatTheModelWasTrainedOn(Samples samples, double divisor, double mean) {
    Network network =
        ModelFiles.read(resource("tuned.keras"), Reading.usual().withSamples(samples));

    assertThat(network.preprocessing().divisor()).isEqualTo(divisor);
    assertThat(network.preprocessing().mean().get(0)).isEqualTo(mean);
  }

  @Test
  void programsAreNotRun() {
    assertThatThrownBy(() -> ModelFiles.read(WEIGHTS.resolve("broken/keras_lambda_code.keras")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds a Lambda layer, which is a program in Python; it was not run");
  }

  @Test
  void filesWithoutAModelAreRefused() {
    assertThatThrownBy(() -> ModelFiles.read(WEIGHTS.resolve("tiny_keras2_weights.h5")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds weights only, not the network that they are of");
    assertThatThrownBy(() -> ModelFiles.read(WEIGHTS.resolve("tiny.safetensors")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds weights, but not the network");
    for (String name : List.of("whole_module_pickle.pth", "h5_missing_weight.h5", "zero.keras")) {
      assertThatThrownBy(() -> ModelFiles.read(WEIGHTS.resolve("broken").resolve(name)))
          .isInstanceOf(InputException.class)
          .message()
          .contains(name)
          .doesNotContain("\n");
    }
  }

  @Test
  void brokenWiringIsRefused() throws IOException {
    Path dangling = changed("every.keras", "[\"ln\", 0, 0]", "[\"nobody\", 0, 0]");
    assertThatThrownBy(() -> ModelFiles.read(dangling))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("layer 'prelu' needs output 0 of call 0 of layer 'nobody'");
    Path cyclic = changed("every.keras", "[\"ln\", 0, 0]", "[\"prelu\", 0, 0]");
    assertThatThrownBy(() -> ModelFiles.read(cyclic))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("which nothing makes before it");
    Path misshapen = changed("every.keras", "\"filters\": 8", "\"filters\": 9");
    assertThatThrownBy(() -> ModelFiles.read(misshapen))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "every/conv (Conv2D) has a weight kernel of 3x3x3x8, should be 3x3x3x9");
  }

  private static String alpha(Network network, String node) {
    return network.model().graph().nodes().stream()
        .filter(each -> each.name().equals(node))
        .map(each -> each.op().description().replaceFirst(".*alpha ", ""))
        .findFirst()
        .orElseThrow();
  }

  private Path changed(String name, String... replacements) throws IOException {
    return changedIn("config.json", name, replacements);
  }

  /** The archive with other words in one of its entries. */
  private Path changedIn(String entry, String name, String... replacements) throws IOException {
    Path file = folder.resolve(name);
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(resource(name)));
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (ZipEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
        byte[] bytes = in.readAllBytes();
        if (each.getName().equals(entry)) {
          String text = new String(bytes, StandardCharsets.UTF_8);
          for (int i = 0; i < replacements.length; i += 2) {
            assertThat(text).contains(replacements[i]);
            text = text.replace(replacements[i], replacements[i + 1]);
          }
          bytes = text.getBytes(StandardCharsets.UTF_8);
        }
        out.putNextEntry(new ZipEntry(each.getName()));
        out.write(bytes);
      }
    }
    return file;
  }

  private static JsonNode json(Path path) throws IOException {
    return new ObjectMapper().readTree(path.toFile());
  }

  private static double[] numbers(JsonNode lists) {
    List<Double> numbers = new ArrayList<>();
    lists.forEach(list -> list.forEach(number -> numbers.add(number.asDouble())));
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(KerasTest.class.getResource("/keras/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
