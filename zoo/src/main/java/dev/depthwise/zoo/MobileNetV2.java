package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu6;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Rename;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import dev.depthwise.zoo.InvertedResidual.Names;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * MobileNetV2 (Sandler et al. 2018): residual units that are wide inside and narrow outside, the
 * narrow end without an activation. Alpha multiplies all widths but the last, which it only may
 * increase (Section 6.1), and they are rounded to multiples of 8.
 */
final class MobileNetV2 {
  private static final String PAPER =
      "Sandler et al. 2018, MobileNetV2: Inverted Residuals and Linear Bottlenecks,"
          + " arXiv:1801.04381";

  /** Sandler et al. 2018, Table 2: t, c, n and s. */
  private record Stage(int expansion, int filters, int units, int stride) {}

  private static final List<Stage> STAGES =
      List.of(
          new Stage(1, 16, 1, 1),
          new Stage(6, 24, 2, 2),
          new Stage(6, 32, 3, 2),
          new Stage(6, 64, 4, 2),
          new Stage(6, 96, 3, 1),
          new Stage(6, 160, 3, 2),
          new Stage(6, 320, 1, 1));

  private final Port port;
  private final double alpha;

  private MobileNetV2(Settings settings) {
    this.port =
        switch (settings.style()) {
          case TORCHVISION -> Port.TORCHVISION;
          case KERAS -> Port.KERAS;
          case TORCH -> throw new IllegalArgumentException("torchvision has this");
        };
    this.alpha = settings.alpha();
  }

  static List<Architecture> members() {
    return List.of(
        new Architecture(
            "mobilenet_v2",
            "mobilenet",
            PAPER,
            Shape.of(3, 224, 224),
            1000,
            List.of(Style.TORCHVISION, Style.KERAS),
            Traits.none().withAlphas().withFormerNames(MobileNetV2::formerly),
            MobileNetV2::graph));
  }

  /** The names of the port that Keras took it from, and of Keras 2. */
  private static List<Rename> formerly(Style style) {
    return style == Style.KERAS
        ? List.of(
            Rename.of("mobl0_conv_0_(\\w+)/(.*)", "expanded_conv_$1/$2"),
            Rename.of("bn0_conv_0_bn_(\\w+)/(.*)", "expanded_conv_$1_BN/$2"),
            Rename.of("mobl(\\d+)_conv_\\d+_(\\w+)/(.*)", "block_$1_$2/$3"),
            Rename.of("bn(\\d+)_conv_\\d+_bn_(\\w+)/(.*)", "block_$1_$2_BN/$3"),
            Rename.of("Logits/(.*)", "predictions/$1"))
        : List.of();
  }

  private static Graph graph(Settings settings) {
    MobileNetV2 net = new MobileNetV2(settings);
    Block classes = dense(net.port.classifier, settings.classes());
    return settings.network(
        net.port.separator,
        net.features(),
        chain(
            globalAveragePool(net.port.pool),
            net.port.dropout.isEmpty() ? classes : chain(dropout(net.port.dropout, 0.2), classes)));
  }

  /** Sandler et al. 2018, Table 2. */
  private Block features() {
    return chain(
        convBnRelu(port.stem, Widths.rounded(32 * alpha), port.padding.apply(k(3).stride(2))),
        repeat(STAGES.size(), this::stage),
        convBnRelu(port.last, Widths.rounded(1280 * Math.max(1, alpha)), k(1)));
  }

  private Block stage(int index) {
    Stage stage = STAGES.get(index);
    int before = STAGES.subList(0, index).stream().mapToInt(Stage::units).sum();
    double width = stage.filters * alpha;
    int filters = Widths.rounded(port.wholeWidths ? (int) width : width);
    return repeat(
        stage.units,
        unit ->
            named(
                port.unit.apply(before + unit),
                unit(stage.expansion, filters, unit == 0 ? stage.stride : 1)));
  }

  private Block unit(int expansion, int filters, int stride) {
    return (scope, input) ->
        new InvertedResidual(
                expansion == 1 ? port.first : port.others,
                expansion * input.shape().channels(),
                port.padding.apply(k(3).stride(stride)),
                identity(),
                filters,
                identity(),
                this::bn,
                Blocks::relu6)
            .block()
            .apply(scope, input);
  }

  private Block convBnRelu(Layer layer, int filters, Window window) {
    return chain(conv(layer.conv(), filters, window), bn(layer.bn()), relu6(layer.activation()));
  }

  private Block bn(String name) {
    return batchNorm(name, port.epsilon, port.momentum);
  }

  /**
   * Where the ports differ.
   *
   * @param separator between the names of unit and layer
   * @param padding of a window: Keras' is TensorFlow's
   * @param wholeWidths whether a width is cut to a whole number before it is rounded
   * @param epsilon of batch norm
   * @param momentum of batch norm, as the share of the new batch
   * @param unit a unit's name, from 0
   * @param first the layers of the first unit, which does not expand
   * @param others the layers of the others
   * @param dropout the name of the dropout, empty without one
   */
  private record Port(
      String separator,
      UnaryOperator<Window> padding,
      boolean wholeWidths,
      double epsilon,
      double momentum,
      Layer stem,
      IntFunction<String> unit,
      Names first,
      Names others,
      Layer last,
      String pool,
      String dropout,
      String classifier) {
    static final Port TORCHVISION =
        new Port(
            ".",
            UnaryOperator.identity(),
            false,
            1e-5,
            0.1,
            Layer.numbered("features.0"),
            unit -> "features." + (unit + 1),
            new Names(
                Layer.numbered(""),
                Layer.numbered("conv.0"),
                new Layer("conv.1", "conv.2", ""),
                "add"),
            new Names(
                Layer.numbered("conv.0"),
                Layer.numbered("conv.1"),
                new Layer("conv.2", "conv.3", ""),
                "add"),
            Layer.numbered("features.18"),
            "avgpool",
            "classifier.0",
            "classifier.1");

    static final Port KERAS =
        new Port(
            "_",
            Window::same,
            true,
            1e-3,
            0.001,
            new Layer("Conv1", "bn_Conv1", "Conv1_relu"),
            unit -> unit == 0 ? "expanded_conv" : "block_" + unit,
            keras(),
            keras(),
            new Layer("Conv_1", "Conv_1_bn", "out_relu"),
            "global_average_pooling2d",
            "",
            "predictions");

    private static Names keras() {
      return new Names(keras("expand"), keras("depthwise"), keras("project"), "add");
    }

    private static Layer keras(String name) {
      return new Layer(name, name + "_BN", name + "_relu");
    }
  }
}
