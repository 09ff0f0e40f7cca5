package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.output;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;
import java.util.function.BiFunction;

/**
 * GoogLeNet, the first Inception network (Szegedy et al. 2014): modules of several windows side by
 * side, 22 layers deep.
 *
 * <p>Layers are called as in the authors' Table 1 and Caffe's port of it, which is style {@code
 * torch}: no batch norm, and the paper's 5x5. torchvision's has batch norm and a 3x3 there.
 *
 * @param port whose form
 * @param naive whether modules do without 1x1 reductions
 */
record GoogLeNet(GoogLeNetPort port, boolean naive) {
  private static final String PAPER =
      "Szegedy et al. 2014, Going Deeper with Convolutions, arXiv:1409.4842";

  static List<Architecture> members() {
    Traits heads = Traits.none().withAuxiliary("aux1", "aux2");
    Shape large = Shape.of(3, 224, 224);
    return List.of(
        member(
            "googlenet",
            large,
            1000,
            List.of(Style.TORCHVISION, Style.TORCH),
            heads,
            (port, settings) -> new GoogLeNet(port, false).imageNet(settings)),
        member(
            "googlenet_naive",
            large,
            1000,
            List.of(Style.TORCH),
            heads,
            (port, settings) -> new GoogLeNet(port, true).imageNet(settings)),
        member(
            "inception_small",
            Shape.of(3, 32, 32),
            10,
            List.of(Style.TORCHVISION),
            Traits.none(),
            (port, settings) -> new GoogLeNet(port, false).small()));
  }

  private static Architecture member(
      String id,
      Shape input,
      int classes,
      List<Style> styles,
      Traits traits,
      BiFunction<GoogLeNetPort, Settings, Block> features) {
    return new Architecture(
        id,
        "inception",
        PAPER,
        input,
        classes,
        styles,
        traits,
        settings -> graph(settings, features));
  }

  private static Graph graph(
      Settings settings, BiFunction<GoogLeNetPort, Settings, Block> features) {
    GoogLeNetPort port = GoogLeNetPort.of(settings.style());
    return settings.network(
        port.separator(),
        features.apply(port, settings),
        chain(
            globalAveragePool(port.name("pool5_7x7_s1")),
            dropout(port.name("pool5_drop_7x7_s1"), port.dropout()),
            dense(port.name("loss3_classifier"), settings.classes())));
  }

  /** Table 1. */
  private Block imageNet(Settings settings) {
    return chain(
        port.conv("conv1_", "7x7_s2", 64, k(7).stride(2)),
        port.pool("pool1_3x3_s2", 3),
        port.norm("pool1_norm1"),
        port.conv("conv2_", "3x3_reduce", 64, k(1)),
        port.conv("conv2_", "3x3", 192, k(3)),
        port.norm("conv2_norm2"),
        port.pool("pool2_3x3_s2", 3),
        module("3a", 64, 96, 128, 16, 32, 32),
        module("3b", 128, 128, 192, 32, 96, 64),
        port.pool("pool3_3x3_s2", 3),
        module("4a", 192, 96, 208, 16, 48, 64),
        head(1, settings),
        module("4b", 160, 112, 224, 24, 64, 64),
        module("4c", 128, 128, 256, 24, 64, 64),
        module("4d", 112, 144, 288, 32, 64, 64),
        head(2, settings),
        module("4e", 256, 160, 320, 32, 128, 128),
        port.pool("pool4_3x3_s2", port.lastPool()),
        module("5a", 256, 160, 320, 32, 128, 128),
        module("5b", 384, 192, 384, 48, 128, 128));
  }

  /** The same for small pictures: a stem without stride, and six narrow modules. */
  private Block small() {
    return chain(
        port.conv("", "conv1", 32, k(3)),
        port.pool("maxpool1", 3),
        port.conv("", "conv2", 32, k(1)),
        port.conv("", "conv3", 64, k(3)),
        module("3a", 24, 24, 48, 8, 16, 16),
        module("3b", 32, 32, 64, 8, 24, 16),
        port.pool("maxpool3", 3),
        module("4a", 64, 48, 96, 12, 32, 32),
        module("4b", 64, 64, 128, 16, 32, 32),
        module("4c", 64, 64, 128, 16, 32, 32),
        port.pool("maxpool4", 3),
        module("5a", 96, 80, 160, 24, 64, 64));
  }

  /** A row of Table 1: Fig. 2a if naive, else Fig. 2b. */
  private Block module(
      String name, int one, int reduce3, int three, int reduce5, int five, int proj) {
    Block wide = port.conv("", "5x5", five, k(port.five()));
    Block pool = maxPool(port.name("pool"), k(3).ceil());
    return named(
        port.module() + name,
        naive
            ? branches(
                "output",
                port.conv("", "1x1", one, k(1)),
                port.conv("", "3x3", three, k(3)),
                wide,
                pool)
            : branches(
                "output",
                port.conv("", "1x1", one, k(1)),
                chain(
                    port.conv("", "3x3_reduce", reduce3, k(1)), port.conv("", "3x3", three, k(3))),
                chain(port.conv("", "5x5_reduce", reduce5, k(1)), wide),
                chain(pool, port.conv("", "pool_proj", proj, k(1)))));
  }

  /** Section 5: a classifier half-way, for training. */
  private Block head(int number, Settings settings) {
    return settings.auxiliary()
        ? output(
            "aux" + number,
            named(
                port.head() + number,
                port.headPool(),
                port.conv("", "conv", 128, k(1)),
                flatten(),
                dense(port.name("fc"), 1024),
                relu("relu_fc"),
                dropout("drop_fc", 0.7),
                dense(port.name("classifier"), settings.classes())))
        : identity();
  }
}
