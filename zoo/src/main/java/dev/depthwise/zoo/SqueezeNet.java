package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.sequential;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;
import java.util.function.Function;

/** Iandola et al. 2016: AlexNet's accuracy with a fiftieth of its parameters. */
final class SqueezeNet {
  private static final String PAPER =
      "Iandola et al. 2016, SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and"
          + " <0.5MB model size, arXiv:1602.07360";

  private static final Function<String, Block> RELU = Blocks::relu;
  private static final Function<String, Block> POOL = SqueezeNet::pool;

  private SqueezeNet() {}

  static List<Architecture> members() {
    return List.of(
        member("squeezenet1_0", version10()),
        // The authors' later form: pools early, for 2.4 times less work.
        member("squeezenet1_1", version11()));
  }

  private static Block pool(String name) {
    return maxPool(name, k(3).stride(2).valid().ceil());
  }

  private static Architecture member(String id, List<Function<String, Block>> features) {
    return new Architecture(
        id,
        "squeezenet",
        PAPER,
        Shape.of(3, 224, 224),
        1000,
        List.of(Style.TORCHVISION),
        Traits.none(),
        settings -> graph(settings, features));
  }

  private static Graph graph(Settings settings, List<Function<String, Block>> features) {
    return settings.network(
        ".",
        sequential("features", features),
        sequential(
            "classifier",
            List.of(
                name -> dropout(name, 0.5),
                name -> biased(name, settings.classes(), k(1)),
                // Logits are means of what is left above zero: none of them is negative.
                RELU,
                Blocks::globalAveragePool)));
  }

  /** Table 1. */
  private static List<Function<String, Block>> version10() {
    return List.of(
        name -> biased(name, 96, k(7).stride(2).valid()),
        RELU,
        POOL,
        fire(16, 64),
        fire(16, 64),
        fire(32, 128),
        POOL,
        fire(32, 128),
        fire(48, 192),
        fire(48, 192),
        fire(64, 256),
        POOL,
        fire(64, 256));
  }

  private static List<Function<String, Block>> version11() {
    return List.of(
        name -> biased(name, 64, k(3).stride(2).valid()),
        RELU,
        POOL,
        fire(16, 64),
        fire(16, 64),
        POOL,
        fire(32, 128),
        fire(32, 128),
        POOL,
        fire(48, 192),
        fire(48, 192),
        fire(64, 256),
        fire(64, 256));
  }

  /** Fig. 1: squeeze by 1x1, expand by as many 1x1 as 3x3. */
  private static Function<String, Block> fire(int squeeze, int expand) {
    return name ->
        named(
            name,
            rectified("squeeze", squeeze, k(1)),
            branches(rectified("expand1x1", expand, k(1)), rectified("expand3x3", expand, k(3))));
  }

  private static Block rectified(String name, int filters, Window window) {
    return chain(biased(name, filters, window), relu(name + "_activation"));
  }

  private static Block biased(String name, int filters, Window window) {
    return conv(name, filters, window, 1, true);
  }
}
