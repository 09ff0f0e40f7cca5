package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.adaptiveAveragePool;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.localResponseNorm;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.sequential;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Graph;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;
import java.util.function.Function;

/** AlexNet: as it won in 2012, and the one-column form that torchvision has. */
final class AlexNet {
  private static final String PAPER =
      "Krizhevsky et al. 2012, ImageNet Classification with Deep Convolutional Neural Networks,"
          + " NIPS 25";
  private static final String ONE_COLUMN_PAPER =
      "Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks,"
          + " arXiv:1404.5997";

  private AlexNet() {}

  static List<Architecture> members() {
    return List.of(
        member("alexnet", ONE_COLUMN_PAPER, Style.TORCHVISION, AlexNet::oneColumn),
        member("alexnet_2012", PAPER, Style.TORCH, AlexNet::twoColumns));
  }

  private static Architecture member(
      String id, String paper, Style style, Function<Settings, Graph> definition) {
    Shape input = Shape.of(3, 224, 224);
    return new Architecture(
        id, "alexnet", paper, input, 1000, List.of(style), Traits.none(), definition);
  }

  /** Krizhevsky 2014, as torchvision has it: other widths, no groups, no norm. */
  private static Graph oneColumn(Settings settings) {
    Function<String, Block> pool = name -> maxPool(name, k(3).stride(2).valid());
    return settings.network(
        ".",
        sequential(
            "features",
            List.of(
                name -> whole(name, 64, k(11).stride(4).pad(2)),
                Blocks::relu,
                pool,
                name -> whole(name, 192, k(5)),
                Blocks::relu,
                pool,
                name -> whole(name, 384, k(3)),
                Blocks::relu,
                name -> whole(name, 256, k(3)),
                Blocks::relu,
                name -> whole(name, 256, k(3)),
                Blocks::relu,
                pool)),
        chain(
            adaptiveAveragePool("avgpool", 6, 6),
            flatten(),
            sequential(
                "classifier",
                List.of(
                    name -> dropout(name, 0.5),
                    name -> dense(name, 4096),
                    Blocks::relu,
                    name -> dropout(name, 0.5),
                    name -> dense(name, 4096),
                    Blocks::relu,
                    name -> dense(name, settings.classes())))));
  }

  /**
   * Krizhevsky et al. 2012, Fig. 2: the groups are its two processors, which meet in the third
   * layer and in the dense ones. Layers are named as in Caffe's port; that one's norm has other
   * constants than the paper's, though (k is 1, and alpha weighs the mean).
   */
  private static Graph twoColumns(Settings settings) {
    return settings.network(
        ".",
        chain(
            // 224 is 53 steps of 4 and 12 more; the paper's 55 places take one window that begins
            // inside and hangs over by 3. Caffe crops 227 instead: there, nothing hangs over.
            grouped(1, 96, k(11).stride(4).valid().ceil(), 1),
            norm(1),
            overlapping(1),
            grouped(2, 256, k(5), 2),
            norm(2),
            overlapping(2),
            grouped(3, 384, k(3), 1),
            grouped(4, 384, k(3), 2),
            grouped(5, 256, k(3), 2),
            overlapping(5)),
        chain(flatten(), hidden(6), hidden(7), dense("fc8", settings.classes())));
  }

  private static Block grouped(int layer, int filters, Window window, int groups) {
    return chain(conv("conv" + layer, filters, window, groups, true), relu("relu" + layer));
  }

  /** Section 3.3. */
  private static Block norm(int layer) {
    return localResponseNorm("norm" + layer, new LocalResponseNorm(5, 1e-4, 0.75, 2));
  }

  /** Section 3.4. */
  private static Block overlapping(int layer) {
    return maxPool("pool" + layer, k(3).stride(2).valid().ceil());
  }

  /** Section 4.2: with dropout. */
  private static Block hidden(int layer) {
    return chain(dense("fc" + layer, 4096), relu("relu" + layer), dropout("drop" + layer, 0.5));
  }

  private static Block whole(String name, int filters, Window window) {
    return conv(name, filters, window, 1, true);
  }
}
