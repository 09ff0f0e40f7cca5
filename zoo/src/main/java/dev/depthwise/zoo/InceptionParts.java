package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.numbered;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Window;
import java.util.Arrays;
import java.util.function.Function;

/**
 * What Inception networks from the third on are made of, as a port has it.
 *
 * <p>Keras leaves its layers unnamed: they count up in the order in which they are written here.
 * Its batch norm learns no scale.
 *
 * @param keras whether layers have Keras' names
 * @param countPadding whether average pools count it
 */
record InceptionParts(boolean keras, boolean countPadding) {
  static InceptionParts of(Style style, boolean countPadding) {
    return new InceptionParts(style == Style.KERAS, countPadding);
  }

  String separator() {
    return keras ? "_" : ".";
  }

  /** A convolution, its batch norm and a relu. */
  Block unit(int filters, Window window) {
    return keras
        ? chain(
            numbered("conv2d", layer -> Blocks.conv(layer, filters, window)),
            numbered("batch_normalization", InceptionParts::kerasBatchNorm),
            numbered("activation", Blocks::relu))
        : chain(Blocks.conv("conv", filters, window), batchNorm("bn", 1e-3, 0.1), relu());
  }

  /** A unit that PyTorch names. */
  Block conv(String name, int filters, Window window) {
    return keras ? unit(filters, window) : named(name, unit(filters, window));
  }

  /** A unit that both name. */
  Block conv(String name, String kerasName, int filters, Window window) {
    return keras
        ? chain(
            Blocks.conv(kerasName, filters, window),
            kerasBatchNorm(kerasName + "_bn"),
            relu(kerasName + "_ac"))
        : conv(name, filters, window);
  }

  private static Block kerasBatchNorm(String name) {
    return batchNorm(name, 1e-3, 0.01, false);
  }

  /** The mean of 3x3 places, as many as before. */
  Block averagePool(String name) {
    return own("average_pooling2d", name, layer -> Blocks.averagePool(layer, k(3), countPadding));
  }

  /** The maximum of 3x3 places, half as many as before. */
  Block maxPool(String name) {
    return own("max_pooling2d", name, layer -> Blocks.maxPool(layer, k(3).stride(2).valid()));
  }

  /** Units and pools in sequence, which PyTorch counts from 0. */
  Block path(Block... layers) {
    return repeat(
        layers.length,
        index -> keras ? layers[index] : named(String.valueOf(index), layers[index]));
  }

  /** Paths side by side; Keras names the stack, PyTorch the module. */
  Block module(String name, String kerasName, Block... paths) {
    return keras ? branches(kerasName, paths) : named(name, branches(paths));
  }

  /** Paths side by side, which PyTorch counts from 0. */
  Block counted(String kerasName, Block... paths) {
    Block[] counted = new Block[paths.length];
    Arrays.setAll(counted, index -> named("branch" + index, paths[index]));
    return keras ? branches(kerasName, paths) : branches(counted);
  }

  private Block own(String kind, String name, Function<String, Block> layer) {
    return keras ? numbered(kind, layer) : layer.apply(name);
  }
}
