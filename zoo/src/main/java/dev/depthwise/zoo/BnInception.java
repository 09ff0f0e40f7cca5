package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;

/**
 * Inception with batch normalisation (Ioffe and Szegedy 2015, Appendix, Fig. 5): GoogLeNet, whose
 * 5x5 convolutions became two of 3x3. In the form and with the names of the PyTorch port of Caffe's
 * network, which also goes by "Inception v2": there the last module pools by maximum, and some
 * widths of 4b to 4d are its own.
 */
final class BnInception {
  private static final String PAPER =
      "Ioffe and Szegedy 2015, Batch Normalization: Accelerating Deep Network Training by Reducing"
          + " Internal Covariate Shift, arXiv:1502.03167";

  /**
   * The port's pool in ceil mode. At odd extents the port cannot stack what its columns make; with
   * one more window behind they have one size there too.
   */
  private static final Window OVERHANGING = k(3).stride(2).pad(new Padding.Explicit(0, 0, 2, 2));

  private BnInception() {}

  static List<Architecture> members() {
    return List.of(
        new Architecture(
            "bn_inception",
            "inception",
            PAPER,
            Shape.of(3, 224, 224),
            1000,
            List.of(Style.TORCH),
            Traits.none(),
            BnInception::graph));
  }

  private static Graph graph(Settings settings) {
    return settings.network(
        "_",
        chain(
            convBnRelu("conv1_7x7_s2", 64, k(7).stride(2)),
            maxPool("pool1_3x3_s2", k(3).stride(2).valid().ceil()),
            convBnRelu("conv2_3x3_reduce", 64, k(1)),
            convBnRelu("conv2_3x3", 192, k(3)),
            maxPool("pool2_3x3_s2", k(3).stride(2).valid().ceil()),
            module("inception_3a", 64, 64, 64, 64, 96, average(32)),
            module("inception_3b", 64, 64, 96, 64, 96, average(64)),
            reduction("inception_3c", 128, 160, 64, 96),
            module("inception_4a", 224, 64, 96, 96, 128, average(128)),
            module("inception_4b", 192, 96, 128, 96, 128, average(128)),
            module("inception_4c", 160, 128, 160, 128, 160, average(128)),
            module("inception_4d", 96, 128, 192, 160, 192, average(128)),
            reduction("inception_4e", 128, 192, 192, 256),
            module("inception_5a", 352, 192, 320, 160, 224, average(128)),
            module("inception_5b", 352, 192, 320, 192, 224, maximum(128))),
        chain(globalAveragePool("global_pool"), dense("last_linear", settings.classes())));
  }

  /** Ioffe and Szegedy 2015, Appendix: one line per column of the module. */
  private static Block module(
      String name, int one, int reduce, int three, int reduceDouble, int twice, Block pool) {
    return named(
        name,
        branches(
            "output",
            convBnRelu("1x1", one, k(1)),
            chain(convBnRelu("3x3_reduce", reduce, k(1)), convBnRelu("3x3", three, k(3))),
            chain(
                convBnRelu("double_3x3_reduce", reduceDouble, k(1)),
                convBnRelu("double_3x3_1", twice, k(3)),
                convBnRelu("double_3x3_2", twice, k(3))),
            pool));
  }

  /** The modules that halve the picture: no 1x1, and the pool passes everything on. */
  private static Block reduction(String name, int reduce, int three, int reduceDouble, int twice) {
    return named(
        name,
        branches(
            "output",
            chain(convBnRelu("3x3_reduce", reduce, k(1)), convBnRelu("3x3", three, k(3).stride(2))),
            chain(
                convBnRelu("double_3x3_reduce", reduceDouble, k(1)),
                convBnRelu("double_3x3_1", twice, k(3)),
                convBnRelu("double_3x3_2", twice, k(3).stride(2))),
            maxPool("pool", OVERHANGING)));
  }

  private static Block average(int filters) {
    return chain(averagePool("pool", k(3).ceil(), true), convBnRelu("pool_proj", filters, k(1)));
  }

  private static Block maximum(int filters) {
    return chain(maxPool("pool", k(3).ceil()), convBnRelu("pool_proj", filters, k(1)));
  }

  private static Block convBnRelu(String name, int filters, Window window) {
    return chain(
        conv(name, filters, window, 1, true),
        batchNorm(name + "_bn"),
        relu(name.replaceFirst("(\\dx\\d|double|pool)", "relu_$1")));
  }
}
