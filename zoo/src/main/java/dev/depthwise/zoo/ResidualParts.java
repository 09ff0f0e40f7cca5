package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
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
import dev.depthwise.zoo.Architecture.Settings;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What residual networks are made of: stages of units, and their shortcuts (He et al. 2015, He et
 * al. 2016). Without shortcuts the same parts make plain networks.
 */
final class ResidualParts {
  final ResidualPort port;
  private final Optional<Shortcut> shortcut;

  private ResidualParts(Settings settings) {
    this.port = ResidualPort.of(settings.style());
    this.shortcut = settings.shortcut();
  }

  /** A network of these features and a classifier. */
  static Function<Settings, Graph> definition(Function<ResidualParts, Block> features) {
    return settings -> {
      ResidualParts parts = new ResidualParts(settings);
      return settings.network(
          parts.port.separator(),
          features.apply(parts),
          chain(
              globalAveragePool(parts.port.averagePool()),
              dense(parts.port.classifier(), settings.classes())));
    };
  }

  /** A residual network and the same without shortcuts. */
  static List<Architecture> twins(Architecture residual) {
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

  /** What a stage is made of, for a width and a stride. */
  @FunctionalInterface
  interface Unit {
    Block of(int width, int stride);
  }

  /** Each stage but the first halves the picture and doubles the width. */
  Block stages(int width, Unit unit, int... counts) {
    return repeat(
        counts.length,
        stage ->
            named(
                port.stage().apply(stage),
                repeat(
                    counts[stage],
                    index ->
                        named(
                            port.unit().apply(index),
                            unit.of(width << stage, stage > 0 && index == 0 ? 2 : 1)))));
  }

  /** He et al. 2015, Fig. 5 left. */
  Block basic(int width, int stride) {
    return chain(
        join(
            chain(
                convBnRelu(port.layer().apply(1), width, k(3).stride(stride)),
                convBn(port.layer().apply(2), width, k(3))),
            shortcut(width, stride, convBn(port.projection(), width, k(1).stride(stride)))),
        relu(port.out()));
  }

  /** He et al. 2015, Fig. 5 right. */
  Block bottleneck(int width, int stride) {
    return bottleneck(1, 64, width, stride, identity());
  }

  /**
   * Xie et al. 2017, Fig. 3c: the 3x3 in groups; in Zagoruyko and Komodakis 2016 in one wide group.
   *
   * @param groupWidth channels of a group in the first stage
   */
  Unit grouped(int groups, int groupWidth) {
    return (width, stride) -> bottleneck(groups, groupWidth, width, stride, identity());
  }

  /** Hu et al. 2018, Fig. 3: a bottleneck whose channels are weighed before the sum. */
  Block squeezed(int width, int stride) {
    SqueezeExcite names = new SqueezeExcite("avg_pool", "fc1", "relu", "fc2", "sigmoid", "mul");
    Block weighing = names.block(width / 4, Blocks::relu, Blocks::sigmoid);
    return bottleneck(1, 64, width, stride, named("se_module", weighing));
  }

  /** A bottleneck; its stride sits where the port has it. */
  private Block bottleneck(int groups, int groupWidth, int width, int stride, Block weighing) {
    int inner = groups * (width * groupWidth / 64);
    int first = port.strideFirst() ? stride : 1;
    Layer middle = port.layer().apply(2);
    Window window = k(3).stride(stride / first);
    return chain(
        join(
            chain(
                convBnRelu(port.layer().apply(1), inner, k(1).stride(first)),
                Blocks.conv(middle.conv(), inner, window, groups, port.bias()),
                bnRelu(middle),
                convBn(port.layer().apply(3), 4 * width, k(1)),
                weighing),
            shortcut(4 * width, stride, convBn(port.projection(), 4 * width, k(1).stride(stride)))),
        relu(port.out()));
  }

  /** He et al. 2016, Fig. 4e, as a bottleneck; the stride sits in the first layer. */
  Block preactivated(int width, int stride) {
    Block activation = bnRelu(port.layer().apply(1));
    Block body =
        chain(
            conv(port.layer().apply(1), width, k(1).stride(stride)),
            bnRelu(port.layer().apply(2)),
            conv(port.layer().apply(2), width, k(3)),
            bnRelu(port.layer().apply(3)),
            conv(port.layer().apply(3), 4 * width, k(1)));
    Block shortcut =
        shortcut(4 * width, stride, conv(port.projection(), 4 * width, k(1).stride(stride)));
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

  Block convBnRelu(Layer layer, int filters, Window window) {
    return chain(conv(layer, filters, window), bnRelu(layer));
  }

  private Block convBn(Layer layer, int filters, Window window) {
    return chain(conv(layer, filters, window), bn(layer));
  }

  Block bnRelu(Layer layer) {
    return chain(bn(layer), relu(layer.activation()));
  }

  Block conv(Layer layer, int filters, Window window) {
    return Blocks.conv(layer.conv(), filters, window, 1, port.bias());
  }

  private Block bn(Layer layer) {
    return batchNorm(layer.bn(), port.epsilon(), port.momentum());
  }
}
