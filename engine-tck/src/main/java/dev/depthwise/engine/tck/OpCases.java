package dev.depthwise.engine.tck;

import static dev.depthwise.network.Blocks.activation;
import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.depthwise;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.gate;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.layerScale;
import static dev.depthwise.network.Blocks.maxPool;
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
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Activation;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Block;
import dev.depthwise.network.Dense;
import dev.depthwise.network.PRelu;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Every operation by itself, on shapes that are odd in every way. */
final class OpCases {
  private OpCases() {}

  static List<TckCase> all() {
    return Stream.of(
            convolutions(),
            pools(),
            norms(),
            activations(),
            products(),
            elementwise(),
            vectors(),
            SpatialCases.all())
        .flatMap(List::stream)
        .toList();
  }

  private static List<TckCase> convolutions() {
    return List.of(
        convolution("3x3", Shape.of(3, 5, 7), 5, k(3)),
        convolution("1x1", Shape.of(17, 7, 13), 5, k(1)),
        convolution("1x1 on one element", Shape.of(1, 1, 1), 1, k(1)),
        convolution("1x1 with stride 2", Shape.of(5, 7, 13), 17, k(1).stride(2)),
        convolution("1x1 with stride 3", Shape.of(3, 7, 5), 3, k(1).stride(3)),
        convolution("whole vectors of channels", Shape.of(16, 7, 7), 32, k(3)),
        convolution("3x3 with stride 2", Shape.of(5, 13, 7), 3, k(3).stride(2)),
        convolution("3x3 with stride 3, unpadded", Shape.of(5, 13, 13), 3, k(3).stride(3).valid()),
        convolution("7x7 with stride 2, a stem", Shape.of(3, 13, 13), 5, k(7).stride(2)),
        convolution("2x3", Shape.of(3, 5, 7), 4, k(2, 3)),
        convolution("1x7", Shape.of(5, 2, 13), 3, k(1, 7)),
        convolution("7x1", Shape.of(5, 13, 2), 3, k(7, 1)),
        convolution("unequal strides", Shape.of(3, 7, 13), 5, unequal()),
        convolution("dilation 2", Shape.of(3, 13, 7), 5, k(3).dilation(2)),
        convolution("dilation 3 and stride 2, unpadded", Shape.of(1, 13, 13), 3, gaps()),
        convolution("padding below and behind", Shape.of(3, 5, 7), 5, k(3).stride(2).pad(corner())),
        convolution(
            "four paddings", Shape.of(3, 5, 7), 5, k(4).pad(new Padding.Explicit(3, 0, 1, 2))),
        convolution("as TensorFlow pads", Shape.of(3, 6, 7), 5, k(3).stride(2).same()),
        convolution("larger than the picture", Shape.of(3, 2, 2), 5, k(5)),
        convolution("far larger than the picture", Shape.of(3, 1, 2), 1, k(7)),
        grouped("2 groups", Shape.of(6, 5, 7), 10, k(3), 2),
        grouped("3 groups, 1x1 with stride 2", Shape.of(15, 5, 7), 9, k(1).stride(2), 3),
        grouped("depthwise with multiplier 2", Shape.of(3, 5, 5), 6, k(3), 3),
        grouped("depthwise with bias", Shape.of(17, 5, 7), 17, k(3), 17),
        TckCase.of("depthwise", Shape.of(5, 7, 13), depthwise("op", k(3))),
        TckCase.of("depthwise 5x5, stride 2", Shape.of(17, 13, 5), depthwise("op", k(5).stride(2))),
        TckCase.of("conv without bias", Shape.of(3, 5, 7), conv("op", 5, k(3))));
  }

  private static Window unequal() {
    return new Window(3, 3, 1, 2, 1, 1, new Padding.Explicit(1, 1, 1, 1));
  }

  private static Window gaps() {
    return k(3).dilation(3).stride(2).valid();
  }

  private static Padding corner() {
    return new Padding.Explicit(0, 0, 1, 1);
  }

  private static TckCase convolution(String name, Shape input, int filters, Window window) {
    return grouped(name, input, filters, window, 1);
  }

  private static TckCase grouped(String name, Shape input, int filters, Window window, int groups) {
    return TckCase.of("conv " + name, input, conv("op", filters, window, groups, true));
  }

