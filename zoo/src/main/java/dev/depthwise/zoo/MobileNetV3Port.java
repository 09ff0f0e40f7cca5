package dev.depthwise.zoo;

import dev.depthwise.network.Window;
import dev.depthwise.zoo.InvertedResidual.Names;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Where the ports of MobileNetV3 differ.
 *
 * @param keras whether it is Keras', which rounds widths otherwise and ends in convolutions
 * @param separator between the names of unit and layer
 * @param padding of a window: Keras' is TensorFlow's
 * @param momentum of batch norm, as the share of the new batch
 * @param stem the first layer
 * @param unit a unit's name, from 0
 * @param layers a unit's: whether it expands, whether it weighs
 * @param weighing of a unit: whether it expands
 * @param last the last convolution before the pooling, by the number of units
 */
record MobileNetV3Port(
    boolean keras,
    String separator,
    UnaryOperator<Window> padding,
    double momentum,
    Layer stem,
    IntFunction<String> unit,
    BiFunction<Boolean, Boolean, Names> layers,
    Function<Boolean, SqueezeExcite> weighing,
    IntFunction<Layer> last) {
  static MobileNetV3Port of(Style style) {
    return switch (style) {
      case TORCHVISION -> TORCHVISION;
      case KERAS -> KERAS;
      case TORCH -> throw new IllegalArgumentException("torchvision has these");
    };
  }

  private static final MobileNetV3Port TORCHVISION =
      new MobileNetV3Port(
          false,
          ".",
          UnaryOperator.identity(),
          0.01,
          Layer.numbered("features.0"),
          index -> "features." + (index + 1),
          Names::numbered,
          SqueezeExcite::numbered,
          units -> Layer.numbered("features." + (units + 1)));

  private static final MobileNetV3Port KERAS =
      new MobileNetV3Port(
          true,
          "_",
          Window::same,
          0.001,
          layer("conv"),
          index -> index == 0 ? "expanded_conv" : "expanded_conv_" + index,
          (expands, weighs) ->
              new Names(layer("expand"), layer("depthwise"), layer("project"), "add"),
          expands ->
              new SqueezeExcite(
                  "squeeze_excite_avg_pool",
                  "squeeze_excite_conv",
                  "squeeze_excite_relu",
                  "squeeze_excite_conv_1",
                  "squeeze_excite_sigmoid",
                  "squeeze_excite_mul"),
          units -> layer("conv_1"));

  private static Layer layer(String name) {
    return new Layer(name, name + "_bn", name + "_activation");
  }
}
