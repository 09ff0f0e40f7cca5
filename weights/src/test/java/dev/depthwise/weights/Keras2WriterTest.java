package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Keras2WriterTest {
  @TempDir Path directory;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  @Test
  void readsWhatItWrote() {
    tensors.put("conv1/kernel", Tensor.of(Shape.of(1, 2, 1, 2), 1, 2, 3, 4));
    tensors.put("conv1/bias", Tensor.of(Shape.of(2), -1, Float.NaN));
    tensors.put("outer/inner/kernel", Tensor.of(Shape.of(1), 5));
    tensors.put("scalar/é", Tensor.of(Shape.of(), 7));
    Path file = directory.resolve("written.h5");

    Keras2Writer.write(file, tensors);

    NamedTensors read = WeightFiles.open(file);
    assertThat(read.metadata())
        .isEqualTo(Map.of("format", "keras", "backend", "tensorflow", "keras_version", "2.15.0"));
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach((name, tensor) -> assertThat(read.read(name)).isEqualTo(tensor));
  }

  /** An attribute holds 64 KiB; Keras looks for {@code layer_names0} and so on then. */
  @Test
  void cutsLongListsOfNames() throws IOException {
    for (int i = 0; i < 2_000; i++) {
      tensors.put(
          "layer_%04d_with_a_rather_long_name/kernel".formatted(i), Tensor.of(Shape.of(1), i));
    }
    Path file = directory.resolve("written.h5");

    Keras2Writer.write(file, tensors);

    NamedTensors read = Keras.read(file);
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    assertThat(read.read("layer_1999_with_a_rather_long_name/kernel").toArray())
        .containsExactly(1_999);
    try (InputFile opened = InputFile.open(file)) {
      Hdf5Attributes attributes = Hdf5Attributes.of(Hdf5Group.root(Hdf5File.open(opened)).object());
      assertThat(attributes.texts("layer_names")).isEmpty();
      assertThat(attributes.texts("layer_names1").orElseThrow()).isNotEmpty();
    }
  }

  @Test
  void writesTheWeightsOfANetworkAsKerasHasThem() {
    Graph graph = Models.everyOperation();
    Model model = new Model(graph, Models.weights(graph, 1));
    Path file = directory.resolve("network.h5");

    WeightFiles.write(file, model, Naming.KERAS);

    assertThat(WeightFiles.read(file, model.graph())).isEqualTo(model.weights());
    // Keras' layer Normalization has a third weight, and refuses files without it.
    assertThat(WeightFiles.open(file).tensors().keySet()).anyMatch(name -> name.endsWith("/count"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv1.weight", "/a", "a/", "a//b", "./a", "a/./b", "a/.", ""})
  void refusesNamesThatKerasWouldNotGive(String name) {
    tensors.put(name, Tensor.of(Shape.of(1), 1));
    Path file = directory.resolve("refused.h5");
    assertThatThrownBy(() -> Keras2Writer.write(file, tensors))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s: cannot hold '%s': Keras calls a weight LAYER/WEIGHT, such as conv1/kernel"
                .formatted(file, name));
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesNamesThatExcludeEachOther() {
    tensors.put("a/b", Tensor.of(Shape.of(1), 1));
    tensors.put("a/b:0/c", Tensor.of(Shape.of(1), 1));
    assertThatThrownBy(() -> Keras2Writer.write(directory.resolve("refused.h5"), tensors))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("cannot hold two things called 'b:0'");
  }

  @Test
  void refusesTheNameOfAnotherLayout() {
    tensors.put("a/b", Tensor.of(Shape.of(1), 1));
    assertThatThrownBy(
            () -> WeightFiles.write(directory.resolve("a.weights.h5"), tensors, Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Keras 3 expects another layout in files of that name");
    assertThatThrownBy(() -> WeightFiles.write(directory.resolve("a.pth"), tensors, Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("those that are: .safetensors .h5 .hdf5 .npz");
  }

  @Test
  void leavesAnOlderFileAloneIfItFails() throws IOException {
    Path file = Files.writeString(directory.resolve("kept.h5"), "older");
    tensors.put("conv1.weight", Tensor.of(Shape.of(1), 1));
    assertThatThrownBy(() -> Keras2Writer.write(file, tensors)).isInstanceOf(InputException.class);
    assertThat(file).hasContent("older");
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file));
  }
}
