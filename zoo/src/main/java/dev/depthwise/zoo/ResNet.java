package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.padChannelsTo;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Blocks.subsample;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Rename;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Residual networks, and their plain twins: the same layers without shortcuts.
 *
 * <p>He et al. 2015 has the forms for ImageNet (Table 1) and for small pictures (Section 4.2), He
 * et al. 2016 the pre-activation bottleneck (resnet164, resnet1001).
 */
final class ResNet {
  private static final String PAPER =
      "He et al. 2015, Deep Residual Learning for Image Recognition, arXiv:1512.03385";
  private static final String PREACTIVATION_PAPER =
      "He et al. 2016, Identity Mappings in Deep Residual Networks, arXiv:1603.05027";

  private final Port port;
  private final Optional<Shortcut> shortcut;

  private ResNet(Settings settings) {
    this.port =
        switch (settings.style()) {
          case TORCHVISION -> Port.TORCHVISION;
          case KERAS -> Port.KERAS;
          case TORCH -> throw new IllegalArgumentException("torchvision has these");
        };
    this.shortcut = settings.shortcut();
  }

  static List<Architecture> members() {
    return Stream.of(
            imageNet(18, net -> net.stages(64, net::basic, 2, 2, 2, 2)),
            imageNet(34, net -> net.stages(64, net::basic, 3, 4, 6, 3)),
            imageNet(50, net -> net.stages(64, net::bottleneck, 3, 4, 6, 3)),
            imageNet(101, net -> net.stages(64, net::bottleneck, 3, 4, 23, 3)),
            imageNet(152, net -> net.stages(64, net::bottleneck, 3, 8, 36, 3)),
            // He et al. 2016, Section 5, in the form of 2015, as today's libraries have it.
            imageNet(200, net -> net.stages(64, net::bottleneck, 3, 24, 36, 3)),
            small(20),
            small(32),
            small(44),
            small(56),
            small(110),
            small(1202),
            smallPreactivated(164),
            smallPreactivated(1001))
        .flatMap(List::stream)
        .toList();
  }

  /** He et al. 2015, Table 1. */
  private static List<Architecture> imageNet(int depth, Function<ResNet, Block> stages) {
    return twins(
        new Architecture(
            "resnet" + depth,
            "resnet",
            PAPER,
            Shape.of(3, 224, 224),
            1000,
            List.of(Style.TORCHVISION, Style.KERAS),
            Traits.none()
                .withShortcut(Shortcut.B)
                .withFormerNames(
                    style ->
                        style == Style.KERAS
                            ? List.of(Rename.of("(?:probs|fc1000)/(.*)", "predictions/$1"))
                            : List.of()),
            definition(
                net ->
                    chain(
                        net.convBnRelu(net.port.stem, 64, k(7).stride(2)),
                        // Keras pads by zeros, then pools without padding: the same, as nothing
                        // behind a relu is below zero.
                        maxPool(net.port.maxPool, k(3).stride(2)),
                        stages.apply(net)))));
  }

  /** He et al. 2015, Section 4.2: 6n + 2 layers. */
  private static List<Architecture> small(int depth) {
    int n = (depth - 2) / 6;
    return twins(
        new Architecture(
            "resnet" + depth,
            "resnet",
            PAPER,
            Shape.of(3, 32, 32),
            10,
            List.of(Style.TORCHVISION),
            Traits.none().withShortcut(Shortcut.A),
            definition(
                net ->
                    chain(
                        net.convBnRelu(net.port.stem, 16, k(3)),
                        net.stages(16, net::basic, n, n, n)))));
  }

  /** He et al. 2016, Table 4: 9n + 2 layers. Shortcuts project as in the authors' code. */
  private static List<Architecture> smallPreactivated(int depth) {
    int n = (depth - 2) / 9;
    return twins(
        new Architecture(
            "resnet" + depth,
            "resnet",
            PREACTIVATION_PAPER,
            Shape.of(3, 32, 32),
            10,
            List.of(Style.TORCHVISION),
            Traits.none().withShortcut(Shortcut.B),
            definition(
                net ->
                    chain(
                        net.conv(net.port.stem, 16, k(3)),
                        net.stages(16, net::preactivated, n, n, n),
                        net.bnRelu(net.port.last)))));
  }

  /** A residual network and the same without shortcuts. */
  private static List<Architecture> twins(Architecture residual) {
    return List.of(
        residual,
        new Architecture(
            residual.id().replace("resnet", "plain"),
            residual.family(),
            residual.paper(),
            residual.input(),
            residual.classes(),
            residual.styles(),
            residual.traits().withoutShortcut(),
            residual.definition()));
  }

  private static Function<Settings, Graph> definition(Function<ResNet, Block> features) {
    return settings -> {
      ResNet net = new ResNet(settings);
      return settings.network(
          net.port.separator,
          features.apply(net),
          chain(
              globalAveragePool(net.port.averagePool),
              dense(net.port.classifier, settings.classes())));
    };
  }

  /** Each stage but the first halves the picture and doubles the width. */
  private Block stages(int width, Unit unit, int... counts) {
    return repeat(
        counts.length,
        stage ->
            named(
                port.stage.apply(stage),
                repeat(
                    counts[stage],
                    index ->
                        named(
                            port.unit.apply(index),
                            unit.of(width << stage, stage > 0 && index == 0 ? 2 : 1)))));
  }

  /** What a stage is made of, for a width and a stride. */
  @FunctionalInterface
  private interface Unit {
    Block of(int width, int stride);
  }

