package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.tapped;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Rename;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;
import java.util.function.Function;

/** Chollet 2017: residual blocks of separable convolutions. */
record Xception(XceptionPort port) {
  private static final String PAPER = "Chollet 2017, Xception, arXiv:1610.02357";

  static List<Architecture> members() {
    return List.of(
        member("xception", 299, 1000, List.of(Style.KERAS, Style.TORCH), Xception::imageNet),
        member("xception_small", 32, 10, List.of(Style.KERAS), Xception::small));
  }

  /** Fig. 5; the output of each of its three flows can be tapped. */
  private Block imageNet() {
    return chain(
        tapped(
            "entry_flow",
            plain(1, 32, k(3).stride(2).valid()),
            plain(2, 64, k(3).valid()),
            halving(2, 128, 128),
            halving(3, 256, 256),
            halving(4, 728, 728)),
        tapped("middle_flow", repeat(8, index -> middle(5 + index, 728))),
        tapped("exit_flow", halving(13, 728, 1024), exit(14, 1536, 2048)));
  }

  /** The same for small pictures: narrow, half as deep, a stem without strides. */
  private Block small() {
    return chain(
        tapped(
            "entry_flow",
            plain(1, 16, k(3)),
            plain(2, 32, k(3)),
            halving(2, 64, 64),
            halving(3, 128, 128)),
        tapped("middle_flow", repeat(4, index -> middle(4 + index, 128))),
        tapped("exit_flow", halving(8, 128, 256), exit(9, 384, 512)));
  }

  private static Architecture member(
      String id, int extent, int classes, List<Style> styles, Function<Xception, Block> features) {
    Rename rename = Rename.of("fc\\.(.*)", "last_linear.$1");
    Traits traits = Traits.none().withFormerNames(style -> List.of(rename));
    Function<Settings, Graph> definition =
        settings -> {
          XceptionPort port = XceptionPort.of(settings.style());
          return settings.network(
              port.separator(),
              features.apply(new Xception(port)),
              chain(globalAveragePool("avg_pool"), dense(port.classifier(), settings.classes())));
        };
    return new Architecture(
        id, "xception", PAPER, Shape.of(3, extent, extent), classes, styles, traits, definition);
  }

  private Block plain(int index, int filters, Window window) {
    XceptionPort.Layer layer = port.layer(1, index);
    return chain(conv(layer.conv(), filters, window), port.bn(layer.bn()), port.relu(1, index));
  }

  /** Two separable convolutions and a pool, beside a projection. */
  private Block halving(int block, int first, int second) {
    return port.sum(
        block,
        chain(
            // The stem ends in a relu already.
            block == 2 ? identity() : port.relu(block, 1),
            port.separableBn(block, 1, first),
            port.relu(block, 2),
            port.separableBn(block, 2, second),
            port.maxPool(block)),
        chain(
            port.own("conv2d", block, ".skip", name -> conv(name, second, k(1).stride(2))),
            port.own("batch_normalization", block, ".skipbn", port::bn)));
  }

  private Block middle(int block, int filters) {
    return port.sum(
        block,
        repeat(
            3,
            index ->
                chain(port.relu(block, index + 1), port.separableBn(block, index + 1, filters))),
        identity());
  }

  private Block exit(int block, int first, int second) {
    return chain(
        port.separableBn(block, 1, first),
        port.relu(block, 1),
        port.separableBn(block, 2, second),
        port.relu(block, 2));
  }
}