  private static List<TckCase> pools() {
    return List.of(
        TckCase.of("max 3x3/2", Shape.of(5, 7, 13), maxPool("op", k(3).stride(2))),
        TckCase.of("max 2x2/2, cutting off", Shape.of(3, 5, 7), maxPool("op", k(2).stride(2))),
        TckCase.of("max 3x3/1", Shape.of(17, 5, 2), maxPool("op", k(3))),
        TckCase.of("max 1x1/2", Shape.of(3, 5, 7), maxPool("op", k(1).stride(2))),
        TckCase.of("max 3x3/2, corner", Shape.of(1, 6, 8), maxPool("op", k(3).stride(2).same())),
        TckCase.of("max over all", Shape.of(3, 2, 5), maxPool("op", k(2, 5).valid())),
        TckCase.of("max of equals", Shape.of(5, 7, 13), maxPool("op", k(3).stride(2))).withTies(),
        average("3x3/1", Shape.of(3, 5, 7), k(3), false),
        average("3x3/1, counted", Shape.of(3, 5, 7), k(3), true),
        average("3x3/2, corner", Shape.of(17, 6, 8), k(3).stride(2).same(), false),
        average("3x3/2, corner, counted", Shape.of(17, 6, 8), k(3).stride(2).same(), true),
        average("2x2/2, cutting off", Shape.of(5, 5, 7), k(2).stride(2).valid(), false),
        average("1x1/2", Shape.of(3, 5, 7), k(1).stride(2), true),
        TckCase.of("global average", Shape.of(17, 7, 5), globalAveragePool("op")),
        TckCase.of("global average of one", Shape.of(3, 1, 1), globalAveragePool("op")));
  }

  private static TckCase average(String name, Shape input, Window window, boolean counted) {
    return TckCase.of("average " + name, input, averagePool("op", window, counted));
  }

  private static List<TckCase> norms() {
    TckCase norm = TckCase.of("norm", Shape.of(5, 7, 5), batchNorm("op", 1e-3, 0.1));
    TckCase narrow = TckCase.of("norm of one channel", Shape.of(1, 2, 13), unscaled());
    TckCase wide = TckCase.of("norm of 17 channels", Shape.of(17, 1, 2), batchNorm("op", 0.1, 1));
    TckCase unscaled = TckCase.of("norm without scale", Shape.of(3, 7, 13), unscaled());
    TckCase vectors = TckCase.of("norm of 16 channels", Shape.of(16, 5, 2), batchNorm("op", 1, 0));
    return Stream.of(norm, narrow, wide, unscaled, vectors)
        .flatMap(each -> Stream.of(each, each.withFrozenStatistics()))
        .toList();
  }

  private static Block unscaled() {
    return (scope, input) -> scope.child("op").emit(new BatchNorm(1e-3, 0.01, false), input);
  }

  private static List<TckCase> activations() {
    Stream<Activation> all =
        Stream.concat(
            Arrays.stream(Activation.Function.values()).map(OpCases::usual),
            Stream.of(
                new Activation(Activation.Function.ELU, 0.3),
                new Activation(Activation.Function.HARD_SIGMOID, 0.2),
                new Activation(Activation.Function.SWISH, 1.702)));
    List<TckCase> cases = new ArrayList<>();
    all.forEach(
        each -> {
          // Wide enough to reach where they saturate or have a kink.
          cases.add(
              TckCase.of(
                  each.toString(),
                  Shape.of(5, 7, 13),
                  chain(scale("wide", 9), activation("op", each))));
          cases.add(
              TckCase.of(
                  each + " of a vector",
                  Shape.of(17, 1, 1),
                  chain(flatten(), activation("op", each))));
        });
    cases.add(TckCase.of("prelu", Shape.of(5, 7, 13), prelu("op")));
    cases.add(TckCase.of("prelu of one channel", Shape.of(1, 3, 5), prelu("op")));
    cases.add(TckCase.of("prelu of 16 channels", Shape.of(16, 3, 5), prelu("op")));
    cases.add(TckCase.of("prelu of a vector", Shape.of(17, 1, 1), chain(flatten(), prelu("op"))));
    cases.add(TckCase.of("one slope", Shape.of(5, 7, 13), oneSlope()));
    cases.add(TckCase.of("one slope of one channel", Shape.of(1, 3, 5), oneSlope()));
    cases.add(
        TckCase.of("one slope of a vector", Shape.of(17, 1, 1), chain(flatten(), oneSlope())));
    return cases;
  }

  private static Activation usual(Activation.Function function) {
    return switch (function) {
      case ELU, SWISH -> new Activation(function, 1);
      case HARD_SIGMOID -> new Activation(function, 1.0 / 6);
      case LEAKY_RELU -> new Activation(function, 0.01);
      case GELU, GELU_TANH, HARD_SWISH, RELU6, SIGMOID, TANH -> Activation.of(function);
    };
  }

  private static Block oneSlope() {
    return (scope, input) -> scope.child("op").emit(new PRelu(true), input);
  }