  /** He et al. 2015, Fig. 5 left. */
  private Block basic(int width, int stride) {
    return chain(
        join(
            chain(
                convBnRelu(port.layer.apply(1), width, k(3).stride(stride)),
                convBn(port.layer.apply(2), width, k(3))),
            shortcut(width, stride, convBn(port.projection, width, k(1).stride(stride)))),
        relu(port.out));
  }

  /** He et al. 2015, Fig. 5 right; the stride sits where the port has it. */
  private Block bottleneck(int width, int stride) {
    int first = port.strideFirst ? stride : 1;
    return chain(
        join(
            chain(
                convBnRelu(port.layer.apply(1), width, k(1).stride(first)),
                convBnRelu(port.layer.apply(2), width, k(3).stride(stride / first)),
                convBn(port.layer.apply(3), 4 * width, k(1))),
            shortcut(4 * width, stride, convBn(port.projection, 4 * width, k(1).stride(stride)))),
        relu(port.out));
  }

  /** He et al. 2016, Fig. 4e, as a bottleneck; the stride sits in the first layer. */
  private Block preactivated(int width, int stride) {
    Block activation = bnRelu(port.layer.apply(1));
    Block body =
        chain(
            conv(port.layer.apply(1), width, k(1).stride(stride)),
            bnRelu(port.layer.apply(2)),
            conv(port.layer.apply(2), width, k(3)),
            bnRelu(port.layer.apply(3)),
            conv(port.layer.apply(3), 4 * width, k(1)));
    Block shortcut =
        shortcut(4 * width, stride, conv(port.projection, 4 * width, k(1).stride(stride)));
    return (scope, input) ->
        // A shortcut that is no identity reads the activation too (the paper's appendix for the
        // first unit, the authors' code for all).
        (keeps(input.shape(), 4 * width, stride)
                ? join(chain(activation, body), identity())
                : chain(activation, join(body, shortcut)))
            .apply(scope, input);
  }

  /** The sum of both; in a plain twin the body alone. */
  private Block join(Block body, Block other) {
    return shortcut.isPresent() ? residual(body, other) : body;
  }

  /** He et al. 2015, Section 3.3 and 4.1: options A, B and C. */
  private Block shortcut(int channels, int stride, Block projection) {
    return (scope, input) ->
        (keeps(input.shape(), channels, stride)
                ? identity()
                : shortcut.equals(Optional.of(Shortcut.A))
                    ? chain(subsample(stride), padChannelsTo(channels))
                    : projection)
            .apply(scope, input);
  }

  /** Whether a unit's shortcut is the identity. */
  private boolean keeps(Shape input, int channels, int stride) {
    return !shortcut.equals(Optional.of(Shortcut.C)) && stride == 1 && input.channels() == channels;
  }

  private Block convBnRelu(Layer layer, int filters, Window window) {
    return chain(conv(layer, filters, window), bnRelu(layer));
  }

  private Block convBn(Layer layer, int filters, Window window) {
    return chain(conv(layer, filters, window), bn(layer));
  }

  private Block bnRelu(Layer layer) {
    return chain(bn(layer), relu(layer.relu));
  }

  private Block conv(Layer layer, int filters, Window window) {
    return Blocks.conv(layer.conv, filters, window, 1, port.bias);
  }

  private Block bn(Layer layer) {
    return batchNorm(layer.bn, port.epsilon, port.momentum);
  }

  /** The names of a convolution and of what follows it. */
  private record Layer(String conv, String bn, String relu) {}

  /**
   * Where the ports differ.
   *
   * @param separator between the names of stage, unit and layer
   * @param strideFirst whether a bottleneck's stride sits in its first 1x1, as in the paper, or in
   *     its 3x3 ("v1.5")
   * @param bias whether convolutions have one; the batch norm behind makes it idle
   * @param epsilon of batch norm
   * @param momentum of batch norm, as the share of the new batch
   * @param stem the first layer
   * @param stage a stage's name, from 0
   * @param unit a unit's name in its stage, from 0
   * @param layer a layer of a unit's body, from 1
   * @param projection a shortcut's
   * @param out the relu behind the sum
   * @param last the activation behind the last pre-activated unit
   */
  private record Port(
      String separator,
      boolean strideFirst,
      boolean bias,
      double epsilon,
      double momentum,
      Layer stem,
      String maxPool,
      IntFunction<String> stage,
      IntFunction<String> unit,
      IntFunction<Layer> layer,
      Layer projection,
      String out,
      Layer last,
      String averagePool,
      String classifier) {
    static final Port TORCHVISION =
        new Port(
            ".",
            false,
            false,
            1e-5,
            0.1,
            new Layer("conv1", "bn1", "relu"),
            "maxpool",
            stage -> "layer" + (stage + 1),
            String::valueOf,
            index -> new Layer("conv" + index, "bn" + index, "relu"),
            new Layer("downsample.0", "downsample.1", "relu"),
            "relu",
            new Layer("conv", "bn", "relu"),
            "avgpool",
            "fc");

    static final Port KERAS =
        new Port(
            "_",
            true,
            true,
            1.001e-5,
            0.01,
            new Layer("conv1_conv", "conv1_bn", "conv1_relu"),
            "pool1_pool",
            stage -> "conv" + (stage + 2),
            index -> "block" + (index + 1),
            index -> new Layer(index + "_conv", index + "_bn", index + "_relu"),
            new Layer("0_conv", "0_bn", "0_relu"),
            "out",
            new Layer("post_conv", "post_bn", "post_relu"),
            "avg_pool",
            "predictions");
  }
}
