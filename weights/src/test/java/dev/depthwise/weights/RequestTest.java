package dev.depthwise.weights;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.depthwise;
import static dev.depthwise.network.Blocks.globalAveragePool;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of files that are older, larger, or of other classes than the network. */
class RequestTest {
  private static final Graph FEATURES = graph(chain(features(), globalAveragePool("pool")));
  private static final Graph WHOLE = classifier(5);

  @TempDir Path directory;

  @Test
  void kerasNamesAndLayoutsAreFoundInAFileThatSaysNothing() {
    Weights weights = Models.weights(WHOLE, 3);
    Path file = file(WHOLE, Map.of());

    assertThat(WeightFiles.read(file, WHOLE)).isEqualTo(weights);
    assertThat(WeightFiles.open(file).tensors().keySet())
        .containsSubsequence(
            "conv2d_1/kernel",
            "batch_normalization_1/gamma",
            "batch_normalization_1/moving_variance",
            "sep/depthwise_kernel",
            "sep/pointwise_kernel",
            "dw/depthwise_kernel",
            "fc/kernel");
  }

  /** Kernels and biases are called the same in our own files; they lie in another order there. */
  @Test
  void kerasLayoutsAreFoundWhereItsNamesAreOurs() {
    Graph plain = graph(chain(conv("conv", 4, k(3)), globalAveragePool("pool"), dense("fc", 5)));

    assertThat(WeightFiles.read(file(plain, Map.of()), plain)).isEqualTo(Models.weights(plain, 3));
  }

  @Test
  void aDepthwiseKernelMayHaveItsNewName() {
    Path file = file(WHOLE, Map.of("dw/depthwise_kernel", "dw/kernel"));

    assertThat(WeightFiles.read(file, WHOLE)).isEqualTo(Models.weights(WHOLE, 3));
  }

  @Test
  void layersThatKerasNumberedMayBeginAnywhere() {
    Path later =
        file(
            WHOLE,
            Map.of(
                "conv2d_1", "conv2d_99",
                "conv2d_2", "conv2d_100",
                "batch_normalization_1", "batch_normalization_94"));
    Path first =
        file(
            WHOLE,
            Map.of(
                "conv2d_1", "conv2d",
                "conv2d_2", "conv2d_1",
                "batch_normalization_1", "batch_normalization"));

    assertThat(WeightFiles.read(later, WHOLE)).isEqualTo(Models.weights(WHOLE, 3));
    assertThat(WeightFiles.read(first, WHOLE)).isEqualTo(Models.weights(WHOLE, 3));
  }

  @Test
  void anOlderNameIsTranslated() {
    Path file = file(WHOLE, Map.of("fc", "probs"));
    Request request = Request.of(WHOLE).renaming(name -> name.replaceFirst("^probs/", "fc/"));

    assertThat(WeightFiles.read(file, request)).isEqualTo(Models.weights(WHOLE, 3));
    assertThatThrownBy(() -> WeightFiles.read(file, WHOLE))
        .hasMessageContaining("2 missing: fc/kernel 4x5, fc/bias 5")
        .hasMessageContaining("2 unexpected: probs/kernel, probs/bias");
  }

  @Test
  void featuresComeFromAFileOfTheWholeNetwork() {
    Path file = file(WHOLE, Map.of());

    Weights features = WeightFiles.read(file, Request.of(FEATURES).within(WHOLE));

    assertThat(features.keys()).isEqualTo(FEATURES.parameters().keySet());
    assertThatThrownBy(() -> WeightFiles.read(file, FEATURES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2 unexpected: fc/kernel, fc/bias");
  }

  @Test
  void aClassifierForOtherClassesIsLeftOutOnlyWhenAsked() {
    Path file = file(WHOLE, Map.of());
    Graph other = classifier(9);

    Weights weights = WeightFiles.read(file, Request.of(other).replacingAllBut(FEATURES));

    assertThat(weights.keys()).isEqualTo(FEATURES.parameters().keySet());
    assertThatThrownBy(() -> WeightFiles.read(file, other))
        .isInstanceOf(InputException.class)
        .hasMessage(
            file
                + ": is of a network with 5 classes, but this one has 9 (its last layer, fc);"
                + " build it for 5 classes");
  }

  @Test
  void aClassifierThatFitsIsTakenEvenIfItMayBeReplaced() {
    Path file = file(WHOLE, Map.of());

    Weights weights = WeightFiles.read(file, Request.of(WHOLE).replacingAllBut(FEATURES));

    assertThat(weights.has("fc", Role.KERNEL)).isTrue();
  }

  @Test
  void whatIsNotOfTheTopIsNeverReplaced() {
    Path file = file(WHOLE, Map.of("dw", "other"));

    assertThatThrownBy(() -> WeightFiles.read(file, Request.of(WHOLE).replacingAllBut(FEATURES)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 missing: dw/depthwise_kernel 3x3x4x1");
  }

  private static Block features() {
    return chain(
        conv("conv2d_1", 4, k(3)),
        batchNorm("batch_normalization_1", 1e-3, 0.01),
        depthwise("sep/depthwise", k(3)),
        conv("sep/pointwise", 4, k(1)),
        conv("conv2d_2", 4, k(1)),
        depthwise("dw", k(3)));
  }

  /** SqueezeNet and MobileNet end in one. */
  @Test
  void aConvolutionForOtherClassesIsNamedAsOne() {
    Path file = file(convolution(5), Map.of());
    assertThatThrownBy(() -> WeightFiles.read(file, convolution(9)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            file
                + ": is of a network with 5 classes, but this one has 9 (its last layer, last);"
                + " build it for 5 classes");
  }

  private static Graph convolution(int classes) {
    return graph(
        chain(features(), conv("last", classes, k(1), 1, true), globalAveragePool("pool")));
  }

  private static Graph classifier(int classes) {
    return graph(chain(features(), globalAveragePool("pool"), dense("fc", classes)));
  }

  private static Graph graph(Block block) {
    return Graph.of(Shape.of(3, 8, 8), "_", block);
  }

  /** A file under Keras' names, some of them changed, that does not say whose they are. */
  private Path file(Graph graph, Map<String, String> renames) {
    Path written = directory.resolve("keras.safetensors");
    WeightFiles.write(written, new Model(graph, Models.weights(graph, 3)), Naming.KERAS);
    NamedTensors tensors = WeightFiles.open(written);
    List<String> names = new ArrayList<>(tensors.tensors().keySet());
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    for (String name : names) {
      String layer = name.substring(0, name.indexOf('/'));
      String other =
          renames.getOrDefault(
              name, renames.getOrDefault(layer, layer) + name.substring(layer.length()));
      renamed.put(other, tensors.read(name));
    }
    Path file = directory.resolve("renamed-" + renames.hashCode() + ".safetensors");
    Safetensors.write(file, renamed, Map.of());
    return file;
  }
}
