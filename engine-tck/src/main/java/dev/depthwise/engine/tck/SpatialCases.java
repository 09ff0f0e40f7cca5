package dev.depthwise.engine.tck;

import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.crop;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.layerNorm;
import static dev.depthwise.network.Blocks.localResponseNorm;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.upsample;
import static dev.depthwise.network.Blocks.zeroPad;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Flatten;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.Window;
import java.util.List;
import java.util.stream.Stream;

/**
 * Operations that move, widen or narrow pictures, pooling in ceil mode, and norms over channels.
 */
final class SpatialCases {
  private SpatialCases() {}

  static List<TckCase> all() {
    return Stream.of(ceilPools(), borders(), upsamplings(), norms(), vectors())
        .flatMap(List::stream)
        .toList();
  }

  private static List<TckCase> ceilPools() {
    Window googLeNet = k(3).stride(2).pad(0).ceil();
    Window padded = k(3).stride(2).pad(1).ceil();
    Window lopsided = k(4, 3).stride(3).pad(new Padding.Explicit(2, 0, 1, 1)).ceil();
    return List.of(
        max("3x3/2", Shape.of(5, 8, 6), googLeNet),
        max("3x3/2, padded", Shape.of(17, 6, 8), padded),
        max("2x2/2", Shape.of(3, 5, 7), k(2).stride(2).ceil()),
        max("1x1/2", Shape.of(3, 6, 4), k(1).stride(2).ceil()),
        max("lopsided", Shape.of(1, 9, 6), lopsided),
        max("larger than the picture", Shape.of(5, 2, 2), googLeNet),
        average("3x3/2", Shape.of(5, 8, 6), googLeNet, false),
        average("3x3/2, counted", Shape.of(5, 8, 6), googLeNet, true),
        average("3x3/2, padded", Shape.of(17, 6, 8), padded, false),
        average("3x3/2, padded, counted", Shape.of(17, 6, 8), padded, true),
        average("hanging over one side", Shape.of(3, 7, 8), padded, true),
        average("lopsided, counted", Shape.of(1, 9, 6), lopsided, true),
        average("that fits", Shape.of(3, 7, 5), padded, true));
  }

  private static TckCase max(String name, Shape input, Window window) {
    return TckCase.of("ceil max " + name, input, maxPool("op", window));
  }

  private static TckCase average(String name, Shape input, Window window, boolean counted) {
    return TckCase.of("ceil average " + name, input, averagePool("op", window, counted));
  }

  private static List<TckCase> borders() {
    return List.of(
        TckCase.of("crop", Shape.of(5, 7, 13), crop("op", 1, 2, 3, 4)),
        TckCase.of("crop to one", Shape.of(17, 3, 2), crop("op", 2, 0, 0, 1)),
        TckCase.of("crop of one channel", Shape.of(1, 5, 5), crop("op", 0, 1, 0, 0)),
        TckCase.of("crop of 16 channels", Shape.of(16, 5, 5), crop("op", 1, 0, 0, 2)),
        TckCase.of("zero pad", Shape.of(5, 3, 7), zeroPad("op", 1, 2, 3, 4)),
        TckCase.of("zero pad of one", Shape.of(1, 1, 1), zeroPad("op", 1, 0, 0, 2)),
        TckCase.of("zero pad of one side", Shape.of(17, 5, 2), zeroPad("op", 0, 0, 0, 3)),
        TckCase.of("zero pad of 16 channels", Shape.of(16, 2, 3), zeroPad("op", 2, 0, 0, 0)),
        TckCase.of(
            "zero pad, max",
            Shape.of(3, 5, 7),
            chain(zeroPad("pad", 1, 1, 1, 1), maxPool("op", k(3).stride(2).valid()))),
        TckCase.of(
            "zero pad, crop",
            Shape.of(3, 5, 7),
            chain(zeroPad("pad", 0, 0, 1, 1), crop("op", 1, 1, 0, 0))),
        TckCase.of(
            "zero pad, conv",
            Shape.of(3, 6, 8),
            chain(zeroPad("pad", 0, 1, 1, 0), conv("op", 5, k(3).stride(2).valid()))),
        TckCase.of(
            "zero pad wider than the window, conv",
            Shape.of(3, 6, 8),
            chain(zeroPad("pad", 0, 5, 1, 0), conv("op", 5, k(3).valid()))));
  }

