package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Interpolation;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Op;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Resizing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDirectoryTest {
  @TempDir Path directory;

  @Test
  void readsWhatItWroteWithEveryOperation() {
    Graph graph = Models.everyOperation();
    assertThat(graph.nodes().stream().map(node -> (Object) node.op().getClass()).toList())
        .as("the operations of the test's network")
        .contains((Object[]) Op.class.getPermittedSubclasses());
    Network model = Models.stored(graph, 1);
    Path target = directory.resolve("model");

    ModelDirectory.write(target, model, false);

    assertThat(ModelDirectory.isModelDirectory(target)).isTrue();
    assertThat(ModelDirectory.read(target)).isEqualTo(model);
  }

  @Test
  void keepsHowPicturesArePrepared() throws IOException {
    Graph graph = Models.everyOperation();
    for (Preprocessing preprocessing :
        List.of(
            Preprocessing.caffe(9, 8),
            Preprocessing.tf(9, 8).withResizing(new Resizing.CropThenStretch()),
            Preprocessing.torch(9, 8)
                .withResizing(new Resizing.ShorterSideThenCrop(12))
                .withInterpolation(Interpolation.LANCZOS))) {
      Network network = Network.of(new Model(graph, Models.weights(graph, 1)), preprocessing);

      ModelDirectory.write(directory.resolve("model"), network, true);

      assertThat(ModelDirectory.read(directory.resolve("model"))).isEqualTo(network);
    }
    assertThat(Files.readString(directory.resolve("model/model.json")).replaceAll("\\s+", " "))
        .contains("\"resizing\" : { \"resizing\" : \"shorter_side_then_crop\", \"side\" : 12 }")
        .contains("\"interpolation\" : \"lanczos\", \"order\" : \"rgb\", \"divisor\" : 255.0");
  }

  @Test
  void describesTheModelInPlainWords() throws IOException {
    Path target = written();
    String json = Files.readString(target.resolve(ModelDirectory.MODEL_FILE));
    assertThat(json.replaceAll("\\s+", " "))
        .contains("\"op\" : { \"op\" : \"input\", \"shape\" : [ 1, 4, 4 ] }")
        .contains("\"op\" : \"global_average_pool\"")
        .contains("\"inputs\" : [ \"bn1\" ]")
        .contains("\"padding\" : { \"padding\" : \"explicit\", \"top\" : 1,")
        .doesNotContain("settled");
  }

  @Test
  void namesFunctionsInPlainWordsAndRefusesOthers() throws IOException {
    Path target = directory.resolve("model");
    ModelDirectory.write(target, Models.stored(Models.everyOperation(), 1), false);
    Path file = target.resolve(ModelDirectory.MODEL_FILE);
    String json = Files.readString(file);
    String elu = "\"function\" : \"elu\"";
    assertThat(json).contains(elu);
    for (String other : List.of("\"gelo\"", "1", "null")) {
      Files.writeString(file, json.replace(elu, "\"function\" : " + other));
      assertThatThrownBy(() -> ModelDirectory.read(target))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(".op.function: ")
          .message()
          .doesNotContain("\n")
          .doesNotContain("dev.depthwise")
          .doesNotContain("java.");
    }
  }

  @Test
  void replacesAModelOnlyWhenAsked() throws IOException {
    Path target = written();
    Network other = Models.stored(Models.classifier(4), 2);
    assertThatThrownBy(() -> ModelDirectory.write(target, other, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("exists already");
    assertThat(ModelDirectory.read(target)).isEqualTo(Models.stored(Models.classifier(3), 1));

    ModelDirectory.write(target, other, true);

    assertThat(ModelDirectory.read(target)).isEqualTo(other);
    assertThat(names(directory)).containsExactly("model");
    assertThat(names(target)).containsExactly("model.json", "weights.safetensors");
  }

  @Test
  void readsAModelThatIsPublishedWithOtherFiles() {
    Network model = Models.stored(Models.classifier(3), 1);
    Path target = directory.resolve("checkpoint");
    Publish.newDirectory(
        target,
        path -> {
          ModelDirectory.writeInto(path, model);
          Files.writeString(path.resolve("state.json"), "{}");
        });
    assertThat(ModelDirectory.read(target)).isEqualTo(model);
  }

  @Test
  void refusesWhatIsNoModelDirectory() throws IOException {
    assertThatThrownBy(() -> ModelDirectory.read(directory.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no such model directory");
    assertThatThrownBy(() -> ModelDirectory.read(directory))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it has no model.json");
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> ModelDirectory.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a file; a model directory is expected");
  }

  @Test
  void refusesAModelWithoutItsWeights() throws IOException {
    Path target = written();
    Files.delete(target.resolve(ModelDirectory.WEIGHTS_FILE));
    assertThatThrownBy(() -> ModelDirectory.read(target))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("weights.safetensors: there is no such file");
  }

  @Test
  void noticesDamagedWeights() throws IOException {
    Path target = written();
    Path weights = target.resolve(ModelDirectory.WEIGHTS_FILE);
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThatThrownBy(() -> ModelDirectory.read(target))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(weights + ": is not the file that model.json was written with");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "\"version\" : 2; \"version\" : 3; version 3; this Depthwise understands versions 1 to 2",
        "\"version\" : 2; \"version\" : [1]; is of version; this Depthwise understands versions 1",
        "depthwise-model; other; its format is not \"depthwise-model\"; model.json",
        "\"conv2d\"; \"conv3d\"; graph.nodes[1].op: 'conv3d' is not known; did you mean conv2d",
        "\"op\" : \"conv2d\"; \"oq\" : \"conv2d\"; graph.nodes[1].op: says not what it is;"
            + " known are activation, add",
        "\"explicit\"; \"implicit\"; padding: 'implicit' is not known; did you mean explicit",
        "\"filters\" : 2; \"filters\" : 0; graph.nodes[1].op: filters must be a positive; was 0",
        "\"filters\" : 2; \"filters\" : 1.5; graph.nodes[1].op.filters; ",
        "\"filters\" : 2; \"filters\" : \"2\"; graph.nodes[1].op.filters; ",
        "\"filters\" : 2; \"filters\" : null; graph.nodes[1].op.filters; ",
        "\"filters\" : 2; \"filters\" : 99999999999; graph.nodes[1].op.filters; ",
        "\"filters\" : 2; \"filters\" : 2000000000; is too large; layer 'conv1'",
        "\"filters\" : 2; \"filters\" : 2, \"spin\" : 1; \"spin\"; graph.nodes[1].op.spin",
        "\"filters\" : 2,; ; graph.nodes[1].op.filters: is missing; model.json",
        "\"filters\" : 2; \"filters\" : 2, \"filters\" : 3; Duplicate field 'filters'; model.json",
        "\"kernelHeight\" : 3; \"kernelHeight\" : 90; layer 'conv1': a window of 90x3 does not fit;"
            + " 1x4x4",
        "\"explicit\"; \"same\"; top; graph.nodes[1].op.window.padding",
        "[ \"bn1\" ]; [ \"bn2\" ]; layer 'avgpool': no layer before it is named 'bn2'; model.json",
        "[ \"bn1\" ]; [ \"fc\" ]; layer 'avgpool': no layer before it is named 'fc'; model.json",
        "[ \"bn1\" ]; [ null ]; graph.nodes[3].inputs; ",
        "[ \"bn1\" ]; [ ]; layer 'avgpool': needs one input; got 0",
        "[ \"bn1\" ]; [ \"conv1\" ]; no output needs bn1: it is dead; model.json",
        "\"name\" : \"bn1\"; \"name\" : \"conv1\"; layer 'conv1': another one has this name; json",
        "\"name\" : \"bn1\"; \"name\" : null; graph.nodes[2].name; ",
        "\"output\" : \"fc\"; ; a network needs an output; model.json",
        "\"epsilon\" : 1.0E-5; \"epsilon\" : -1; epsilon must be positive, was -1.0; nodes[2].op",
        "\"channels\" : 1; \"channels\" : 2; preprocessing: channels must be 1 or 3; was 2",
        "\"height\" : 4; \"height\" : 5; takes 1x4x4, but the preprocessing makes 1x5x4;"
            + " model.json",
        "\"stretch\"; \"squeeze\"; preprocessing.resizing: 'squeeze' is not known; stretch",
        "\"bilinear\"; \"bilinea\"; preprocessing.interpolation: ; model.json",
        "\"rgb\"; \"bgr\"; the order bgr needs 3 channels; not 1",
        "\"divisor\" : 255.0; \"divisor\" : 0; the divisor must be positive and finite; was 0.0",
        "\"divisor\" : 255.0,; ; preprocessing.divisor: is missing; model.json",
        "\"labels\" : [ ]; \"labels\" : [ \"a\" ]; there are 1 labels, but; output is 3",
        "\"labels\" : [ ]; \"labels\" : null; labels; model.json",
        "\"labels\" : [ ]; \"labels\" : [ [[[[]]]] ]; labels; model.json",
        "\"units\" : 3; \"units\" : 4; is of a network with 3 classes, but this one has 4; fc",
        "\"graph\" : {; \"graph\" : {{; is not valid JSON; model.json"
      })
  void refusesAWrongDescription(String from, String to, String fault, String also)
      throws IOException {
    Path target = written();
    Path file = target.resolve(ModelDirectory.MODEL_FILE);
    String json = Files.readString(file);
    assertThat(json).contains(from);
    int at = json.indexOf(from);
    Files.writeString(
        file, json.substring(0, at) + (to == null ? "" : to) + json.substring(at + from.length()));
    assertThatThrownBy(() -> ModelDirectory.read(target))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(target.toString())
        .hasMessageContaining(fault)
        .hasMessageContaining(also == null ? "" : also)
        .message()
        .doesNotContain("\n")
        .doesNotContain("dev.depthwise")
        .doesNotContain("java.");
  }

  @Test
  void refusesEndlessNesting() throws IOException {
    Path target = written();
    Files.writeString(
        target.resolve(ModelDirectory.MODEL_FILE), "{\"graph\":" + "[".repeat(1_000_000));
    assertThatThrownBy(() -> ModelDirectory.read(target))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void survivesDamage() throws IOException {
    Path target = directory.resolve("model");
    ModelDirectory.write(target, Models.stored(Models.everyOperation(), 1), false);
    Mutations.survive(
        target.resolve(ModelDirectory.MODEL_FILE),
        Integer.MAX_VALUE,
        file -> ModelDirectory.read(target));
  }

  private Path written() {
    Path target = directory.resolve("model");
    ModelDirectory.write(target, Models.stored(Models.classifier(3), 1), false);
    return target;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(path -> path.getFileName().toString())
          .sorted()
          .collect(Collectors.toList());
    }
  }
}
