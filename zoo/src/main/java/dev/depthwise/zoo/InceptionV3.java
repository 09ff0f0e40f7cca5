package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.numbered;
import static dev.depthwise.network.Blocks.output;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;

/**
 * Inception v3 (Szegedy et al. 2015b): large windows are factorised. Names are torchvision's; where
 * Keras has one of its own, it stands behind.
 */
record InceptionV3(InceptionParts parts) {
  static final String PAPER =
      "Szegedy et al. 2015, Rethinking the Inception Architecture for Computer Vision,"
          + " arXiv:1512.00567";

  static List<Architecture> members() {
    return List.of(
        new Architecture(
            "inception_v3",
            "inception",
            PAPER,
            Shape.of(3, 299, 299),
            1000,
            List.of(Style.TORCHVISION, Style.KERAS),
            Traits.none().withAuxiliary("aux"),
            InceptionV3::graph));
  }

  private static Graph graph(Settings settings) {
    boolean keras = settings.style() == Style.KERAS;
    InceptionV3 net = new InceptionV3(InceptionParts.of(settings.style(), !keras));
    return settings.network(
        net.parts.separator(),
        net.features(settings),
        keras
            ? chain(globalAveragePool("avg_pool"), dense("predictions", settings.classes()))
            : chain(
                globalAveragePool("avgpool"),
                dropout("dropout", 0.5),
                dense("fc", settings.classes())));
  }

  /** Table 1, as the authors' code has it: with one module more of 35x35. */
  private Block features(Settings settings) {
    return chain(
        conv("Conv2d_1a_3x3", 32, k(3).stride(2).valid()),
        conv("Conv2d_2a_3x3", 32, k(3).valid()),
        conv("Conv2d_2b_3x3", 64, k(3)),
        parts.maxPool("maxpool1"),
        conv("Conv2d_3b_1x1", 80, k(1)),
        conv("Conv2d_4a_3x3", 192, k(3).valid()),
        parts.maxPool("maxpool2"),
        places35("Mixed_5b", "mixed0", 32),
        places35("Mixed_5c", "mixed1", 64),
        places35("Mixed_5d", "mixed2", 64),
        reductionTo17("Mixed_6a", "mixed3"),
        places17("Mixed_6b", "mixed4", 128),
        places17("Mixed_6c", "mixed5", 160),
        places17("Mixed_6d", "mixed6", 160),
        places17("Mixed_6e", "mixed7", 192),
        settings.auxiliary() ? output("aux", auxiliary(settings.classes())) : identity(),
        reductionTo8("Mixed_7a", "mixed8"),
        places8("Mixed_7b", "mixed9", "mixed9_0"),
        places8("Mixed_7c", "mixed10", "mixed9_1"));
  }

  /** Fig. 5, at 35x35; the authors' code keeps a 5x5. */
  private Block places35(String name, String keras, int pool) {
    return parts.module(
        name,
        keras,
        conv("branch1x1", 64, k(1)),
        chain(conv("branch5x5_1", 48, k(1)), conv("branch5x5_2", 64, k(5))),
        chain(
            conv("branch3x3dbl_1", 64, k(1)),
            conv("branch3x3dbl_2", 96, k(3)),
            conv("branch3x3dbl_3", 96, k(3))),
        chain(parts.averagePool("avgpool"), conv("branch_pool", pool, k(1))));
  }

  /** Fig. 10, to 17x17. */
  private Block reductionTo17(String name, String keras) {
    return parts.module(
        name,
        keras,
        conv("branch3x3", 384, k(3).stride(2).valid()),
        chain(
            conv("branch3x3dbl_1", 64, k(1)),
            conv("branch3x3dbl_2", 96, k(3)),
            conv("branch3x3dbl_3", 96, k(3).stride(2).valid())),
        parts.maxPool("maxpool"));
  }

  /** Fig. 6, at 17x17, with n = 7. */
  Block places17(String name, String keras, int width) {
    return parts.module(
        name,
        keras,
        conv("branch1x1", 192, k(1)),
        chain(
            conv("branch7x7_1", width, k(1)),
            conv("branch7x7_2", width, k(1, 7)),
            conv("branch7x7_3", 192, k(7, 1))),
        chain(
            conv("branch7x7dbl_1", width, k(1)),
            conv("branch7x7dbl_2", width, k(7, 1)),
            conv("branch7x7dbl_3", width, k(1, 7)),
            conv("branch7x7dbl_4", width, k(7, 1)),
            conv("branch7x7dbl_5", 192, k(1, 7))),
        chain(parts.averagePool("avgpool"), conv("branch_pool", 192, k(1))));
  }

  /** Fig. 10 again, to 8x8; the authors' code factorises the second path. */
  private Block reductionTo8(String name, String keras) {
    return parts.module(
        name,
        keras,
        chain(conv("branch3x3_1", 192, k(1)), conv("branch3x3_2", 320, k(3).stride(2).valid())),
        chain(
            conv("branch7x7x3_1", 192, k(1)),
            conv("branch7x7x3_2", 192, k(1, 7)),
            conv("branch7x7x3_3", 192, k(7, 1)),
            conv("branch7x7x3_4", 192, k(3).stride(2).valid())),
        parts.maxPool("maxpool"));
  }

  /** Fig. 7, at 8x8: the last windows stand side by side. */
  Block places8(String name, String keras, String kerasStack) {
    Block wide = conv("branch3x3_2a", 384, k(1, 3));
    Block tall = conv("branch3x3_2b", 384, k(3, 1));
    Block doubleWide = conv("branch3x3dbl_3a", 384, k(1, 3));
    Block doubleTall = conv("branch3x3dbl_3b", 384, k(3, 1));
    return parts.module(
        name,
        keras,
        conv("branch1x1", 320, k(1)),
        chain(
            conv("branch3x3_1", 384, k(1)),
            parts.keras() ? branches(kerasStack, wide, tall) : branches(wide, tall)),
        chain(
            conv("branch3x3dbl_1", 448, k(1)),
            conv("branch3x3dbl_2", 384, k(3)),
            parts.keras()
                ? numbered("concatenate", stack -> branches(stack, doubleWide, doubleTall))
                : branches(doubleWide, doubleTall)),
        chain(parts.averagePool("avgpool"), conv("branch_pool", 192, k(1))));
  }

  /** Fig. 8, behind the last 17x17. Keras has none; its numbers must not count it. */
  static Block auxiliary(int classes) {
    InceptionParts named = InceptionParts.of(Style.TORCHVISION, true);
    return named(
        "AuxLogits",
        averagePool("pool", k(5).stride(3).valid(), false),
        named.conv("conv0", 128, k(1)),
        named.conv("conv1", 768, k(5).valid()),
        globalAveragePool("avgpool"),
        dense("fc", classes));
  }

  private Block conv(String name, int filters, Window window) {
    return parts.conv(name, filters, window);
  }
}
