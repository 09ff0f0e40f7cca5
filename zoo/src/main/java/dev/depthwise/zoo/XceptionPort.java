package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.numbered;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Blocks.separable;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Window;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Where the ports of Xception differ.
 *
 * @param separator between a separable convolution and its two layers
 * @param epsilon of batch norm
 * @param momentum of batch norm, as the share of the new batch
 * @param pool one that halves: Keras pads at the bottom and the right, PyTorch on all sides
 * @param depthwise the first layer of a separable convolution
 * @param classifier the last layer
 * @param layers names by block, counted from 1 with the stem, and place in it, from 1: as in Keras
 */
record XceptionPort(
    String separator,
    double epsilon,
    double momentum,
    Window pool,
    String depthwise,
    String classifier,
    BiFunction<Integer, Integer, Layer> layers) {
  /**
   * Names of a convolution, its batch norm, the relu that goes with it, and the pool if it is the
   * last of its block.
   */
  record Layer(String conv, String bn, String relu, String pool) {}

  private static final XceptionPort KERAS =
      new XceptionPort(
          "/", 1e-3, 0.01, k(3).stride(2).same(), "depthwise", "predictions", XceptionPort::keras);

  private static final XceptionPort TORCH =
      new XceptionPort(".", 1e-5, 0.1, k(3).stride(2), "conv1", "last_linear", XceptionPort::torch);

  static XceptionPort of(Style style) {
    return style == Style.KERAS ? KERAS : TORCH;
  }

  private static Layer keras(int block, int index) {
    String name = (block == 1 ? "block1_conv" : "block" + block + "_sepconv") + index;
    return new Layer(name, name + "_bn", name + "_act", "block" + block + "_pool");
  }

  /** A block's body is a list of layers, relus included; stem and exit stand outside of blocks. */
  private static Layer torch(int block, int index) {
    if (block == 1 || block == 14) {
      int number = block == 1 ? index : 2 + index;
      return new Layer("conv" + number, "bn" + number, "relu" + number, "pool" + number);
    }
    String body = "block" + (block - 1) + ".rep.";
    // The first body does not begin with a relu.
    int place = 3 * index - (block == 2 ? 3 : 2);
    return new Layer(body + place, body + (place + 1), body + (place - 1), body + (place + 2));
  }

  Layer layer(int block, int index) {
    return layers.apply(block, index);
  }

  /**
   * The relu that goes with a layer: before a separable convolution, but in the exit flow behind.
   */
  Block relu(int block, int index) {
    return Blocks.relu(layer(block, index).relu);
  }

  /** The pool at the end of a block of two separable convolutions. */
  Block maxPool(int block) {
    return Blocks.maxPool(layer(block, 2).pool, pool);
  }

  Block bn(String name) {
    return batchNorm(name, epsilon, momentum);
  }

  /** A layer of a block that Keras names by its kind and a number. */
  Block own(String kind, int block, String torch, Function<String, Block> layer) {
    return equals(KERAS) ? numbered(kind, layer) : layer.apply("block" + (block - 1) + torch);
  }

  /** A separable convolution, the norm behind it. */
  Block separableBn(int block, int index, int filters) {
    Layer layer = layer(block, index);
    return chain(separable(layer.conv, depthwise, filters, k(3)), bn(layer.bn));
  }

  /** The sum at the end of a block. */
  Block sum(int block, Block body, Block shortcut) {
    // The shortcut first: PyTorch's files list it so.
    return own("add", block, "", name -> residual(name, shortcut, body));
  }
}
