package dev.depthwise.weights;

import static dev.depthwise.network.Blocks.activation;
import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.crop;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.gate;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.hardSigmoid;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.layerNorm;
import static dev.depthwise.network.Blocks.layerScale;
import static dev.depthwise.network.Blocks.localResponseNorm;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.padChannelsTo;
import static dev.depthwise.network.Blocks.prelu;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Blocks.scale;
import static dev.depthwise.network.Blocks.softmax;
import static dev.depthwise.network.Blocks.squeeze;
import static dev.depthwise.network.Blocks.standardize;
import static dev.depthwise.network.Blocks.stochasticDepth;
import static dev.depthwise.network.Blocks.subsample;
import static dev.depthwise.network.Blocks.upsample;
import static dev.depthwise.network.Blocks.zeroPad;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Graph;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Networks that the tests store. */
final class Models {
  private Models() {}

  /** One that has every operation, a side output and a tap. */
  static Graph everyOperation() {
    return Graph.of(
        Shape.of(3, 9, 8),
        ".",
        chain(
            conv("stem", 4, k(3, 5).stride(2).same(), 1, true),
            batchNorm("bn", 1e-3, 0.01),
            relu(),
            maxPool("maxpool", k(3).dilation(2).pad(2)),
            branches(conv("left", 4, k(1), 2, false), averagePool("average", k(2).same(), false)),
            named("block", residual(conv("conv", 8, k(3)), identity())),
            (scope, input) -> {
              scope.output("side", flatten().apply(scope.child("side"), input));
              scope.child("middle").tap(input);
              return input;
            },
            subsample(2),
            activation("elu", new Activation(Activation.Function.ELU, 0.5)),
            prelu("prelu"),
            gate("gate", chain(squeeze("squeeze"), hardSigmoid("sigmoid"))),
            scale("scale", 0.25),
            layerScale("layer", 1e-6),
            standardize("standardization"),
            stochasticDepth("depth", 0.125),
            padChannelsTo(12),
            localResponseNorm("lrn", new LocalResponseNorm(5, 1e-4, 0.75, 2)),
            layerNorm("ln", 1e-6),
            zeroPad("pad", 1, 2, 0, 3),
            crop("crop", 1, 0, 0, 1),
            upsample("up", 2, 3, Upsample.Mode.BILINEAR),
            globalAveragePool("pool"),
            dropout("dropout", 0.25),
            dense("fc", 5),
            softmax("probabilities")));
  }

  /** A small classifier in PyTorch's names. */
  static Graph classifier(int classes) {
    return Graph.of(
        Shape.of(1, 4, 4),
        ".",
        chain(
            conv("conv1", 2, k(3)),
            batchNorm("bn1", 1e-5, 0.1),
            globalAveragePool("avgpool"),
            dense("fc", classes)));
  }

  /** Weights that are all different. */
  static Weights weights(Graph graph, long seed) {
    Random random = new Random(seed);
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (key, shape) -> {
              float[] values = new float[shape.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat();
              }
              tensors.put(key, Tensor.of(shape, values));
            });
    return new Weights(tensors);
  }

  static Model model(Graph graph, long seed) {
    return new Model(graph, weights(graph, seed));
  }

  static Network stored(Graph graph, long seed) {
    Shape input = graph.input().shape();
    return new Network(
        new Model(graph, weights(graph, seed)),
        Preprocessing.stretched(
            input.channels(),
            input.height(),
            input.width(),
            java.util.Collections.nCopies(input.channels(), 0.1),
            java.util.Collections.nCopies(input.channels(), 1.0 / 3)),
        graph.output().shape().size() == 5
            ? List.of("ant", "bee", "café", "\"dog\"", "elk")
            : List.of(),
        Map.of("command", "train --seed 3"),
        Map.of("top-1", 0.9412, "loss", Double.NaN));
  }
}
