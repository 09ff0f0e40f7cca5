package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.adaptiveAveragePool;
import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.localResponseNorm;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.Window;
import java.util.Map;

/**
 * Where the ports of GoogLeNet differ.
 *
 * @param module what a module's name begins with
 * @param head what an auxiliary head's name begins with
 * @param headPool to 4x4 places
 * @param names what layers are called that Caffe calls otherwise
 * @param norm whether convolutions have batch norm; else they have a bias, and the stem local
 *     response norm
 * @param five the extent of the window that the paper has as 5x5
 * @param lastPool the extent of the last max pool's window
 * @param dropout before the classifier
 */
record GoogLeNetPort(
    String separator,
    String module,
    String head,
    Block headPool,
    Map<String, String> names,
    boolean norm,
    int five,
    int lastPool,
    double dropout) {
  static final GoogLeNetPort CAFFE =
      new GoogLeNetPort(
          "_",
          "inception_",
          "loss",
          averagePool("ave_pool", k(5).stride(3).valid().ceil(), false),
          Map.of(),
          false,
          5,
          3,
          0.4);

  static final GoogLeNetPort TORCHVISION =
      new GoogLeNetPort(
          ".",
          "inception",
          "aux",
          adaptiveAveragePool("avgpool", 4, 4),
          Map.ofEntries(
              Map.entry("conv1_7x7_s2", "conv1"),
              Map.entry("pool1_3x3_s2", "maxpool1"),
              Map.entry("conv2_3x3_reduce", "conv2"),
              Map.entry("conv2_3x3", "conv3"),
              Map.entry("pool2_3x3_s2", "maxpool2"),
              Map.entry("pool3_3x3_s2", "maxpool3"),
              Map.entry("pool4_3x3_s2", "maxpool4"),
              Map.entry("pool5_7x7_s1", "avgpool"),
              Map.entry("pool5_drop_7x7_s1", "dropout"),
              Map.entry("loss3_classifier", "fc"),
              Map.entry("1x1", "branch1"),
              Map.entry("3x3_reduce", "branch2.0"),
              Map.entry("3x3", "branch2.1"),
              Map.entry("5x5_reduce", "branch3.0"),
              Map.entry("5x5", "branch3.1"),
              Map.entry("pool", "branch4.0"),
              Map.entry("pool_proj", "branch4.1"),
              Map.entry("fc", "fc1"),
              Map.entry("classifier", "fc2")),
          true,
          // Not the paper's, but what the published weights were trained with.
          3,
          2,
          0.2);

  static GoogLeNetPort of(Style style) {
    return switch (style) {
      case TORCHVISION -> TORCHVISION;
      case TORCH -> CAFFE;
      case KERAS -> throw new IllegalArgumentException("Keras has none");
    };
  }

  /** What a layer of Caffe's is called. */
  String name(String caffe) {
    return names.getOrDefault(caffe, caffe);
  }

  /** A convolution and its relu; both names begin with the prefix. */
  Block conv(String prefix, String part, int filters, Window window) {
    String name = name(prefix + part);
    return norm
        ? named(name, Blocks.conv("conv", filters, window), batchNorm("bn", 1e-3, 0.1), relu())
        : chain(Blocks.conv(name, filters, window, 1, true), relu(prefix + "relu_" + part));
  }

  /** Half as many places. */
  Block pool(String name, int extent) {
    return maxPool(name(name), k(extent).stride(2).valid().ceil());
  }

  /** Fig. 3; with the numbers of Caffe's port, as the paper has none. */
  Block norm(String name) {
    return norm ? identity() : localResponseNorm(name, LocalResponseNorm.ofMean(5, 1e-4, 0.75, 1));
  }
}
