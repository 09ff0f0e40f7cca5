package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Window.k;
import static dev.depthwise.zoo.ResidualParts.definition;
import static dev.depthwise.zoo.ResidualParts.twins;

import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;
import java.util.stream.Stream;

/**
 * Residual networks for small pictures, and their plain twins: He et al. 2015, Section 4.2, and in
 * pre-activated form (resnet164, resnet1001) He et al. 2016.
 */
final class SmallResNet {
  private static final String PREACTIVATION_PAPER =
      "He et al. 2016, Identity Mappings in Deep Residual Networks, arXiv:1603.05027";

  private SmallResNet() {}

  static List<Architecture> members() {
    return Stream.of(
            small(20),
            small(32),
            small(44),
            small(56),
            small(110),
            small(1202),
            preactivated(164),
            preactivated(1001))
        .flatMap(List::stream)
        .toList();
  }

  /** He et al. 2015, Section 4.2: 6n + 2 layers. */
  private static List<Architecture> small(int depth) {
    int n = (depth - 2) / 6;
    return twins(
        new Architecture(
            "resnet" + depth,
            "resnet",
            ResNet.PAPER,
            Shape.of(3, 32, 32),
            10,
            List.of(Style.TORCHVISION),
            Traits.none().withShortcut(Shortcut.A),
            definition(
                parts ->
                    chain(
                        parts.convBnRelu(parts.port.stem(), 16, k(3)),
                        parts.stages(16, parts::basic, n, n, n)))));
  }

  /** He et al. 2016, Table 4: 9n + 2 layers. Shortcuts project as in the authors' code. */
  private static List<Architecture> preactivated(int depth) {
    int n = (depth - 2) / 9;
    return twins(
        new Architecture(
            "resnet" + depth,
            "resnet",
            PREACTIVATION_PAPER,
            Shape.of(3, 32, 32),
            10,
            List.of(Style.TORCHVISION),
            Traits.none().withShortcut(Shortcut.B),
            definition(
                parts ->
                    chain(
                        parts.conv(parts.port.stem(), 16, k(3)),
                        parts.stages(16, parts::preactivated, n, n, n),
                        parts.bnRelu(parts.port.last())))));
  }
}
