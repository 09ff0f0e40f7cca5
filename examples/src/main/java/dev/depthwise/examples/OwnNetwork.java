package dev.depthwise.examples;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;

import dev.depthwise.engine.Engines;
import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import dev.depthwise.training.Initialization;
import dev.depthwise.training.Recipe;
import dev.depthwise.training.Trainer;
import dev.depthwise.training.TrainingListener;
import dev.depthwise.training.TrainingRun;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Statistics;

/** Writes a network of one's own, and trains it. */
public final class OwnNetwork {
  private OwnNetwork() {}

  // @start region="define"
  static Block convBnRelu(String name, int filters, int stride) {
    return named(name, conv("conv", filters, k(3).stride(stride)), batchNorm("bn"), relu());
  }

  static Block body(String name, int filters) {
    return named(
        name,
        residual(
            chain(convBnRelu("first", filters, 1), conv("second", filters, k(3)), batchNorm("bn")),
            identity()),
        relu());
  }

  static Graph graph(Shape input, int classes) {
    return Graph.of(
        input,
        chain(
            convBnRelu("stem", 16, 2),
            repeat(3, i -> body("body" + i, 16)),
            globalAveragePool("pool"),
            dense("classes", classes)));
  }

  // @end

  /** Trains it on small grey pictures. */
  public static Network train(Dataset pictures, int epochs) {
    // @start region="train-own"
    Graph graph = graph(Shape.of(1, 28, 28), pictures.labels().size());
    Network network =
        Network.of(
            Initialization.initialize(graph, 0), Statistics.of(pictures, 1).preprocessing(28, 28));
    TrainingRun run = TrainingRun.of(network, pictures, Recipe.standard(epochs), Engines.best());
    Network trained = Trainer.fit(run, TrainingListener.NONE).network();
    // @end
    return trained;
  }
}
