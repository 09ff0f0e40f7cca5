package dev.depthwise.training;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;

import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Engines;
import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Shape;
import dev.depthwise.vision.Augmentation;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Picture;
import java.util.List;
import java.util.Map;

/** A network, pictures and a recipe that train in moments. */
public final class Tiny {
  static final Preprocessing PREPROCESSING =
      Preprocessing.stretched(1, 8, 8, List.of(0.5), List.of(0.25));

  private Tiny() {}

  static Engine engine() {
    return Engines.named("reference");
  }

  /** With all that a checkpoint has to carry over: statistics, momentum, dropout's step. */
  static Graph graph() {
    return Graph.of(Shape.of(1, 8, 8), ".", body(3));
  }

  static Block body(int classes) {
    return chain(
        conv("conv1", 4, k(3)),
        batchNorm("bn1", 1e-5, 0.1),
        relu(),
        residual(chain(conv("conv2", 4, k(3)), batchNorm("bn2", 1e-5, 0.1)), identity()),
        relu(),
        globalAveragePool("pool"),
        dropout("dropout", 0.1),
        dense("fc", classes));
  }

  static Network network(Model model) {
    return Network.of(model, PREPROCESSING).withProvenance(Map.of("data", "stripes"));
  }

  static Recipe recipe(int epochs) {
    return Recipe.standard(epochs)
        .withBatch(16)
        .withAugmentation(Augmentation.parse("crop:1,flip"))
        .withLabelSmoothing(0.1)
        .withSeed(7);
  }

  public static TrainingRun run(int epochs) {
    Recipe recipe = recipe(epochs);
    return TrainingRun.of(
            network(Initialization.initialize(graph(), recipe.seed())),
            new Stripes(40),
            recipe,
            engine())
        .withValidation(new Stripes(20))
        .withThreads(1);
  }

  /** Lines that lie, stand, or do neither, under noise. */
  record Stripes(int size) implements Dataset {
    @Override
    public String name() {
      return "stripes";
    }

    @Override
    public List<String> labels() {
      return List.of("lying", "standing", "neither");
    }

    @Override
    public int label(int index) {
      return index % 3;
    }

    @Override
    public Picture picture(int index) {
      Randomness randomness = Randomness.keyed("stripes", index);
      byte[] samples = new byte[64];
      for (int i = 0; i < 64; i++) {
        int line =
            switch (label(index)) {
              case 0 -> i / 8 % 2;
              case 1 -> i % 2;
              default -> 1;
            };
        samples[i] = (byte) (line * 180 + randomness.below(60));
      }
      return Picture.of(8, 8, 1, samples);
    }
  }
}
