package dev.depthwise.zoo;

import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Window;
import java.util.function.IntFunction;

/**
 * Where the ports of residual networks differ.
 *
 * @param separator between the names of stage, unit and layer
 * @param strideFirst whether a bottleneck's stride sits in its first 1x1, as in the paper, or in
 *     its 3x3 ("v1.5")
 * @param bias whether convolutions have one; the batch norm behind makes it idle
 * @param epsilon of batch norm
 * @param momentum of batch norm, as the share of the new batch
 * @param stem the first layer
 * @param maxPool the pooling behind it
 * @param pool its window
 * @param stage a stage's name, from 0
 * @param unit a unit's name in its stage, from 0
 * @param layer a layer of a unit's body, from 1
 * @param projection a shortcut's
 * @param out the relu behind the sum
 * @param last the activation behind the last pre-activated unit
 * @param averagePool the pooling before the classifier
 * @param classifier the last layer
 */
record ResidualPort(
    String separator,
    boolean strideFirst,
    boolean bias,
    double epsilon,
    double momentum,
    Layer stem,
    String maxPool,
    Window pool,
    IntFunction<String> stage,
    IntFunction<String> unit,
    IntFunction<Layer> layer,
    Layer projection,
    String out,
    Layer last,
    String averagePool,
    String classifier) {
  static ResidualPort of(Style style) {
    return switch (style) {
      case TORCHVISION -> TORCHVISION;
      case KERAS -> KERAS;
      case TORCH -> CADENE;
    };
  }

  private static final ResidualPort TORCHVISION =
      new ResidualPort(
          ".",
          false,
          false,
          1e-5,
          0.1,
          new Layer("conv1", "bn1", "relu"),
          "maxpool",
          k(3).stride(2),
          stage -> "layer" + (stage + 1),
          String::valueOf,
          index -> new Layer("conv" + index, "bn" + index, "relu"),
          new Layer("downsample.0", "downsample.1", "relu"),
          "relu",
          new Layer("conv", "bn", "relu"),
          "avgpool",
          "fc");

  private static final ResidualPort KERAS =
      new ResidualPort(
          "_",
          true,
          true,
          1.001e-5,
          0.01,
          new Layer("conv1_conv", "conv1_bn", "conv1_relu"),
          "pool1_pool",
          // Keras pads by zeros, then pools without padding: the same, as nothing behind a relu is
          // below zero.
          k(3).stride(2),
          stage -> "conv" + (stage + 2),
          index -> "block" + (index + 1),
          index -> new Layer(index + "_conv", index + "_bn", index + "_relu"),
          new Layer("0_conv", "0_bn", "0_relu"),
          "out",
          new Layer("post_conv", "post_bn", "post_relu"),
          "avg_pool",
          "predictions");

  /**
   * Cadene's port of the authors' Caffe models, which timm has as "legacy_seresnet50": the pooling
   * hangs over, as Caffe's does, instead of being padded.
   */
  private static final ResidualPort CADENE =
      new ResidualPort(
          ".",
          true,
          false,
          1e-5,
          0.1,
          new Layer("layer0.conv1", "layer0.bn1", "layer0.relu1"),
          "layer0.pool",
          k(3).stride(2).pad(0).ceil(),
          stage -> "layer" + (stage + 1),
          String::valueOf,
          index -> new Layer("conv" + index, "bn" + index, "relu"),
          new Layer("downsample.0", "downsample.1", "relu"),
          "relu",
          new Layer("conv", "bn", "relu"),
          "avg_pool",
          "last_linear");
}
