package dev.depthwise.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.training.Initialization;
import dev.depthwise.weights.KerasOrder;
import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.Naming;
import dev.depthwise.weights.Npz;
import dev.depthwise.weights.Safetensors;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import dev.depthwise.zoo.Zoo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with weight files alone. */
class WeightsTest {
  /** Of the little-endian float32 numbers 1, 2, 3, 4, 5, 6, by another program. */
  private static final String ONE_TO_SIX =
      "24ae2dfe8df57c1b80e54cef3d90ac3b417fd98973345a5f616bbc9a75dcc202";

  @TempDir Path folder;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  @BeforeEach
  void files() {
    tensors.put("conv1.weight", Tensor.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6));
    tensors.put("conv1.bias", Tensor.of(Shape.of(2), 0.5f, -1));
    tensors.put("evil\u001b[2J", Tensor.of(Shape.of(), 3));
    Safetensors.write(folder.resolve("w.safetensors"), tensors, Map.of("format", "pt"));
    Npz.write(folder.resolve("w.npz"), tensors);
  }

  @Test
  void inspectListsEveryTensor() {
    String out = Outcome.of("weights", "inspect", folder.resolve("w.safetensors")).succeeds().out();

    assertThat(out.lines())
        .anySatisfy(line -> assertThat(line).matches("conv1.weight +2x3 +float32 +" + ONE_TO_SIX))
        .anySatisfy(line -> assertThat(line).matches("conv1.bias +2 +float32 +[0-9a-f]{64}"))
        .contains("3 tensors, 9 numbers, 36 bytes", "format: pt");
    assertThat(out).doesNotContain("\u001b").contains("evil?[2J");
  }

  @Test
  void inspectAnswersPrograms() throws IOException {
    JsonNode json = json("w.safetensors");

    assertThat(json.at("/metadata/format").asText()).isEqualTo("pt");
    assertThat(json.get("numbers").asLong()).isEqualTo(9);
    JsonNode first = json.at("/tensors/0");
    assertThat(first.get("name").asText()).isEqualTo("conv1.weight");
    assertThat(first.get("shape").toString()).isEqualTo("[2,3]");
    assertThat(first.get("type").asText()).isEqualTo("float32");
    assertThat(first.get("sha256").asText()).isEqualTo(ONE_TO_SIX);
    assertThat(json("w.npz").get("tensors")).isEqualTo(json.get("tensors"));
  }

  @Test
  void inspectRefusesBrokenFilesInOneLine() throws IOException {
    Path file = folder.resolve("w.npz");
    byte[] bytes = Files.readAllBytes(file);
    bytes[200] ^= 1;
    Files.write(file, bytes);
    Outcome outcome = Outcome.of("weights", "inspect", file, "--json");
    outcome.refuses(file + ": ", "is damaged");
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).hasSize(1);

    Path none = folder.resolve("none.h5");
    Outcome.of("weights", "inspect", none).refuses(none + ": there is no such file");
    Path text = Files.writeString(folder.resolve("weights.txt"), "these are none");
    Outcome.of("weights", "inspect", text).refuses("the format of this weight file is not known");
  }

  @Test
  void convertKeepsNamesAndValues() throws IOException {
    Path archive = folder.resolve("converted.npz");
    Path back = folder.resolve("back.safetensors");

    String out =
        Outcome.of("weights", "convert", folder.resolve("w.safetensors"), archive).succeeds().out();
    Outcome.of("weights", "convert", archive, back).succeeds();

    assertThat(out).isEqualTo("wrote %s: 3 tensors%n".formatted(archive));
    assertThat(json("back.safetensors").get("tensors"))
        .isEqualTo(json("w.safetensors").get("tensors"));
    // What an archive says of itself is the least: whose names it has is not known.
    assertThat(WeightFiles.open(archive).metadata()).isEqualTo(Map.of("format", "npz"));
  }

  @Test
  void convertWritesAFileForKeras() {
    Path keras = folder.resolve("keras.safetensors");
    Tensor kernel = Tensor.of(Shape.of(1, 1, 2, 1), 1, 2);
    Map<String, String> metadata = Map.of("format", "keras", "keras_version", "3.3.3");
    Safetensors.write(keras, Map.of("conv1/kernel", kernel), metadata);

    Outcome.of("weights", "convert", keras, folder.resolve("w.h5")).succeeds();

    NamedTensors read = WeightFiles.open(folder.resolve("w.h5"));
    assertThat(read.read("conv1/kernel")).isEqualTo(kernel);
  }

  /** Whatever order they come in: Keras takes the first layer's weights from the first entry. */
  @Test
  void convertWritesLayersInTheOrderOfTheModel() {
    Graph graph = Zoo.find("xception_small").graph(Options.defaults().withStyle(Style.KERAS));
    Path ordered = folder.resolve("ordered.safetensors");
    WeightFiles.write(ordered, Initialization.initialize(graph, 1), Naming.KERAS);
    Map<String, Tensor> sorted = new TreeMap<>();
    NamedTensors source = WeightFiles.open(ordered);
    source.tensors().forEach((name, tensor) -> sorted.put(name, tensor.read()));
    Path keras = folder.resolve("sorted.safetensors");
    Safetensors.write(keras, sorted, Map.of("format", "keras"));
    Path converted = folder.resolve("converted.h5");

    String out =
        Outcome.of("weights", "convert", keras, converted, "--model", "xception_small")
            .succeeds()
            .out();

    NamedTensors read = WeightFiles.open(converted);
    assertThat(out)
        .isEqualTo(
            "wrote %s: %,d parameters of xception_small%n".formatted(converted, sorted.size()));
    assertThat(layers(read))
        .containsExactlyElementsOf(
            KerasOrder.nodes(graph).stream()
                .filter(node -> !node.parameters().isEmpty())
                .map(node -> node.name().split("/", 2)[0])
                .distinct()
                .toList())
        .isNotEqualTo(layers(WeightFiles.open(keras)));
    sorted.forEach((name, tensor) -> assertThat(read.read(name)).isEqualTo(tensor));
  }

  private static List<String> layers(NamedTensors tensors) {
    return tensors.tensors().keySet().stream()
        .map(name -> name.split("/", 2)[0])
        .distinct()
        .toList();
  }

  @Test
  void convertRefusesWhatIsNotOfTheModel() {
    Path torch = folder.resolve("w.safetensors");
    Outcome.of("weights", "convert", torch, folder.resolve("w.h5"), "--model", "xception")
        .refuses("w.safetensors: these weights are not of this network: ", "missing: block1_conv1");
    Outcome.of("weights", "convert", torch, folder.resolve("w.h5"), "--model", "alexnet")
        .refuses("w.h5: alexnet in torchvision style has no layers of Keras");
    Outcome.of("weights", "convert", torch, folder.resolve("w.npz"), "--classes", "10")
        .refuses("needs --model");
    assertThat(folder.resolve("w.h5")).doesNotExist();
  }

  @Test
  void convertRefusesWhatWouldBeWrong() {
    Path torch = folder.resolve("w.safetensors");
    Outcome.of("weights", "convert", torch, folder.resolve("w.h5"))
        .refuses("its kernels do not lie as Keras has them (format pt)");
    Outcome.of("weights", "convert", folder.resolve("w.npz"), folder.resolve("w.h5"))
        .refuses("cannot hold 'conv1.weight': Keras calls a weight LAYER/WEIGHT");
    Outcome.of("weights", "convert", torch, folder.resolve("w.pth"))
        .refuses("weights of this format are not written");
    Outcome.of("weights", "convert", folder.resolve("none.pth"), folder.resolve("w2.npz"))
        .refuses("there is no such file");
    assertThat(folder.resolve("w.h5")).doesNotExist();
    assertThat(folder.resolve("w2.npz")).doesNotExist();
  }

  @Test
  void convertSaysWhatBecameFloat32() throws IOException {
    Path file = folder.resolve("half.safetensors");
    byte[] header =
        "{\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}".getBytes(US_ASCII);
    Files.write(
        file,
        ByteBuffer.allocate(8 + header.length + 2)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .putShort((short) 0x3e00)
            .array());

    Outcome outcome = Outcome.of("weights", "convert", file, folder.resolve("h.npz")).succeeds();

    assertThat(outcome.err()).contains("1 of them were float16 and are float32 now");
    assertThat(WeightFiles.open(folder.resolve("h.npz")).read("h").toArray()).containsExactly(1.5f);
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper()
        .readTree(
            Outcome.of("weights", "inspect", folder.resolve(name), "--json").succeeds().out());
  }
}
