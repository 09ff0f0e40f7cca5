package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Blocks.scale;
import static dev.depthwise.network.Blocks.squeeze;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import dev.depthwise.zoo.Architecture.Rename;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;
import java.util.function.Function;

/**
 * Inception modules as bodies of residual blocks (Szegedy et al. 2016, Section 3.2).
 *
 * <p>{@code inception_resnet_v1} is as in the well-known FaceNet port: Fig. 15 with one more block
 * at 8x8, and before the classifier an embedding of 512 numbers, {@code last_bn}. {@code
 * inception_resnet_v2} is as in the authors' code, which Keras and Cadene follow: the stem is
 * version 1's with a module of Inception v3 behind, and there are twice the blocks of the figure.
 *
 * @param parts in the names of a port
 */
record InceptionResNet(InceptionParts parts) {
  private static final Window HALVING = k(3).stride(2).valid();

  static List<Architecture> members() {
    Rename classifier = Rename.of("classif\\.(.*)", "last_linear.$1");
    Traits renamed = Traits.none().withFormerNames(style -> List.of(classifier));
    List<Style> both = List.of(Style.KERAS, Style.TORCH);
    return List.of(
        member("inception_resnet_v1", List.of(Style.TORCH), Traits.none(), InceptionResNet::first),
        member("inception_resnet_v2", both, renamed, InceptionResNet::second));
  }

  private static Architecture member(
      String id, List<Style> styles, Traits traits, Function<Settings, Graph> definition) {
    Shape input = Shape.of(3, 299, 299);
    return new Architecture(
        id, "inception_resnet", InceptionV4.PAPER, input, 1000, styles, traits, definition);
  }

  private static Graph first(Settings settings) {
    InceptionResNet net = new InceptionResNet(InceptionParts.of(settings.style(), false));
    return settings.network(
        net.parts.separator(),
        net.first(),
        chain(
            squeeze("avgpool_1a"),
            dropout("dropout", 0.6),
            conv("last_linear", 512, k(1)),
            batchNorm("last_bn", 1e-3, 0.1),
            flatten(),
            dense("logits", settings.classes())));
  }

  private static Graph second(Settings settings) {
    InceptionResNet net = new InceptionResNet(InceptionParts.of(settings.style(), false));
    String classifier = net.parts.keras() ? "predictions" : "last_linear";
    return settings.network(
        net.parts.separator(),
        net.second(),
        chain(globalAveragePool("avg_pool"), dense(classifier, settings.classes())));
  }

  /** Fig. 15 left. */
  private Block first() {
    Block[] at8 = inception8(192, 192);
    return chain(
        stem(),
        parts.conv("conv2d_4b", 256, HALVING),
        blocks("repeat_1", "block35", 5, 0.17, inception35(32, 32)),
        reductionA(192, 192, 256),
        blocks("repeat_2", "block17", 10, 0.1, inception17(128, 128, 128)),
        reductionB(256, 256),
        blocks("repeat_3", "block8", 5, 0.2, at8),
        block("block8", "block8_6", 1, identity(), at8));
  }

  /** Fig. 15 right, twice as deep. */
  private Block second() {
    Block[] at8 = inception8(224, 256);
    return chain(
        stem(),
        parts.maxPool("maxpool_5a"),
        mixed(),
        blocks("repeat", "block35", 10, 0.17, inception35(48, 64)),
        reductionA(256, 256, 384),
        blocks("repeat_1", "block17", 20, 0.1, inception17(192, 160, 192)),
        reductionB(288, 320),
        blocks("repeat_2", "block8", 9, 0.2, at8),
        block("block8", "block8_10", 1, identity(), at8),
        parts.conv("conv2d_7b", "conv_7b", 1536, k(1)));
  }

  /** Fig. 14, up to the last 3x3. */
  private Block stem() {
    return chain(
        parts.conv("conv2d_1a", 32, HALVING),
        parts.conv("conv2d_2a", 32, k(3).valid()),
        parts.conv("conv2d_2b", 64, k(3)),
        parts.maxPool("maxpool_3a"),
        parts.conv("conv2d_3b", 80, k(1)),
        parts.conv("conv2d_4a", 192, k(3).valid()));
  }

  /** Inception v3's module at 35x35, somewhat wider. */
  private Block mixed() {
    return module(
        "mixed_5b",
        unit(96, k(1)),
        parts.path(unit(48, k(1)), unit(64, k(5))),
        parts.path(unit(64, k(1)), unit(96, k(3)), unit(96, k(3))),
        parts.path(parts.averagePool("pool"), unit(64, k(1))));
  }

  /** Fig. 10 and 16, at 35x35: paths side by side. */
  private Block[] inception35(int second, int third) {
    return new Block[] {
      unit(32, k(1)),
      parts.path(unit(32, k(1)), unit(32, k(3))),
      parts.path(unit(32, k(1)), unit(second, k(3)), unit(third, k(3)))
    };
  }

  /** Fig. 11 and 17, at 17x17. */
  private Block[] inception17(int alone, int wide, int tall) {
    return new Block[] {
      unit(alone, k(1)), parts.path(unit(128, k(1)), unit(wide, k(1, 7)), unit(tall, k(7, 1)))
    };
  }

  /** Fig. 13 and 19, at 8x8. */
  private Block[] inception8(int wide, int tall) {
    return new Block[] {
      unit(192, k(1)), parts.path(unit(192, k(1)), unit(wide, k(1, 3)), unit(tall, k(3, 1)))
    };
  }

  /** Fig. 7 with the numbers of Table 1, from 35x35 to 17x17. */
  private Block reductionA(int k, int l, int m) {
    return module(
        "mixed_6a",
        unit(384, HALVING),
        parts.path(unit(k, k(1)), unit(l, k(3)), unit(m, HALVING)),
        parts.maxPool("pool"));
  }

  /** Fig. 12 and 18, from 17x17 to 8x8. */
  private Block reductionB(int second, int third) {
    return module(
        "mixed_7a",
        parts.path(unit(256, k(1)), unit(384, HALVING)),
        parts.path(unit(256, k(1)), unit(second, HALVING)),
        parts.path(unit(256, k(1)), unit(second, k(3)), unit(third, HALVING)),
        parts.maxPool("pool"));
  }

  private Block blocks(String name, String keras, int count, double factor, Block... paths) {
    return repeat(
        count,
        index ->
            block(
                name + "." + index,
                keras + "_" + (index + 1),
                factor,
                relu(parts.keras() ? keras + "_" + (index + 1) + "_ac" : "relu"),
                paths));
  }

  /**
   * Fig. 20: the body is scaled down before the sum (Section 3.3). Its last layer has no batch
   * norm, and as many channels as come in.
   */
  private Block block(String name, String keras, double factor, Block end, Block... paths) {
    Block body =
        (scope, input) ->
            chain(
                    parts.counted(keras + "_mixed", paths),
                    conv(
                        parts.keras() ? keras + "_conv" : "conv2d",
                        input.shape().channels(),
                        k(1),
                        1,
                        true),
                    scale(parts.keras() ? keras + "_scale" : "scale", factor))
                .apply(scope, input);
    return parts.keras()
        ? chain(residual(keras, body, identity()), end)
        : named(name, residual(body, identity()), end);
  }

  private Block module(String name, Block... paths) {
    return parts.keras() ? parts.counted(name, paths) : named(name, parts.counted(name, paths));
  }

  private Block unit(int filters, Window window) {
    return parts.unit(filters, window);
  }
}
