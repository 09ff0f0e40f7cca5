package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
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
 * Inception v2 as Szegedy et al. 2015b have it in Table 1; others call {@code bn_inception} by this
 * name.
 *
 * <p>The paper leaves the widths within modules to a file beside it. Here they are the third
 * Inception's, and {@code bn_inception}'s where that has none: 24.9 million parameters, where the
 * abstract has "less than 25". No port with weights is known; layers are named as in torchvision's
 * third.
 */
record InceptionV2(InceptionParts parts, InceptionV3 third) {
  static List<Architecture> members() {
    return List.of(
        new Architecture(
            "inception_v2",
            "inception",
            InceptionV3.PAPER,
            Shape.of(3, 299, 299),
            1000,
            List.of(Style.TORCH),
            Traits.none().withAuxiliary("aux"),
            InceptionV2::graph));
  }

  private static Graph graph(Settings settings) {
    InceptionParts parts = InceptionParts.of(settings.style(), true);
    return settings.network(
        parts.separator(),
        new InceptionV2(parts, new InceptionV3(parts)).features(settings),
        chain(globalAveragePool("avgpool"), dense("fc", settings.classes())));
  }

  /** Table 1. Its 3, 5 and 2 modules keep the size of the picture; Fig. 10 stands between. */
  private Block features(Settings settings) {
    return chain(
        conv("Conv2d_1a_3x3", 32, k(3).stride(2).valid()),
        conv("Conv2d_2a_3x3", 32, k(3).valid()),
        conv("Conv2d_2b_3x3", 64, k(3)),
        parts.maxPool("maxpool1"),
        conv("Conv2d_3a_3x3", 80, k(3).valid()),
        conv("Conv2d_4a_3x3", 192, k(3).stride(2).valid()),
        conv("Conv2d_4b_3x3", 288, k(3)),
        places35("Mixed_5b"),
        places35("Mixed_5c"),
        places35("Mixed_5d"),
        reduction("Mixed_6a", 128, 384, 64, 96),
        third.places17("Mixed_6b", "", 128),
        third.places17("Mixed_6c", "", 128),
        third.places17("Mixed_6d", "", 160),
        third.places17("Mixed_6e", "", 160),
        third.places17("Mixed_6f", "", 192),
        settings.auxiliary()
            ? output("aux", InceptionV3.auxiliary(settings.classes()))
            : identity(),
        reduction("Mixed_7a", 192, 320, 192, 192),
        third.places8("Mixed_7b", "", ""),
        third.places8("Mixed_7c", "", ""));
  }

  /** Fig. 5: the 5x5 of the module before it is two 3x3, its 3x3 stays. */
  private Block places35(String name) {
    return parts.module(
        name,
        "",
        conv("branch1x1", 64, k(1)),
        chain(conv("branch3x3_1", 48, k(1)), conv("branch3x3_2", 64, k(3))),
        chain(
            conv("branch3x3dbl_1", 64, k(1)),
            conv("branch3x3dbl_2", 96, k(3)),
            conv("branch3x3dbl_3", 96, k(3))),
        chain(parts.averagePool("avgpool"), conv("branch_pool", 64, k(1))));
  }

  /** Fig. 10: half the picture, while the channels grow. */
  private Block reduction(String name, int reduce, int three, int reduceDouble, int twice) {
    return parts.module(
        name,
        "",
        chain(
            conv("branch3x3_1", reduce, k(1)), conv("branch3x3_2", three, k(3).stride(2).valid())),
        chain(
            conv("branch3x3dbl_1", reduceDouble, k(1)),
            conv("branch3x3dbl_2", twice, k(3)),
            conv("branch3x3dbl_3", twice, k(3).stride(2).valid())),
        parts.maxPool("maxpool"));
  }

  private Block conv(String name, int filters, Window window) {
    return parts.conv(name, filters, window);
  }
}
