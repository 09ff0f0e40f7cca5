package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.depthwise;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Window;
import java.util.function.Function;

/**
 * A residual unit that is wide inside and narrow outside, where it has no activation (Sandler et
 * al. 2018, Fig. 4 (d)). MobileNetV3 (Howard et al. 2019, Fig. 4) and EfficientNet weigh its
 * channels where it is wide.
 *
 * @param names of its layers
 * @param expanded channels inside; as many as outside, if it does not expand
 * @param window of the depthwise convolution
 * @param weighing of the channels inside, or the identity
 * @param filters channels of its output
 * @param drop the end of the body, where there is a sum: stochastic depth, or the identity
 * @param norm a batch norm of a name
 * @param activation an activation of a name
 */
record InvertedResidual(
    Names names,
    int expanded,
    Window window,
    Block weighing,
    int filters,
    Block drop,
    Function<String, Block> norm,
    Function<String, Block> activation) {
  /** The names of its layers, and of the sum. */
  record Names(Layer expand, Layer depthwise, Layer project, String sum) {
    /** torchvision's: those that there are are numbered. */
    static Names numbered(boolean expands, boolean weighs) {
      int first = expands ? 1 : 0;
      return new Names(
          Layer.numbered("block.0"),
          Layer.numbered("block." + first),
          Layer.numbered("block." + (first + (weighs ? 2 : 1))),
          "add");
    }
  }

  Block block() {
    return (scope, input) -> {
      int channels = input.shape().channels();
      Block body =
          chain(
              expanded == channels
                  ? identity()
                  : normed(names.expand, conv(names.expand.conv(), expanded, k(1))),
              normed(names.depthwise, depthwise(names.depthwise.conv(), window)),
              weighing,
              conv(names.project.conv(), filters, k(1)),
              norm.apply(names.project.bn()));
      boolean keeps = window.strideHeight() == 1 && channels == filters;
      return (keeps ? residual(names.sum, chain(body, drop), identity()) : body)
          .apply(scope, input);
    };
  }

  private Block normed(Layer layer, Block conv) {
    return chain(conv, norm.apply(layer.bn()), activation.apply(layer.activation()));
  }
}
