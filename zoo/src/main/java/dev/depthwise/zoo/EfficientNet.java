package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.stochasticDepth;
import static dev.depthwise.network.Blocks.swish;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Value;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;

/**
 * EfficientNet (Tan and Le 2019): one network of inverted residual units that weigh their channels,
 * and seven that are deeper, wider, and for larger pictures all at once (compound scaling, Section
 * 3.3).
 */
final class EfficientNet {
  private static final String PAPER =
      "Tan and Le 2019, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks,"
          + " arXiv:1905.11946";

  /** What stochastic depth drops in the last unit, and the less the earlier (Section 5.2). */
  private static final double DROPPED = 0.2;

  /** Tan and Le 2019, Table 1: stages 2 to 8. */
  private static final List<Stage> STAGES =
      List.of(
          new Stage(1, 3, 1, 16, 1),
          new Stage(6, 3, 2, 24, 2),
          new Stage(6, 5, 2, 40, 2),
          new Stage(6, 3, 2, 80, 3),
          new Stage(6, 5, 1, 112, 3),
          new Stage(6, 5, 2, 192, 4),
          new Stage(6, 3, 1, 320, 1));

  private record Stage(int expansion, int kernel, int stride, int filters, int units) {}

  /**
   * One of the eight.
   *
   * @param number 0 to 7
   * @param width what widths are multiplied with
   * @param depth what numbers of units are multiplied with
   * @param extent of its pictures
   * @param dropout before the classifier
   */
  private record Scaling(int number, double width, double depth, int extent, double dropout) {
    /** B0, in Table 1; scaled up as in the authors' code. */
    static final List<Scaling> ALL =
        List.of(
            new Scaling(0, 1.0, 1.0, 224, 0.2),
            new Scaling(1, 1.0, 1.1, 240, 0.2),
            new Scaling(2, 1.1, 1.2, 260, 0.3),
            new Scaling(3, 1.2, 1.4, 300, 0.3),
            new Scaling(4, 1.4, 1.8, 380, 0.4),
            new Scaling(5, 1.6, 2.2, 456, 0.4),
            new Scaling(6, 1.8, 2.6, 528, 0.5),
            new Scaling(7, 2.0, 3.1, 600, 0.5));

    int filters(int table) {
      return Widths.rounded(table * width);
    }

    int units(Stage stage) {
      return (int) Math.ceil(stage.units * depth);
    }
  }

  private final EfficientNetPort port;
  private final Scaling scaling;

  private EfficientNet(EfficientNetPort port, Scaling scaling) {
    this.port = port;
    this.scaling = scaling;
  }

  static List<Architecture> members() {
    return Scaling.ALL.stream().map(EfficientNet::member).toList();
  }

  private static Architecture member(Scaling scaling) {
    return new Architecture(
        "efficientnet_b" + scaling.number,
        "efficientnet",
        PAPER,
        Shape.of(3, scaling.extent, scaling.extent),
        1000,
        List.of(Style.TORCHVISION, Style.KERAS),
        Traits.none(),
        settings -> graph(settings, scaling));
  }

  private static Graph graph(Settings settings, Scaling scaling) {
    EfficientNetPort port = EfficientNetPort.of(settings.style(), scaling.number >= 5);
    return settings.network(
        port.separator(),
        chain(port.preparation(), new EfficientNet(port, scaling).features()),
        chain(
            globalAveragePool(port.pool()),
            dropout(port.dropout(), scaling.dropout),
            dense(port.classifier(), settings.classes())));
  }

  /** Tan and Le 2019, Table 1. */
  private Block features() {
    return chain(
        convBnSwish(port.stem(), scaling.filters(32), port.padding().apply(k(3).stride(2))),
        repeat(STAGES.size(), this::stage),
        convBnSwish(port.last(), scaling.filters(1280), k(1)));
  }

  private Block stage(int index) {
    Stage stage = STAGES.get(index);
    int before = STAGES.subList(0, index).stream().mapToInt(scaling::units).sum();
    int all = STAGES.stream().mapToInt(scaling::units).sum();
    Block units =
        repeat(
            scaling.units(stage),
            unit ->
                named(
                    port.unit().name(index, unit),
                    unit(stage, unit == 0, DROPPED * (before + unit) / all)));
    return (scope, input) -> {
      Value output = units.apply(scope, input);
      scope.child(port.stage().apply(index)).tap(output);
      return output;
    };
  }

  /** Tan and Le 2019, Section 4: MBConv, the inverted residual with squeeze and excitation. */
  private Block unit(Stage stage, boolean first, double dropped) {
    boolean expands = stage.expansion > 1;
    Window window = k(stage.kernel).stride(first ? stage.stride : 1);
    return (scope, input) ->
        new InvertedResidual(
                port.layers().apply(expands),
                stage.expansion * input.shape().channels(),
                port.padding().apply(window),
                port.weighing()
                    .apply(expands)
                    .block(
                        Math.max(1, input.shape().channels() / 4), Blocks::swish, Blocks::sigmoid),
                scaling.filters(stage.filters),
                dropped > 0 ? stochasticDepth(port.drop(), dropped) : identity(),
                this::bn,
                Blocks::swish)
            .block()
            .apply(scope, input);
  }

  private Block convBnSwish(Layer layer, int filters, Window window) {
    return chain(conv(layer.conv(), filters, window), bn(layer.bn()), swish(layer.activation()));
  }

  private Block bn(String name) {
    return batchNorm(name, port.epsilon(), port.momentum());
  }
}
