package dev.depthwise.engine.tck;

import static dev.depthwise.network.Blocks.adaptiveAveragePool;
import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.depthwise;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.gate;
import static dev.depthwise.network.Blocks.gelu;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.hardSigmoid;
import static dev.depthwise.network.Blocks.hardSwish;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.layerScale;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.padChannelsTo;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.relu6;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Blocks.scale;
import static dev.depthwise.network.Blocks.separable;
import static dev.depthwise.network.Blocks.squeeze;
import static dev.depthwise.network.Blocks.standardize;
import static dev.depthwise.network.Blocks.stochasticDepth;
import static dev.depthwise.network.Blocks.subsample;
import static dev.depthwise.network.Blocks.swish;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Value;
import dev.depthwise.network.Window;
import java.util.List;

/** What passes fuse, where lives overlap, and small networks from end to end. */
final class PatternCases {
  private static final Shape PICTURE = Shape.of(5, 7, 6);

  private PatternCases() {}

  static List<TckCase> all() {
    TckCase basic = TckCase.of("identity shortcut", PICTURE, basic("block", 5, 1, identity()));
    return List.of(
        TckCase.of("conv, norm", PICTURE, convBn("body", 3, k(3))),
        TckCase.of("conv, norm, relu", PICTURE, chain(convBn("body", 3, k(3)), relu())),
        TckCase.of("conv with bias, relu", PICTURE, chain(biased("body"), relu())),
        TckCase.of("conv, relu, conv", PICTURE, chain(biased("a"), relu(), biased("b"))),
        TckCase.of("relu of relu", PICTURE, chain(biased("body"), relu(), relu())),
        basic,
        basic.withFrozenStatistics(),
        TckCase.of("projection", PICTURE, basic("block", 6, 2, project(6, 2))),
        TckCase.of(
            "option A", PICTURE, basic("block", 6, 2, chain(subsample(2), padChannelsTo(6)))),
        TckCase.of("two blocks", PICTURE, twoBlocks()),
        TckCase.of("pre-activation", PICTURE, chain(biased("stem"), preActivation("block"))),
        TckCase.of("sum without relu", PICTURE, residual(biased("body"), biased("shortcut"))),
        TckCase.of("sum of an input", PICTURE, residual(biased("body"), identity())),
        TckCase.of("sum read twice", PICTURE, sumReadTwice()),
        TckCase.of("shortcut read again", PICTURE, shortcutReadAgain()),
        TckCase.of("norm read twice", PICTURE, normReadTwice()),
        TckCase.of("sum of three", PICTURE, sumOfThree()),
        TckCase.of("four branches", PICTURE, chain(inception("mixed"), biased("next"))),
        TckCase.of("branches of branches", PICTURE, chain(inception("a"), inception("b"))),
        TckCase.of(
            "separable", PICTURE, chain(separable("a", 6, k(3)), relu(), separable("b", 3, k(3)))),
        TckCase.of(
            "dropout between", PICTURE, chain(biased("a"), dropout("drop", 0.3), biased("b"))),
        TckCase.of("relu6 behind everything", PICTURE, chain(inverted("a"), inverted("b"))),
        TckCase.of("swish behind a sum", PICTURE, swishBehindSum()),
        TckCase.of("MobileNetV3's block", PICTURE, chain(biased("stem"), mobile("block"))),
        TckCase.of("Inception-ResNet's block", PICTURE, chain(biased("stem"), scaled("block"))),
        TckCase.of("ConvNeXt's block", PICTURE, chain(biased("stem"), convNext("block"))),
        TckCase.of("factors over themselves", Shape.of(6, 1, 1), factorsOverThemselves()),
        TckCase.of("scales behind a norm", PICTURE, scalesBehindNorm()),
        TckCase.of("a network that prepares its pictures", PICTURE, preparesPictures()),
        TckCase.of("a small network", Shape.of(3, 13, 11), network()),
        TckCase.of("taps", Shape.of(3, 13, 11), network()).withOutputs("layer1", "output", "conv1"),
        TckCase.of("input and output", PICTURE, biased("body")).withOutputs("output", "input"),
        TckCase.of(
                "a rectified value as output",
                PICTURE,
                chain(biased("body"), relu("relu"), biased("next")))
            .withOutputs("body", "relu", "output"),
        TckCase.of("an auxiliary head", PICTURE, auxiliaryHead()),
        TckCase.of(
            "windows of two sizes",
            PICTURE,
            chain(biased("stem"), adaptiveAveragePool("pool", 4, 4), biased("next"))),
        TckCase.of("one value as two outputs", PICTURE, twoNames()));
  }

  /** A residual network in miniature. */
  static Block network() {
    return chain(body(), dropout("drop", 0.2), dense("fc", 7));
  }

  /** The same without dropout, which draws other numbers for each picture of a batch. */
  static Block steady() {
    return chain(body(), dense("fc", 7));
  }

  private static Block body() {
    return chain(
        stem(),
        basic("layer1", 6, 1, identity()),
        basic("layer2", 8, 2, project(8, 2)),
        globalAveragePool("pool"));
  }

  /** The first layer. */
  static Block stem() {
    return chain(convBn("conv1", 6, k(3).stride(2)), relu(), maxPool("maxpool", k(3).stride(1)));
  }

  /** A residual block that changes no shape, and drops. */
  static Block block(int index) {
    return chain(basic(String.valueOf(index), 6, 1, identity()), dropout("drop" + index, 0.1));
  }

  /** The last layers. */
  static Block head() {
    return chain(globalAveragePool("pool"), dense("fc", 7));
  }

  private static Block twoBlocks() {
    return chain(basic("a", 6, 1, project(6, 1)), basic("b", 6, 1, identity()));
  }

