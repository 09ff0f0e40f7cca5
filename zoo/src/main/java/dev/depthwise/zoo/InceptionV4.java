package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Rename;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Inception v4 (Szegedy et al. 2016, Fig. 9): the modules of v3 made uniform, without shortcuts.
 * Layers are named as in Cadene's port, which has no dropout before its classifier.
 */
final class InceptionV4 {
  static final String PAPER =
      "Szegedy et al. 2016, Inception-v4, Inception-ResNet and the Impact of Residual Connections"
          + " on Learning, arXiv:1602.07261";

  private static final InceptionParts PARTS = new InceptionParts(false, false);
  private static final Window HALVING = k(3).stride(2).valid();

  private InceptionV4() {}

  static List<Architecture> members() {
    Rename classifier = Rename.of("classif\\.(.*)", "last_linear.$1");
    return List.of(
        new Architecture(
            "inception_v4",
            "inception",
            PAPER,
            Shape.of(3, 299, 299),
            1000,
            List.of(Style.TORCH),
            Traits.none().withFormerNames(style -> List.of(classifier)),
            InceptionV4::graph));
  }

  private static Graph graph(Settings settings) {
    return settings.network(
        PARTS.separator(),
        named("features", features()),
        chain(globalAveragePool("avg_pool"), dense("last_linear", settings.classes())));
  }

  /** Fig. 9. */
  private static Block features() {
    List<Block> layers = new ArrayList<>(stem());
    layers.addAll(Collections.nCopies(4, inceptionA()));
    layers.add(reductionA());
    layers.addAll(Collections.nCopies(7, inceptionB()));
    layers.add(reductionB());
    layers.addAll(Collections.nCopies(3, inceptionC()));
    return PARTS.path(layers.toArray(Block[]::new));
  }

  /** Fig. 3. */
  private static List<Block> stem() {
    return List.of(
        unit(32, HALVING),
        unit(32, k(3).valid()),
        unit(64, k(3)),
        branches(PARTS.maxPool("maxpool"), conv("conv", 96, HALVING)),
        paths(
            path(unit(64, k(1)), unit(96, k(3).valid())),
            path(unit(64, k(1)), unit(64, k(1, 7)), unit(64, k(7, 1)), unit(96, k(3).valid()))),
        branches(conv("conv", 192, HALVING), PARTS.maxPool("maxpool")));
  }

  /** Fig. 4, at 35x35. */
  private static Block inceptionA() {
    return paths(
        unit(96, k(1)),
        path(unit(64, k(1)), unit(96, k(3))),
        path(unit(64, k(1)), unit(96, k(3)), unit(96, k(3))),
        path(PARTS.averagePool("pool"), unit(96, k(1))));
  }

  /** Fig. 7 with the numbers of Table 1, from 35x35 to 17x17. */
  private static Block reductionA() {
    return paths(
        unit(384, HALVING),
        path(unit(192, k(1)), unit(224, k(3)), unit(256, HALVING)),
        PARTS.maxPool("pool"));
  }

  /** Fig. 5, at 17x17. */
  private static Block inceptionB() {
    return paths(
        unit(384, k(1)),
        path(unit(192, k(1)), unit(224, k(1, 7)), unit(256, k(7, 1))),
        path(
            unit(192, k(1)),
            unit(192, k(7, 1)),
            unit(224, k(1, 7)),
            unit(224, k(7, 1)),
            unit(256, k(1, 7))),
        path(PARTS.averagePool("pool"), unit(128, k(1))));
  }

  /** Fig. 8, from 17x17 to 8x8. */
  private static Block reductionB() {
    return paths(
        path(unit(192, k(1)), unit(192, HALVING)),
        path(unit(256, k(1)), unit(256, k(1, 7)), unit(320, k(7, 1)), unit(320, HALVING)),
        PARTS.maxPool("pool"));
  }

  /** Fig. 6, at 8x8: the last windows of a path stand side by side. */
  private static Block inceptionC() {
    return branches(
        conv("branch0", 256, k(1)),
        chain(
            conv("branch1_0", 384, k(1)),
            branches(conv("branch1_1a", 256, k(1, 3)), conv("branch1_1b", 256, k(3, 1)))),
        chain(
            conv("branch2_0", 384, k(1)),
            conv("branch2_1", 448, k(3, 1)),
            conv("branch2_2", 512, k(1, 3)),
            branches(conv("branch2_3a", 256, k(1, 3)), conv("branch2_3b", 256, k(3, 1)))),
        named("branch3", path(PARTS.averagePool("pool"), unit(256, k(1)))));
  }

  private static Block paths(Block... paths) {
    return PARTS.counted("", paths);
  }

  private static Block path(Block... layers) {
    return PARTS.path(layers);
  }

  private static Block unit(int filters, Window window) {
    return PARTS.unit(filters, window);
  }

  private static Block conv(String name, int filters, Window window) {
    return PARTS.conv(name, filters, window);
  }
}
