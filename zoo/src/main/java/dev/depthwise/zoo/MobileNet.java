package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.depthwise;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.relu6;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.squeeze;
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
 * MobileNet (Howard et al. 2017, Table 1): a convolution, then thirteen times a depthwise and a
 * pointwise one, in Keras' names. Alpha multiplies all widths (Section 3.3).
 *
 * <p>Where a stride meets an odd extent, Keras' versions differ: keras-applications (Keras 2) pads
 * every such layer by a row and a column of zeros behind; tf.keras from 2.4 on and Keras 3 give the
 * first one TensorFlow's "same", and so one row more. {@code mobilenet} is today's, {@code
 * mobilenet_padded} the older. The published weights come from TensorFlow at even extents (224,
 * 192, 160, 128), where both are the same; so they belong to either.
 */
final class MobileNet {
  private static final String PAPER =
      "Howard et al. 2017, MobileNets: Efficient Convolutional Neural Networks for Mobile Vision"
          + " Applications, arXiv:1704.04861";

  /** Widths and strides of the thirteen units (Table 1). */
  private static final List<Unit> UNITS =
      List.of(
          new Unit(64, 1),
          new Unit(128, 2),
          new Unit(128, 1),
          new Unit(256, 2),
          new Unit(256, 1),
          new Unit(512, 2),
          new Unit(512, 1),
          new Unit(512, 1),
          new Unit(512, 1),
          new Unit(512, 1),
          new Unit(512, 1),
          new Unit(1024, 2),
          new Unit(1024, 1));

  private record Unit(int filters, int stride) {}

  /** Keras' stride: a row and a column of zeros behind. */
  private static final Window PADDED = k(3).stride(2).pad(new Padding.Explicit(0, 0, 1, 1));

  private final Form form;
  private final double alpha;

  private MobileNet(Form form, double alpha) {
    this.form = form;
    this.alpha = alpha * form.width;
  }

  static List<Architecture> members() {
    Shape large = Shape.of(3, 224, 224);
    Window same = k(3).same();
    Window padded = PADDED;
    return List.of(
        member("mobilenet", large, 1000, new Form(1, same.stride(2), padded)),
        member("mobilenet_padded", large, 1000, new Form(1, padded, padded)),
        // For small pictures: half as wide, and the first two of five strides are left out.
        member("mobilenet_small", Shape.of(3, 32, 32), 10, new Form(0.5, same, same)));
  }

  /**
   * In what the members differ.
   *
   * @param width what all widths are multiplied with, besides alpha
   * @param stem the window of the first layer
   * @param second the window of the second unit
   */
  private record Form(double width, Window stem, Window second) {}

  private static Architecture member(String id, Shape input, int classes, Form form) {
    return new Architecture(
        id,
        "mobilenet",
        PAPER,
        input,
        classes,
        List.of(Style.KERAS),
        Traits.none().withAlphas(),
        settings -> graph(settings, form));
  }

  private static Graph graph(Settings settings, Form form) {
    MobileNet net = new MobileNet(form, settings.alpha());
    return settings.network(
        "_",
        net.features(),
        chain(
            squeeze("global_average_pooling2d"),
            dropout("dropout", 0.001),
            conv("conv_preds", settings.classes(), k(1), 1, true),
            flatten()));
  }

  /** Howard et al. 2017, Table 1. */
  private Block features() {
    return chain(
        convBnRelu("conv1", 32, form.stem),
        repeat(UNITS.size(), index -> unit(index + 1, UNITS.get(index))));
  }

  /** Howard et al. 2017, Fig. 3 right. */
  private Block unit(int number, Unit unit) {
    Window window = number == 2 ? form.second : unit.stride == 2 ? PADDED : k(3).same();
    return chain(
        depthwise("conv_dw_" + number, window),
        bnRelu("conv_dw_" + number),
        convBnRelu("conv_pw_" + number, unit.filters, k(1)));
  }

  private Block convBnRelu(String name, int filters, Window window) {
    return chain(conv(name, (int) (filters * alpha), window), bnRelu(name));
  }

  private static Block bnRelu(String name) {
    return chain(batchNorm(name + "_bn", 1e-3, 0.01), relu6(name + "_relu"));
  }
}
