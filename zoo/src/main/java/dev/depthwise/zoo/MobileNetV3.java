package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.hardSwish;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.squeeze;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Rename;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;

/**
 * MobileNetV3 (Howard et al. 2019), small and large: inverted residual units, some with their
 * channels weighed, some with a swish from straight lines. Alpha multiplies the widths.
 *
 * <p>Keras' models have their own rescaling in front (a picture to [-1, 1]); here it belongs to the
 * preprocessing, as Keras' {@code include_preprocessing=False} has it.
 */
final class MobileNetV3 {
  private static final String PAPER =
      "Howard et al. 2019, Searching for MobileNetV3, arXiv:1905.02244";

  /** Howard et al. 2019, Table 2. */
  private static final List<Unit> SMALL =
      List.of(
          new Unit(3, 16, 16, true, false, 2),
          new Unit(3, 72, 24, false, false, 2),
          new Unit(3, 88, 24, false, false, 1),
          new Unit(5, 96, 40, true, true, 2),
          new Unit(5, 240, 40, true, true, 1),
          new Unit(5, 240, 40, true, true, 1),
          new Unit(5, 120, 48, true, true, 1),
          new Unit(5, 144, 48, true, true, 1),
          new Unit(5, 288, 96, true, true, 2),
          new Unit(5, 576, 96, true, true, 1),
          new Unit(5, 576, 96, true, true, 1));

  /** Howard et al. 2019, Table 1. */
  private static final List<Unit> LARGE =
      List.of(
          new Unit(3, 16, 16, false, false, 1),
          new Unit(3, 64, 24, false, false, 2),
          new Unit(3, 72, 24, false, false, 1),
          new Unit(5, 72, 40, true, false, 2),
          new Unit(5, 120, 40, true, false, 1),
          new Unit(5, 120, 40, true, false, 1),
          new Unit(3, 240, 80, false, true, 2),
          new Unit(3, 200, 80, false, true, 1),
          new Unit(3, 184, 80, false, true, 1),
          new Unit(3, 184, 80, false, true, 1),
          new Unit(3, 480, 112, true, true, 1),
          new Unit(3, 672, 112, true, true, 1),
          new Unit(5, 672, 160, true, true, 2),
          new Unit(5, 960, 160, true, true, 1),
          new Unit(5, 960, 160, true, true, 1));

  /** A row of the tables: its columns bneck, exp size, #out, SE, NL (hard-swish or relu), s. */
  private record Unit(
      int kernel, int expanded, int filters, boolean weighs, boolean swish, int stride) {}

  /** Channels of the first layer, which the tables' first unit reads. */
  private static final int STEM = 16;

  private final MobileNetV3Port port;
  private final List<Unit> units;
  private final double alpha;

  private MobileNetV3(Settings settings, List<Unit> units) {
    this.port = MobileNetV3Port.of(settings.style());
    this.units = units;
    this.alpha = settings.alpha();
  }

  static List<Architecture> members() {
    return List.of(
        member("mobilenet_v3_small", SMALL, 1024), member("mobilenet_v3_large", LARGE, 1280));
  }

  private static Architecture member(String id, List<Unit> units, int last) {
    return new Architecture(
        id,
        "mobilenet",
        PAPER,
        Shape.of(3, 224, 224),
        1000,
        List.of(Style.TORCHVISION, Style.KERAS),
        Traits.none().withAlphas().withFormerNames(MobileNetV3::formerly),
        settings -> {
          MobileNetV3 net = new MobileNetV3(settings, units);
          Block top =
              net.port.keras()
                  ? net.convolutions(last, settings.classes())
                  : net.layers(last, settings.classes());
          return settings.network(net.port.separator(), net.features(), top);
        });
  }

  private Block features() {
    int stem = port.keras() ? STEM : Widths.rounded(STEM * alpha);
    int last = 6 * Widths.rounded(units.get(units.size() - 1).filters * alpha);
    return chain(
        convBnSwish(port.stem(), stem, port.padding().apply(k(3).stride(2))),
        repeat(units.size(), index -> named(port.unit().apply(index), unit(index))),
        convBnSwish(port.last().apply(units.size()), last, k(1)));
  }

  /** Howard et al. 2019, Fig. 4. */
  private Block unit(int index) {
    Unit unit = units.get(index);
    int before = index == 0 ? STEM : units.get(index - 1).filters;
    boolean expands = unit.expanded != before;
    return (scope, input) -> {
      // Keras multiplies the channels that there are, torchvision those of the table.
      double wide =
          port.keras()
              ? input.shape().channels() * (unit.expanded / (double) before)
              : unit.expanded * alpha;
      int expanded = expands ? Widths.rounded(wide) : input.shape().channels();
      Block weighing =
          port.weighing()
              .apply(expands)
              .block(Widths.rounded(expanded / 4.0), Blocks::relu, Blocks::hardSigmoid);
      return new InvertedResidual(
              port.layers().apply(expands, unit.weighs),
              expanded,
              port.padding().apply(k(unit.kernel).stride(unit.stride)),
              unit.weighs ? weighing : identity(),
              Widths.rounded(unit.filters * alpha),
              identity(),
              this::bn,
              unit.swish ? Blocks::hardSwish : Blocks::relu)
          .block()
          .apply(scope, input);
    };
  }

  private Block convBnSwish(Layer layer, int filters, Window window) {
    return chain(
        conv(layer.conv(), filters, window), bn(layer.bn()), hardSwish(layer.activation()));
  }

  private Block bn(String name) {
    return batchNorm(name, 1e-3, port.momentum());
  }

  /** Howard et al. 2019, Section 5.1: the last layers work on one place, behind the pooling. */
  private Block convolutions(int last, int classes) {
    return chain(
        squeeze("global_average_pooling2d"),
        conv("conv_2", alpha > 1 ? Widths.rounded(last * alpha) : last, k(1), 1, true),
        hardSwish("conv_2_activation"),
        dropout("dropout", 0.2),
        conv("logits", classes, k(1), 1, true),
        flatten());
  }

  /** The same as fully connected layers. */
  private Block layers(int last, int classes) {
    return chain(
        globalAveragePool("avgpool"),
        dense("classifier.0", Widths.rounded(last * alpha)),
        hardSwish("classifier.1"),
        dropout("classifier.2", 0.2),
        dense("classifier.3", classes));
  }

  /**
   * tf.keras' names: {@code expanded_conv_1/depthwise/BatchNorm}, {@code Conv_1}, {@code Logits}.
   */
  private static List<Rename> formerly(Style style) {
    return style == Style.KERAS
        ? List.of(
            Rename.of("Conv(_\\d)?/BatchNorm/(.*)", "conv$1_bn/$2"),
            Rename.of("Conv(_\\d)?/(.*)", "conv$1/$2"),
            Rename.of(
                "(expanded_conv\\w*)/squeeze_excite/Conv(\\w*)/(.*)",
                "$1_squeeze_excite_conv$2/$3"),
            Rename.of("(expanded_conv\\w*)/(\\w+)/BatchNorm/(.*)", "$1_$2_bn/$3"),
            Rename.of("(expanded_conv\\w*)/(expand|depthwise|project)/(.*)", "$1_$2/$3"),
            Rename.of("Logits/(.*)", "logits/$1"))
        : List.of();
  }
}
