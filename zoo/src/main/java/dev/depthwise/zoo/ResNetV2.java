package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Blocks.subsample;
import static dev.depthwise.network.Blocks.zeroPad;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Architecture.Rename;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;

/**
 * Residual networks with pre-activation for ImageNet (He et al. 2016), as Keras has them: the
 * stride sits in the last unit of a stage, whose shortcut takes every second place.
 */
final class ResNetV2 {
  private static final String PAPER =
      "He et al. 2016, Identity Mappings in Deep Residual Networks, arXiv:1603.05027";

  private ResNetV2() {}

  static List<Architecture> members() {
    return List.of(
        member("resnet50v2", 3, 4, 6, 3),
        member("resnet101v2", 3, 4, 23, 3),
        member("resnet152v2", 3, 8, 36, 3));
  }

  private static Architecture member(String id, int... units) {
    return new Architecture(
        id,
        "resnet",
        PAPER,
        Shape.of(3, 224, 224),
        1000,
        List.of(Style.KERAS),
        Traits.none().withFormerNames(style -> List.of(Rename.of("probs/(.*)", "predictions/$1"))),
        settings -> graph(settings, units));
  }

  private static Graph graph(Settings settings, int... units) {
    return settings.network(
        "_",
        chain(
            conv("conv1_conv", 64, k(7).stride(2), 1, true),
            // No rectifier stands before the pool: the zeros around the picture take part in it.
            zeroPad("pool1_pad", 1, 1, 1, 1),
            maxPool("pool1_pool", k(3).stride(2).valid()),
            repeat(
                units.length,
                stage ->
                    named(
                        "conv" + (stage + 2),
                        stage(64 << stage, units[stage], stage < units.length - 1 ? 2 : 1))),
            bnRelu("post")),
        chain(globalAveragePool("avg_pool"), dense("predictions", settings.classes())));
  }

  private static Block stage(int width, int units, int stride) {
    return repeat(
        units,
        index ->
            named(
                "block" + (index + 1),
                index == 0 ? widening(width) : unit(width, index == units - 1 ? stride : 1)));
  }

  /** He et al. 2016, Fig. 4e: nothing but the sum lies on the way past. */
  private static Block unit(int width, int stride) {
    return residual("out", chain(bnRelu("preact"), body(width, stride)), subsample(stride));
  }

  /** The first of a stage: its shortcut is a projection of the activation. */
  private static Block widening(int width) {
    return chain(
        bnRelu("preact"),
        residual("out", body(width, 1), conv("0_conv", 4 * width, k(1), 1, true)));
  }

  private static Block body(int width, int stride) {
    return chain(
        conv("1_conv", width, k(1)),
        bnRelu("1"),
        conv("2_conv", width, k(3).stride(stride)),
        bnRelu("2"),
        conv("3_conv", 4 * width, k(1), 1, true));
  }

  private static Block bnRelu(String name) {
    return chain(batchNorm(name + "_bn", 1.001e-5, 0.01), relu(name + "_relu"));
  }
}
