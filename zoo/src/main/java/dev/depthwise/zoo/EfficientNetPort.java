package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.scale;
import static dev.depthwise.network.Blocks.standardize;

import dev.depthwise.network.Block;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.InvertedResidual.Names;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Where the ports of EfficientNet differ.
 *
 * @param separator between the names of unit and layer
 * @param preparation of pictures: Keras' networks hold their own, with its numbers among the
 *     weights
 * @param padding of a window: Keras' is TensorFlow's
 * @param epsilon of batch norm
 * @param momentum of batch norm, as the share of the new batch
 * @param stem the first layer
 * @param stage a stage's name, from 0; its output can be tapped under it
 * @param unit a unit's name
 * @param layers a unit's: whether it expands
 * @param weighing of a unit: whether it expands
 * @param drop a unit's stochastic depth
 * @param last the last convolution
 * @param pool the pooling before the classifier
 * @param dropout the dropout before the classifier
 * @param classifier the last layer
 */
record EfficientNetPort(
    String separator,
    Block preparation,
    UnaryOperator<Window> padding,
    double epsilon,
    double momentum,
    Layer stem,
    IntFunction<String> stage,
    UnitName unit,
    Function<Boolean, Names> layers,
    Function<Boolean, SqueezeExcite> weighing,
    String drop,
    Layer last,
    String pool,
    String dropout,
    String classifier) {
  /** A unit's name, by its stage and its number there, both from 0. */
  @FunctionalInterface
  interface UnitName {
    String name(int stage, int unit);
  }

  /**
   * The port of a style.
   *
   * @param large whether for B5 to B7: torchvision's have TensorFlow's batch norm, as their weights
   *     come from there
   */
  static EfficientNetPort of(Style style, boolean large) {
    return switch (style) {
      case TORCHVISION -> large ? torchvision(1e-3, 0.01) : torchvision(1e-5, 0.1);
      case KERAS -> KERAS;
      case TORCH -> throw new IllegalArgumentException("torchvision has these");
    };
  }

  private static EfficientNetPort torchvision(double epsilon, double momentum) {
    return new EfficientNetPort(
        ".",
        identity(),
        UnaryOperator.identity(),
        epsilon,
        momentum,
        Layer.numbered("features.0"),
        stage -> "features." + (stage + 1),
        (stage, unit) -> "features.%d.%d".formatted(stage + 1, unit),
        expands -> Names.numbered(expands, true),
        SqueezeExcite::numbered,
        "stochastic_depth",
        Layer.numbered("features.8"),
        "avgpool",
        "classifier.0",
        "classifier.1");
  }

  private static final EfficientNetPort KERAS =
      new EfficientNetPort(
          "_",
          chain(scale("rescaling", 1 / 255.0), standardize("normalization")),
          Window::same,
          1e-3,
          0.01,
          new Layer("stem_conv", "stem_bn", "stem_activation"),
          stage -> "block" + (stage + 1),
          (stage, unit) -> "block%d%c".formatted(stage + 1, 'a' + unit),
          expands ->
              new Names(
                  new Layer("expand_conv", "expand_bn", "expand_activation"),
                  new Layer("dwconv", "bn", "activation"),
                  new Layer("project_conv", "project_bn", ""),
                  "add"),
          expands ->
              new SqueezeExcite(
                  "se_squeeze",
                  "se_reduce",
                  "se_reduce_activation",
                  "se_expand",
                  "se_expand_activation",
                  "se_excite"),
          "drop",
          new Layer("top_conv", "top_bn", "top_activation"),
          "avg_pool",
          "top_dropout",
          "predictions");
}
