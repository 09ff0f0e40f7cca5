package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Window.k;
import static dev.depthwise.zoo.ResidualParts.twins;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Architecture.Rename;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import dev.depthwise.zoo.ResidualParts.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Residual networks for ImageNet (He et al. 2015, Table 1), their plain twins, and what became of
 * the bottleneck: in groups (ResNeXt), wider, and with channels weighed (squeeze and excitation).
 */
final class ResNet {
  static final String PAPER =
      "He et al. 2015, Deep Residual Learning for Image Recognition, arXiv:1512.03385";
  private static final String RESNEXT_PAPER =
      "Xie et al. 2017, Aggregated Residual Transformations for Deep Neural Networks,"
          + " arXiv:1611.05431";
  private static final String WIDE_PAPER =
      "Zagoruyko and Komodakis 2016, Wide Residual Networks, arXiv:1605.07146";
  private static final String SQUEEZE_PAPER =
      "Hu et al. 2018, Squeeze-and-Excitation Networks, arXiv:1709.01507";

  private static final List<Style> BOTH = List.of(Style.TORCHVISION, Style.KERAS);
  private static final List<Style> ONE = List.of(Style.TORCHVISION);

  private ResNet() {}

  static List<Architecture> members() {
    return Stream.of(
            twins(resnet(18, parts -> parts::basic, 2, 2, 2, 2)),
            twins(resnet(34, parts -> parts::basic, 3, 4, 6, 3)),
            twins(resnet(50, parts -> parts::bottleneck, 3, 4, 6, 3)),
            twins(resnet(101, parts -> parts::bottleneck, 3, 4, 23, 3)),
            twins(resnet(152, parts -> parts::bottleneck, 3, 8, 36, 3)),
            // He et al. 2016, Section 5, in the form of 2015, as today's libraries have it.
            twins(resnet(200, parts -> parts::bottleneck, 3, 24, 36, 3)),
            List.of(
                resnext("resnext50_32x4d", 32, 4, 3, 4, 6, 3),
                resnext("resnext101_32x8d", 32, 8, 3, 4, 23, 3),
                wide("wide_resnet50_2", 3, 4, 6, 3),
                wide("wide_resnet101_2", 3, 4, 23, 3),
                squeezed("se_resnet50", 3, 4, 6, 3)))
        .flatMap(List::stream)
        .toList();
  }

  /** He et al. 2015, Table 1. */
  private static Architecture resnet(int depth, Function<ResidualParts, Unit> unit, int... counts) {
    Traits traits = Traits.none().withFormerNames(ResNet::formerly);
    return member("resnet" + depth, "resnet", PAPER, BOTH, traits, unit, counts);
  }

  /** Xie et al. 2017, Table 1. */
  private static Architecture resnext(String id, int groups, int groupWidth, int... counts) {
    return member(
        id,
        "resnext",
        RESNEXT_PAPER,
        ONE,
        Traits.none(),
        parts -> parts.grouped(groups, groupWidth),
        counts);
  }

  /** Zagoruyko and Komodakis 2016, Table 8: the 3x3 has twice the channels. */
  private static Architecture wide(String id, int... counts) {
    return member(
        id, "wide_resnet", WIDE_PAPER, ONE, Traits.none(), parts -> parts.grouped(1, 128), counts);
  }

  /** Hu et al. 2018, Table 1, in Cadene's port. */
  private static Architecture squeezed(String id, int... counts) {
    return member(
        id,
        "se_resnet",
        SQUEEZE_PAPER,
        List.of(Style.TORCH),
        Traits.none(),
        parts -> parts::squeezed,
        counts);
  }

  private static Architecture member(
      String id,
      String family,
      String paper,
      List<Style> styles,
      Traits traits,
      Function<ResidualParts, Unit> unit,
      int... counts) {
    return new Architecture(
        id,
        family,
        paper,
        Shape.of(3, 224, 224),
        1000,
        styles,
        traits.withShortcut(Shortcut.B),
        definition(unit, counts));
  }

  private static Function<Settings, Graph> definition(
      Function<ResidualParts, Unit> unit, int... counts) {
    return ResidualParts.definition(parts -> features(parts, unit.apply(parts), counts));
  }

  private static Block features(ResidualParts parts, Unit unit, int... counts) {
    return chain(
        parts.convBnRelu(parts.port.stem(), 64, k(7).stride(2)),
        maxPool(parts.port.maxPool(), parts.port.pool()),
        parts.stages(64, unit, counts));
  }

  /**
   * Keras' names before keras-applications 1.0.7: {@code res3b_branch2a}, {@code bn3b_branch2a},
   * {@code fc1000}; and before TensorFlow's: {@code probs}.
   *
   * <p>ResNet-50 of the oldest of these (before Keras 2.2.3) had an epsilon of 1e-3, which no file
   * of weights tells: its own answers are half a percent off these.
   */
  private static List<Rename> formerly(Style style) {
    if (style != Style.KERAS) {
      return List.of();
    }
    List<Rename> renames = new ArrayList<>();
    renames.add(Rename.of("(?:probs|fc1000)/(.*)", "predictions/$1"));
    renames.add(Rename.of("conv1/(.*)", "conv1_conv/$1"));
    renames.add(Rename.of("bn_conv1/(.*)", "conv1_bn/$1"));
    List<String> branches = List.of("1", "2a", "2b", "2c");
    for (int layer = 0; layer < branches.size(); layer++) {
      for (int unit = 1; unit <= 6; unit++) {
        String former = "(\\d)%c_branch%s/(.*)".formatted('a' + unit - 1, branches.get(layer));
        String today = "conv$1_block%d_%d_%%s/$2".formatted(unit, layer);
        renames.add(Rename.of("res" + former, today.formatted("conv")));
        renames.add(Rename.of("bn" + former, today.formatted("bn")));
      }
    }
    return renames;
  }
}