  private static List<TckCase> upsamplings() {
    return Stream.of(Upsample.Mode.values())
        .flatMap(
            mode ->
                Stream.of(
                    upsampling(mode, Shape.of(5, 3, 7), 2, 2),
                    upsampling(mode, Shape.of(17, 2, 5), 3, 1),
                    upsampling(mode, Shape.of(3, 5, 2), 1, 4),
                    upsampling(mode, Shape.of(1, 1, 3), 5, 3),
                    upsampling(mode, Shape.of(16, 1, 1), 2, 2),
                    upsampling(mode, Shape.of(3, 5, 2), 1, 1)))
        .toList();
  }

  private static TckCase upsampling(Upsample.Mode mode, Shape input, int height, int width) {
    return TckCase.of(
        "%s upsample of %s by %d and %d".formatted(mode, input, height, width),
        input,
        upsample("op", height, width, mode));
  }

  private static List<TckCase> norms() {
    return List.of(
        response(new LocalResponseNorm(5, 1e-4, 0.75, 2), Shape.of(17, 5, 7)),
        response(new LocalResponseNorm(5, 0.5, 0.75, 1), Shape.of(32, 3, 5)),
        response(new LocalResponseNorm(3, 0.7, 0.75, 1), Shape.of(5, 7, 3)),
        response(new LocalResponseNorm(5, 0.7, 1, 2), Shape.of(3, 5, 2)),
        response(new LocalResponseNorm(1, 2, 0.75, 1), Shape.of(5, 2, 3)),
        response(new LocalResponseNorm(11, 0.3, 0.75, 1), Shape.of(24, 2, 3)),
        response(new LocalResponseNorm(3, 0.7, 0.5, 1), Shape.of(7, 3, 5)),
        response(LocalResponseNorm.ofMean(5, 2, 0.75, 1), Shape.of(16, 5, 5)),
        response(LocalResponseNorm.ofMean(5, 1, 0.75, 1), Shape.of(1, 2, 2)),
        TckCase.of("layer norm", Shape.of(5, 7, 5), layerNorm("op", 1e-3)),
        TckCase.of("layer norm of 2 channels", Shape.of(2, 3, 13), layerNorm("op", 0.1)),
        TckCase.of("layer norm of 17 channels", Shape.of(17, 1, 2), layerNorm("op", 1e-6)),
        TckCase.of("layer norm of 32 channels", Shape.of(32, 5, 2), layerNorm("op", 1)),
        TckCase.of(
            "layer norm between",
            Shape.of(3, 5, 7),
            chain(conv("a", 6, k(3)), layerNorm("op", 1e-3), conv("b", 3, k(1)))));
  }

  private static TckCase response(LocalResponseNorm norm, Shape input) {
    return TckCase.of("%s of %s".formatted(norm, input), input, localResponseNorm("op", norm));
  }

  private static List<TckCase> vectors() {
    return List.of(
        TckCase.of("flatten, HWC", Shape.of(5, 3, 7), flatten(Flatten.Order.HWC)),
        TckCase.of("flatten of one pixel, HWC", Shape.of(5, 1, 1), flatten(Flatten.Order.HWC)),
        TckCase.of("flatten of one row, HWC", Shape.of(3, 1, 7), flatten(Flatten.Order.HWC)),
        TckCase.of(
            "layer norm of a vector", Shape.of(7, 2, 3), chain(flatten(), layerNorm("op", 1e-2))));
  }
}