  private static List<TckCase> products() {
    return List.of(
        TckCase.of("product", Shape.of(5, 7, 3), gate("op", conv("conv", 5, k(3)))),
        TckCase.of("square", Shape.of(3, 5, 1), gate("op", identity())),
        TckCase.of("product with a vector", Shape.of(5, 7, 3), gate("op", excite(5))),
        TckCase.of("product with a short vector", Shape.of(1, 2, 3), gate("op", excite(1))),
        TckCase.of(
            "product with a picture of one place",
            Shape.of(17, 2, 5),
            gate("op", chain(squeeze("pool"), conv("conv", 17, k(1))))),
        TckCase.of("product of one place", Shape.of(6, 1, 1), gate("op", excite(6))),
        TckCase.of(
            "product of vectors",
            Shape.of(7, 1, 1),
            chain(flatten(), gate("op", dense("dense", 7)))),
        TckCase.of("scale", Shape.of(5, 7, 13), scale("op", 0.17)),
        TckCase.of("scale by nothing", Shape.of(5, 1, 3), scale("op", 0)),
        TckCase.of("scale of a vector", Shape.of(7, 1, 1), chain(flatten(), scale("op", -2))),
        TckCase.of("layer scale", Shape.of(5, 7, 13), layerScale("op", 1)),
        TckCase.of("layer scale of 16 channels", Shape.of(16, 3, 5), layerScale("op", 1)),
        TckCase.of("layer scale of one channel", Shape.of(1, 3, 5), layerScale("op", 1)),
        TckCase.of("layer scale of one place", Shape.of(17, 1, 1), layerScale("op", 1)),
        TckCase.of("standardization", Shape.of(3, 7, 13), standardize("op")),
        TckCase.of("standardization of 17 channels", Shape.of(17, 1, 5), standardize("op")),
        TckCase.of("standardization of one place", Shape.of(1, 1, 1), standardize("op")),
        TckCase.of("stochastic depth", Shape.of(5, 7, 13), stochasticDepth("op", 0.4)),
        TckCase.of(
            "stochastic depth of one channel", Shape.of(1, 2, 3), stochasticDepth("op", 0.4)),
        TckCase.of("stochastic depth of nothing", Shape.of(3, 2, 5), stochasticDepth("op", 0)),
        TckCase.of(
            "stochastic depth of a vector",
            Shape.of(7, 1, 1),
            chain(flatten(), stochasticDepth("op", 0.4))));
  }

  private static Block excite(int channels) {
    return chain(globalAveragePool("pool"), dense("dense", channels));
  }

  private static List<TckCase> elementwise() {
    return List.of(
        TckCase.of("relu", Shape.of(5, 7, 13), relu("op")),
        TckCase.of("add", Shape.of(5, 7, 3), residual("op", conv("conv", 5, k(1)), identity())),
        TckCase.of("add to itself", Shape.of(3, 5, 1), residual("op", identity(), identity())),
        TckCase.of("add of one to itself", Shape.of(3, 5, 7), twice()),
        TckCase.of(
            "concat of 2",
            Shape.of(3, 5, 7),
            branches(conv("left", 1, k(1)), conv("right", 17, k(3)))),
        TckCase.of(
            "concat of 3",
            Shape.of(5, 2, 13),
            branches(conv("left", 3, k(1)), identity(), maxPool("right", k(3)))),
        TckCase.of("concat with itself", Shape.of(5, 2, 3), branches(identity(), identity())),
        TckCase.of("5 channels more", Shape.of(3, 5, 7), padChannelsTo(8)),
        TckCase.of("1 channel more", Shape.of(1, 1, 2), padChannelsTo(2)),
        TckCase.of("subsample by 2", Shape.of(5, 7, 13), subsample(2)),
        TckCase.of("subsample by 3", Shape.of(3, 13, 2), subsample(3)),
        TckCase.of("option A", Shape.of(3, 5, 7), chain(subsample(2), padChannelsTo(6))),
        TckCase.of("dropout", Shape.of(5, 7, 13), dropout("op", 0.3)),
        TckCase.of("dropout of nothing", Shape.of(3, 2, 5), dropout("op", 0)),
        TckCase.of("nothing at all", Shape.of(3, 2, 5), identity()));
  }

  private static Block twice() {
    return chain(conv("conv", 5, k(1)), residual("op", identity(), identity()));
  }

  private static List<TckCase> vectors() {
    return List.of(
        TckCase.of("flatten", Shape.of(5, 3, 7), flatten()),
        TckCase.of("flatten of one pixel", Shape.of(5, 1, 1), flatten()),
        TckCase.of("dense", Shape.of(5, 3, 7), chain(flatten(), dense("op", 17))),
        TckCase.of("dense to one", Shape.of(1, 2, 1), chain(flatten(), dense("op", 1))),
        TckCase.of(
            "dense without bias",
            Shape.of(16, 1, 1),
            chain(
                flatten(), (scope, input) -> scope.child("op").emit(new Dense(16, false), input))),
        TckCase.of("dropout of a vector", Shape.of(7, 1, 1), chain(flatten(), dropout("op", 0.5))),
        TckCase.of("relu of a vector", Shape.of(7, 1, 1), chain(flatten(), relu("op"))),
        TckCase.of("softmax", Shape.of(5, 3, 1), chain(flatten(), softmax("op"))),
        TckCase.of("softmax of one", Shape.of(1, 1, 1), chain(flatten(), softmax("op"))),
        TckCase.of(
            "softmax behind dense",
            Shape.of(13, 2, 1),
            chain(flatten(), dense("logits", 10), softmax("op"))));
  }
}