  private static Block convBn(String name, int filters, Window window) {
    return chain(conv(name, filters, window), batchNorm(name + "_bn", 1e-3, 0.1));
  }

  private static Block biased(String name) {
    return conv(name, 5, k(3), 1, true);
  }

  private static Block basic(String name, int filters, int stride, Block shortcut) {
    return named(
        name,
        residual(
            chain(
                convBn("conv1", filters, k(3).stride(stride)),
                relu(),
                convBn("conv2", filters, k(3))),
            shortcut),
        relu());
  }

  private static Block project(int filters, int stride) {
    return convBn("downsample", filters, k(1).stride(stride));
  }

  private static Block preActivation(String name) {
    return named(
        name,
        residual(
            chain(
                batchNorm("bn1", 1e-3, 0.1),
                relu(),
                conv("conv1", 3, k(1)),
                batchNorm("bn2", 1e-3, 0.1),
                relu(),
                conv("conv2", 5, k(3))),
            identity()));
  }

  private static Block inception(String name) {
    return named(
        name,
        branches(
            conv("one", 3, k(1)),
            chain(conv("reduce3", 1, k(1)), relu(), conv("three", 5, k(3))),
            chain(conv("reduce5", 2, k(1)), relu(), conv("five", 1, k(5)), relu()),
            chain(averagePool("pool", k(3), false), conv("project", 2, k(1)))));
  }

  /** Sandler et al. 2018, Fig. 4d. */
  private static Block inverted(String name) {
    return named(
        name,
        residual(
            chain(
                convBn("expand", 8, k(1)),
                relu6("relu1"),
                depthwise("depthwise", k(3)),
                batchNorm("bn", 1e-3, 0.1),
                relu6("relu2"),
                convBn("project", 5, k(1))),
            identity()));
  }

  private static Block swishBehindSum() {
    return chain(
        biased("stem"),
        residual(chain(biased("a"), swish("first"), biased("b")), identity()),
        swish("second"),
        biased("next"));
  }

  /** Howard et al. 2019, Fig. 4, with the functions of its Table 1. */
  private static Block mobile(String name) {
    Block factors =
        chain(
            squeeze("avgpool"),
            conv("fc1", 2, k(1), 1, true),
            relu("relu"),
            conv("fc2", 8, k(1), 1, true),
            hardSigmoid("sigmoid"));
    return named(
        name,
        residual(
            chain(
                convBn("expand", 8, k(1)),
                hardSwish("swish1"),
                depthwise("depthwise", k(5)),
                batchNorm("bn", 1e-3, 0.1),
                hardSwish("swish2"),
                gate("excited", factors),
                convBn("project", 5, k(1)),
                stochasticDepth("drop", 0.3)),
            identity()));
  }

  /** Szegedy et al. 2016, Fig. 16, and Section 3.3. */
  private static Block scaled(String name) {
    return named(
        name,
        residual(
            chain(
                branches(conv("left", 2, k(1)), chain(conv("right1", 3, k(1)), relu())),
                conv("up", 5, k(1), 1, true),
                scale("scale", 0.17)),
            identity()),
        relu());
  }

  /** Liu et al. 2022, Fig. 4, without its norm. */
  private static Block convNext(String name) {
    return named(
        name,
        residual(
            chain(
                depthwise("depthwise", k(7)),
                conv("expand", 8, k(1), 1, true),
                gelu("gelu"),
                conv("project", 5, k(1), 1, true),
                layerScale("scale", 1e-6),
                stochasticDepth("drop", 0.3)),
            identity()));
  }

  /** The picture is needed later, so that a product as large may only lie over its factors. */
  private static Block factorsOverThemselves() {
    return chain(
        conv("stem", 6, k(1)),
        residual(
            chain(gate("gate", chain(globalAveragePool("pool"), dense("fc", 6))), relu()),
            identity()));
  }

  private static Block scalesBehindNorm() {
    return chain(
        convBn("body", 5, k(3)), layerScale("layer", 1), scale("half", 0.5), biased("next"));
  }

  /** EfficientNet in Keras. */
  private static Block preparesPictures() {
    return chain(
        scale("rescaling", 1 / 255.0),
        standardize("normalization"),
        convBn("stem", 5, k(3).stride(2).same()),
        swish("activation"));
  }

  private static Block sumReadTwice() {
    return chain(
        residual("first", biased("a"), biased("b")),
        residual("second", chain(relu(), biased("c")), identity()),
        relu());
  }

  private static Block shortcutReadAgain() {
    return (scope, input) -> {
      Value stem = biased("stem").apply(scope, input);
      Value sum = residual("sum", biased("body"), identity()).apply(scope, stem);
      return branches(identity(), (inner, value) -> stem).apply(scope, sum);
    };
  }

  private static Block normReadTwice() {
    return chain(
        convBn("body", 5, k(3)), residual("sum", chain(relu(), biased("next")), identity()));
  }

  private static Block sumOfThree() {
    return residual("outer", residual("inner", biased("a"), biased("b")), biased("c"));
  }

  private static Block auxiliaryHead() {
    return (scope, input) -> {
      Value trunk = chain(convBn("stem", 5, k(3)), relu()).apply(scope, input);
      scope.output(
          "auxiliary", chain(globalAveragePool("side"), dense("aux", 3)).apply(scope, trunk));
      return chain(biased("body"), globalAveragePool("pool"), dense("fc", 4)).apply(scope, trunk);
    };
  }

  private static Block twoNames() {
    return (scope, input) -> {
      Value value = chain(biased("body"), relu()).apply(scope, input);
      scope.output("again", value);
      return value;
    };
  }
}
