package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.gate;
import static dev.depthwise.network.Blocks.squeeze;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import java.util.function.Function;

/**
 * Weighs channels by what the whole picture says (Hu et al. 2018, Fig. 1): the names of its layers.
 *
 * @param mean of each channel
 * @param reduce to fewer channels
 * @param activation of these
 * @param restore to all channels
 * @param factors for each channel, from 0 to 1
 * @param product with the channels
 */
record SqueezeExcite(
    String mean, String reduce, String activation, String restore, String factors, String product) {
  /** torchvision's names in an inverted residual unit. */
  static SqueezeExcite numbered(boolean expands) {
    String prefix = expands ? "block.2." : "block.1.";
    return new SqueezeExcite(
        prefix + "avgpool",
        prefix + "fc1",
        prefix + "activation",
        prefix + "fc2",
        prefix + "scale_activation",
        prefix + "mul");
  }

  /**
   * The block.
   *
   * @param reduced how many channels there are between
   * @param function the activation of these, by name
   * @param sigmoid what makes the factors, by name
   */
  Block block(int reduced, Function<String, Block> function, Function<String, Block> sigmoid) {
    return (scope, input) ->
        gate(
                product,
                chain(
                    squeeze(mean),
                    conv(reduce, reduced, k(1), 1, true),
                    function.apply(activation),
                    conv(restore, input.shape().channels(), k(1), 1, true),
                    sigmoid.apply(factors)))
            .apply(scope, input);
  }
}
