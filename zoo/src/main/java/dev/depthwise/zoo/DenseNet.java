package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Architecture.Rename;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;
import java.util.function.IntFunction;

/**
 * DenseNet (Huang et al. 2017, Table 1): every layer reads what all layers before it in its block
 * have made, and adds its growth rate of 32 channels. The form with bottlenecks and compression by
 * a half (DenseNet-BC, Section 3).
 */
final class DenseNet {
  private static final String PAPER =
      "Huang et al. 2017, Densely Connected Convolutional Networks, arXiv:1608.06993";
  private static final int GROWTH = 32;
  private static final int STEM = 64;

  private final Port port;
  private final int[] layers;

  private DenseNet(Port port, int... layers) {
    this.port = port;
    this.layers = layers;
  }

  static List<Architecture> members() {
    return List.of(
        member("densenet121", 6, 12, 24, 16),
        member("densenet169", 6, 12, 32, 32),
        member("densenet201", 6, 12, 48, 32));
  }

  private static Architecture member(String id, int... layers) {
    return new Architecture(
        id,
        "densenet",
        PAPER,
        Shape.of(3, 224, 224),
        1000,
        List.of(Style.TORCHVISION, Style.KERAS),
        Traits.none().withFormerNames(DenseNet::formerNames),
        settings -> graph(settings, layers));
  }

  private static List<Rename> formerNames(Style style) {
    return style == Style.KERAS
        ? List.of(
            Rename.of("conv1/(conv|bn)/(.*)", "conv1_$1/$2"),
            Rename.of("fc1000/(.*)", "predictions/$1"))
        : List.of(Rename.of("(.*denselayer\\d+\\.(?:norm|conv))\\.([12]\\..*)", "$1$2"));
  }

  private static Graph graph(Settings settings, int... layers) {
    Port port = settings.style() == Style.KERAS ? Port.KERAS : Port.TORCHVISION;
    DenseNet net = new DenseNet(port, layers);
    return settings.network(
        port.separator,
        port.within(net.features()),
        chain(globalAveragePool(port.averagePool), dense(port.classifier, settings.classes())));
  }

  /** Huang et al. 2017, Table 1. */
  private Block features() {
    return chain(
        conv(port.stem.conv, STEM, k(7).stride(2)),
        bnRelu(port.stem),
        // Keras pads by zeros, then pools without padding: the same, as nothing behind a relu is
        // below zero.
        maxPool(port.pool, k(3).stride(2)),
        repeat(
            layers.length,
            block ->
                chain(
                    named(
                        port.block.apply(block),
                        repeat(layers[block], index -> layer(port.layer.apply(index)))),
                    block < layers.length - 1
                        ? transition(port.transition.apply(block))
                        : identity())),
        bnRelu(port.last));
  }

  /** Huang et al. 2017, Section 3, "bottleneck layers", and Fig. 1. */
  private Block layer(String name) {
    return named(
        name,
        branches(
            "concat",
            identity(),
            chain(
                bnRelu(port.first),
                conv(port.bottleneck.conv, 4 * GROWTH, k(1)),
                bnRelu(port.bottleneck),
                conv(port.growth, GROWTH, k(3)))));
  }

  /** Huang et al. 2017, Section 3, "pooling layers" and "compression". */
  private Block transition(String name) {
    return named(
        name,
        bnRelu(port.between),
        (scope, input) ->
            conv(port.between.conv, input.shape().channels() / 2, k(1)).apply(scope, input),
        averagePool("pool", k(2).stride(2).valid(), false));
  }

  private Block bnRelu(Names names) {
    return chain(batchNorm(names.bn, port.epsilon, port.momentum), relu(names.relu));
  }

  /** The names of a convolution and of the norm and the rectifier that go with it. */
  private record Names(String conv, String bn, String relu) {}

  /**
   * Where the ports differ.
   *
   * @param features what all names but the classifier's begin with; perhaps nothing
   * @param first the norm before a layer's bottleneck
   * @param bottleneck a layer's 1x1
   * @param growth a layer's 3x3
   * @param between the transition's
   */
  private record Port(
      String separator,
      double epsilon,
      double momentum,
      String features,
      Names stem,
      String pool,
      IntFunction<String> block,
      IntFunction<String> layer,
      Names first,
      Names bottleneck,
      String growth,
      IntFunction<String> transition,
      Names between,
      Names last,
      String averagePool,
      String classifier) {
    static final Port TORCHVISION =
        new Port(
            ".",
            1e-5,
            0.1,
            "features",
            new Names("conv0", "norm0", "relu0"),
            "pool0",
            block -> "denseblock" + (block + 1),
            layer -> "denselayer" + (layer + 1),
            new Names("", "norm1", "relu1"),
            new Names("conv1", "norm2", "relu2"),
            "conv2",
            block -> "transition" + (block + 1),
            new Names("conv", "norm", "relu"),
            new Names("", "norm5", "relu"),
            "avgpool",
            "classifier");

    static final Port KERAS =
        new Port(
            "_",
            1.001e-5,
            0.01,
            "",
            new Names("conv1_conv", "conv1_bn", "conv1_relu"),
            "pool1",
            block -> "conv" + (block + 2),
            layer -> "block" + (layer + 1),
            new Names("", "0_bn", "0_relu"),
            new Names("1_conv", "1_bn", "1_relu"),
            "2_conv",
            block -> "pool" + (block + 2),
            new Names("conv", "bn", "relu"),
            new Names("", "bn", "relu"),
            "avg_pool",
            "predictions");

    Block within(Block block) {
      return features.isEmpty() ? block : named(features, block);
    }
  }
}
