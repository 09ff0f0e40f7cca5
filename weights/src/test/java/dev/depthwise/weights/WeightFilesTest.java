package dev.depthwise.weights;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightFilesTest {
  @TempDir Path directory;

  @Test
  void readsPytorchsNames() {
    Path file = Resources.path("tiny.safetensors");

    Weights weights = WeightFiles.read(file, tiny());

    NamedTensors tensors = Safetensors.read(file);
    assertThat(weights.get("conv1", Role.KERNEL)).isEqualTo(tensors.read("conv1.weight"));
    assertThat(weights.get("layer2.0.downsample.1", Role.SCALE))
        .isEqualTo(tensors.read("layer2.0.downsample.1.weight"));
    assertThat(weights.get("layer1.0.bn2", Role.SHIFT))
        .isEqualTo(tensors.read("layer1.0.bn2.bias"));
    assertThat(weights.get("bn1", Role.MEAN)).isEqualTo(tensors.read("bn1.running_mean"));
    assertThat(weights.get("bn1", Role.VARIANCE)).isEqualTo(tensors.read("bn1.running_var"));
    assertThat(weights.get("fc", Role.BIAS)).isEqualTo(tensors.read("fc.bias"));
  }

  @ParameterizedTest
  @EnumSource
  void readsWhatItWrote(Naming naming) {
    Graph graph = Models.everyOperation();
    Weights weights = Models.weights(graph, 1);
    Path file = directory.resolve("weights.safetensors");
    WeightFiles.write(file, new Model(graph, weights), naming);
    assertThat(WeightFiles.read(file, graph)).isEqualTo(weights);
  }

  @Test
  void namesAllThatDoesNotFit() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("conv1.weight", Tensor.filled(Shape.of(2, 1, 5, 5), 1));
    tensors.put("bn1.weight", Tensor.filled(Shape.of(2), 1));
    tensors.put("bn1.num_batches_tracked", Tensor.filled(Shape.of(), 1));
    tensors.put("conv2.weight", Tensor.filled(Shape.of(2), 1));
    Path file = directory.resolve("other.safetensors");
    Safetensors.write(file, tensors, Map.of());

    assertThatThrownBy(() -> WeightFiles.read(file, Models.classifier(3)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            file
                + ": these weights are not of this network: 5 missing: bn1.bias 2,"
                + " bn1.running_mean 2, bn1.running_var 2, fc.weight 3x2, fc.bias 3;"
                + " 1 unexpected: conv2.weight;"
                + " 1 of another shape: conv1.weight 2x1x5x5 instead of 2x1x3x3");
  }

  @Test
  void listsOnlyTheFirstOfMany() {
    Path file = directory.resolve("small.safetensors");
    WeightFiles.write(file, Models.model(Models.classifier(3), 1), Naming.TORCH);
    assertThatThrownBy(() -> WeightFiles.read(file, tiny()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("25 missing: layer1.0.conv1.weight")
        .hasMessageContaining(", ...; 7 of another shape: ")
        .message()
        .doesNotContain("fc.bias 10,");
  }

  @Test
  void saysHowManyClassesTheFileHas() {
    Path file = directory.resolve("three.safetensors");
    WeightFiles.write(file, Models.model(Models.classifier(3), 1), Naming.TORCH);
    assertThatThrownBy(() -> WeightFiles.read(file, Models.classifier(7)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            file
                + ": is of a network with 3 classes, but this one has 7 (its last layer, fc);"
                + " build it for 3 classes");
  }

  @Test
  void refusesAFormatThatItDoesNotKnow() throws Exception {
    Path file = Files.writeString(directory.resolve("weights.bin"), "");
    assertThatThrownBy(() -> WeightFiles.read(file, tiny()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": the format of this weight file is not known; known are");
  }

  /** The network of the file: a residual net of two blocks. */
  private static Graph tiny() {
    return Graph.of(
        Shape.of(3, 33, 47),
        ".",
        chain(
            conv("conv1", 8, k(7).stride(2)),
            batchNorm("bn1", 1e-5, 0.1),
            relu(),
            maxPool("maxpool", k(3).stride(2)),
            named("layer1", named("0", basic(8, 1, (scope, input) -> input))),
            named(
                "layer2",
                named(
                    "0",
                    basic(
                        16,
                        2,
                        named(
                            "downsample",
                            conv("0", 16, k(1).stride(2)),
                            batchNorm("1", 1e-5, 0.1))))),
            globalAveragePool("avgpool"),
            dense("fc", 10)));
  }

  private static Block basic(int width, int stride, Block shortcut) {
    return chain(
        residual(
            chain(
                conv("conv1", width, k(3).stride(stride)),
                batchNorm("bn1", 1e-5, 0.1),
                relu(),
                conv("conv2", width, k(3)),
                batchNorm("bn2", 1e-5, 0.1)),
            shortcut),
        relu());
  }
}
