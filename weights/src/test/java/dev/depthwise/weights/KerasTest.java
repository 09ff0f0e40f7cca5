package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KerasTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny_keras2_weights.h5",
        "tiny_keras2_weights_vlen.h5",
        "tiny_keras2_weights_latest.h5",
        "tiny_keras2_weights_gzip_chunked.h5",
        "tiny_keras2_weights_split_attrs.h5",
        "tiny_keras2_full_model.h5",
        "tiny_tfkeras_full_model.h5",
        "tiny_keras3.keras"
      })
  void readsTheWeightsInTheOrderOfTheLayers(String name) {
    NamedTensors tensors = WeightFiles.open(Resources.path(name));

    assertThat(tensors.metadata()).containsEntry("format", "keras");
    assertThat(tensors.tensors().keySet())
        .containsExactlyElementsOf(
            expected().properties().stream().map(Map.Entry::getKey).toList());
    holdsAll(tensors);
  }

  @Test
  void readsKeras3WithoutAConfiguration() {
    NamedTensors tensors = WeightFiles.open(Resources.path("tiny_keras3.weights.h5"));

    assertThat(tensors.tensors()).hasSize(expected().size());
    holdsAll(tensors);
  }

  /** Nothing in such a file says what the layers are called: their classes are counted. */
  @Test
  void readsTheFirstKeras3ByTheClassesOfLayers() {
    NamedTensors tensors = WeightFiles.open(Resources.path("tiny_keras3_old.weights.h5"));

    assertThat(tensors.tensors()).hasSize(expected().size());
    Map<String, String> layers =
        Map.of(
            "conv1_conv", "conv2d",
            "conv1_bn", "batch_normalization",
            "sepconv1", "separable_conv2d",
            "sepconv1_bn", "batch_normalization_1",
            "dw1", "depthwise_conv2d",
            "pw1", "conv2d_1",
            "predictions", "dense");
    for (Map.Entry<String, JsonNode> entry : expected().properties()) {
      List<String> name = List.of(entry.getKey().split("/"));
      StoredTensor tensor = Expected.tensor(tensors, layers.get(name.get(0)) + "/" + name.get(1));
      assertThat(tensor.sha256()).isEqualTo(entry.getValue().get("sha256").asText());
    }
  }

  @Test
  void readsHalves() {
    NamedTensors tensors = Keras.read(Resources.path("tiny_keras2_weights_f16.h5"));
    NamedTensors full = Keras.read(Resources.path("tiny_keras2_weights.h5"));

    assertThat(tensors.tensors().keySet()).isEqualTo(full.tensors().keySet());
    tensors
        .tensors()
        .forEach(
            (name, tensor) -> {
              assertThat(tensor.type()).isEqualTo(DataType.F16);
              float[] expected = full.read(name).toArray();
              float[] values = tensor.read().toArray();
              for (int i = 0; i < values.length; i++) {
                assertThat(values[i])
                    .isCloseTo(
                        expected[i],
                        org.assertj.core.data.Offset.offset(
                            Math.max(Math.abs(expected[i]) * 0x1p-11f, 0x1p-25f)));
              }
            });
  }

  @Test
  void readsManyGroups() throws IOException {
    NamedTensors tensors = Keras.read(Resources.unpacked("many_groups_keras2.h5.gz", directory));

    assertThat(tensors.tensors()).hasSize(780);
    for (int i = 0; i < 780; i++) {
      assertThat(
              tensors
                  .read("block%02d_unit_with_a_long_layer_name_%04d/kernel".formatted(i % 35, i))
                  .toArray())
          .containsExactly(i, i + 0.5f);
    }
  }

  @Test
  void keepsWhatTheFileSaysOfItself() {
    assertThat(Keras.read(Resources.path("tiny_keras2_weights.h5")).metadata())
        .isEqualTo(Map.of("format", "keras", "backend", "tensorflow", "keras_version", "2.2.4"));
    Map<String, String> whole = Keras.read(Resources.path("tiny_keras2_full_model.h5")).metadata();
    assertThat(whole).containsEntry("keras_version", "2.2.4");
    assertThat(whole.get("model_config")).startsWith("{\"class_name\": \"Model\"").endsWith("}");
    Map<String, String> keras3 = KerasArchive.read(Resources.path("tiny_keras3.keras")).metadata();
    assertThat(keras3).containsEntry("keras_version", "3.3.3");
    assertThat(keras3.get("model_config")).startsWith("{\"class_name\": \"Functional\"");
  }

  @Test
  void readsTheNamesOfKeras1() {
    NamedTensors tensors = Keras.read(Resources.path("keras1_names.h5"));

    assertThat(tensors.tensors().keySet())
        .containsExactly(
            "block1_conv1/kernel",
            "block1_conv1/bias",
            "bn_conv1/gamma",
            "bn_conv1/beta",
            "bn_conv1/moving_mean",
            "bn_conv1/moving_variance",
            "renamed/kernel",
            "renamed/bias");
    assertThat(tensors.read("bn_conv1/moving_variance").toArray()).containsExactly(6);
  }

  @Test
  void keepsThePathsOfNestedModels() {
    assertThat(Keras.read(Resources.path("keras2_nested.h5")).tensors().keySet())
        .containsExactly(
            "inner/conv/kernel",
            "inner/conv/bias",
            "inner/bn/gamma",
            "outer/deep/conv/kernel",
            "outer/dense/kernel",
            "head/kernel");
    assertThat(Keras.read(Resources.path("keras3_nested.weights.h5")).tensors().keySet())
        .containsExactly(
            "backbone/bn/beta",
            "backbone/bn/moving_mean",
            "backbone/bn/moving_variance",
            "backbone/conv_b/kernel",
            "backbone/conv_a/kernel",
            "backbone/conv_a/bias",
            "block/0",
            "block/conv_c/0",
            "head/dense/kernel",
            "head/dense/bias");
  }

  /** One names its layers, the other leaves that to the configuration; this one is compressed. */
  @ParameterizedTest
  @CsvSource({"keras3_nested_deflated.keras, conv_c", "keras3_nested_unnamed.keras, conv"})
  void ordersAndNamesLayersByTheConfiguration(String name, String partOfABlock) {
    NamedTensors tensors = WeightFiles.open(Resources.path(name));

    assertThat(tensors.tensors().keySet())
        .containsExactly(
            "backbone/conv_b/kernel",
            // The configuration says that it has a factor and no offset.
            "backbone/bn/gamma",
            "backbone/bn/moving_mean",
            "backbone/bn/moving_variance",
            "backbone/conv_a/kernel",
            "backbone/conv_a/bias",
            "block/0",
            "block/%s/0".formatted(partOfABlock),
            "head/dense/kernel",
            "head/dense/bias");
    assertThat(tensors.read("backbone/conv_a/bias").toArray()).containsExactly(3);
    assertThat(tensors.read("head/dense/bias").toArray()).containsExactly(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} {|its configuration is no JSON",
        "[]|its configuration describes no model",
        "{\"config\":{\"layers\":[1]}}|its configuration describes no model",
        "{\"a\":1,\"a\":2}|Duplicate field 'a'",
        "{\"config\":{\"layers\":[{\"class_name\":\"Lambda\"}]}}|holds a Lambda layer"
      })
  void refusesBrokenConfigurations(String config, String fault) throws IOException {
    Path file = archive(Map.of("config.json", config, "model.weights.h5", ""));
    assertThatThrownBy(() -> WeightFiles.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(fault);
  }

  @Test
  void refusesArchivesWithoutTheirParts() throws IOException {
    Path noWeights = archive(Map.of("config.json", "{}"));
    assertThatThrownBy(() -> WeightFiles.open(noWeights))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it has no entry model.weights.h5");
    Path noHdf5 = archive(Map.of("config.json", "{}", "model.weights.h5", "text"));
    assertThatThrownBy(() -> WeightFiles.open(noHdf5))
        .isInstanceOf(InputException.class)
        .hasMessage(noHdf5 + ": model.weights.h5: is no HDF5 file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny_keras2_weights.h5",
        "tiny_keras2_weights_vlen.h5",
        "tiny_keras2_weights_gzip_chunked.h5",
        "keras3_nested.weights.h5",
        "keras3_nested_deflated.keras"
      })
  void survivesDamage(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.copy(Resources.path(name), file);
    Mutations.survive(
        file,
        (int) Files.size(file),
        damaged -> WeightFiles.open(damaged).tensors().values().forEach(StoredTensor::sha256));
  }

  private Path archive(Map<String, String> entries) throws IOException {
    Path file = directory.resolve("model.keras");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  private static void holdsAll(NamedTensors tensors) {
    for (Map.Entry<String, JsonNode> entry : expected().properties()) {
      StoredTensor tensor = Expected.tensor(tensors, entry.getKey());
      assertThat(tensor.dimensions()).isEqualTo(Expected.longs(entry.getValue().get("shape")));
      assertThat(tensor.sha256())
          .as(entry.getKey())
          .isEqualTo(entry.getValue().get("sha256").asText());
    }
  }

  private static JsonNode expected() {
    return Expected.file("expected_keras.json");
  }
}
