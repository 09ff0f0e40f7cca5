package dev.depthwise.engine.tck;

import static dev.depthwise.engine.tck.Closeness.assertClose;
import static dev.depthwise.engine.tck.Closeness.doubles;
import static dev.depthwise.network.Blocks.adaptiveAveragePool;
import static dev.depthwise.network.Blocks.averagePool;
import static dev.depthwise.network.Blocks.crop;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.layerNorm;
import static dev.depthwise.network.Blocks.localResponseNorm;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.upsample;
import static dev.depthwise.network.Blocks.zeroPad;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Block;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.Graph;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.Model;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.Weights;
import dev.depthwise.network.Window;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Results that were worked out by hand: they tell two conventions apart, which engines that agree
 * with each other do not.
 *
 * @param name says which convention
 * @param model one operation, with its weights
 * @param picture in CHW order
 * @param expected in CHW order
 */
record KnownValues(String name, Model model, List<Double> picture, List<Double> expected) {
  /** Six columns, seen three at a time from one before the first, at every second. */
  private static final Window ROW =
      new Window(1, 3, 1, 2, 1, 1, new Padding.Explicit(0, 1, 0, 1)).ceil();

  private static final Shape SQUARE = Shape.of(1, 2, 2);

  static List<KnownValues> all() {
    return List.of(
        // 1 / (1 + 1 + 4), 2 / (1 + 1 + 4 + 9), 3 / (1 + 4 + 9)
        of(
            "LRN weighs a sum",
            localResponseNorm("op", new LocalResponseNorm(3, 1, 1, 1)),
            Shape.of(3, 1, 1),
            numbers(1, 2, 3),
            numbers(1 / 6.0, 2 / 15.0, 3 / 14.0)),
        of(
            "LRN as in PyTorch weighs the mean over all of the size",
            localResponseNorm("op", LocalResponseNorm.ofMean(3, 3, 1, 1)),
            Shape.of(3, 1, 1),
            numbers(1, 2, 3),
            numbers(1 / 6.0, 2 / 15.0, 3 / 14.0)),
        // 2 / (12 + 2 * 2)^0.75
        of(
            "LRN of one channel",
            localResponseNorm("op", new LocalResponseNorm(5, 1, 0.75, 12)),
            Shape.of(1, 1, 1),
            numbers(2),
            numbers(0.25)),
        // The last window sees 6, a zero, and a column beyond the padding.
        of(
            "average in ceil mode, padding counted",
            averagePool("op", ROW, true),
            Shape.of(1, 1, 6),
            numbers(1, 2, 3, 4, 5, 6),
            numbers(1, 3, 5, 3)),
        of(
            "average in ceil mode, padding left out",
            averagePool("op", ROW, false),
            Shape.of(1, 1, 6),
            numbers(1, 2, 3, 4, 5, 6),
            numbers(1.5, 3, 5, 6)),
        of(
            "average in ceil mode without padding",
            averagePool("op", new Window(1, 2, 1, 2, 1, 1, ROW.padding()).valid(), true),
            Shape.of(1, 1, 5),
            numbers(1, 2, 3, 4, 5),
            numbers(1.5, 3.5, 5)),
        of(
            "maximum in ceil mode",
            maxPool("op", ROW),
            Shape.of(1, 1, 6),
            numbers(-1, -2, -3, -4, -5, -6),
            numbers(-1, -2, -4, -6)),
        of(
            "upsampling, nearest",
            upsample("op", 2, 2, Upsample.Mode.NEAREST),
            SQUARE,
            numbers(1, 2, 3, 4),
            numbers(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4)),
        // The example in PyTorch's documentation of Upsample, and what Keras makes of it.
        of(
            "upsampling, bilinear",
            upsample("op", 2, 2, Upsample.Mode.BILINEAR),
            SQUARE,
            numbers(1, 2, 3, 4),
            numbers(
                1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4)),
        of(
            "upsampling by 3, bilinear",
            upsample("op", 1, 3, Upsample.Mode.BILINEAR),
            Shape.of(1, 1, 2),
            numbers(0, 3),
            numbers(0, 0, 1, 2, 3, 3)),
        // Mean 2, variance 1: 2 * -1 / 2 + 10 and 4 * 1 / 2 + 20.
        new KnownValues(
            "layer norm",
            new Model(
                Graph.of(Shape.of(2, 1, 1), ".", layerNorm("op", 3)),
                new Weights(
                    Map.of(
                        new Weights.Key("op", Role.SCALE),
                        Tensor.of(Shape.of(2), floats(2, 4)),
                        new Weights.Key("op", Role.SHIFT),
                        Tensor.of(Shape.of(2), floats(10, 20))))),
            numbers(1, 3),
            numbers(9, 22)),
        of(
            "flatten, channels outermost",
            flatten(Flatten.Order.CHW),
            Shape.of(2, 1, 2),
            numbers(1, 2, 3, 4),
            numbers(1, 2, 3, 4)),
        of(
            "flatten, channels innermost",
            flatten(Flatten.Order.HWC),
            Shape.of(2, 1, 2),
            numbers(1, 2, 3, 4),
            numbers(1, 3, 2, 4)),
        // The windows of PyTorch's AdaptiveAvgPool2d: 1 to 2, 2 to 4, 4 to 5.
        of(
            "adaptive average, windows that overlap",
            adaptiveAveragePool("op", 1, 3),
            Shape.of(1, 1, 5),
            numbers(1, 2, 3, 4, 5),
            numbers(1.5, 3, 4.5)),
        of(
            "adaptive average, more windows than rows",
            adaptiveAveragePool("op", 3, 3),
            SQUARE,
            numbers(1, 2, 3, 4),
            numbers(1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4)),
        of(
            "adaptive average, rows in copies and in equal windows",
            adaptiveAveragePool("op", 2, 2),
            Shape.of(1, 1, 4),
            numbers(1, 2, 3, 4),
            numbers(1.5, 3.5, 1.5, 3.5)),
        of("crop", crop("op", 1, 0, 0, 1), SQUARE, numbers(1, 2, 3, 4), numbers(3)),
        of(
            "zero pad",
            zeroPad("op", 1, 0, 0, 1),
            SQUARE,
            numbers(1, 2, 3, 4),
            numbers(0, 0, 0, 1, 2, 0, 3, 4, 0)));
  }

  private static KnownValues of(
      String name, Block block, Shape shape, List<Double> picture, List<Double> expected) {
    Model model = new Model(Graph.of(shape, ".", block), Weights.none());
    return new KnownValues(name, model, picture, expected);
  }

  private static List<Double> numbers(double... numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  private static float[] floats(double... numbers) {
    float[] floats = new float[numbers.length];
    for (int index = 0; index < numbers.length; index++) {
      floats[index] = (float) numbers[index];
    }
    return floats;
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  void verify(Engine engine, double tolerance) {
    try (Executable network = engine.compile(model, CompileOptions.batch(1))) {
      network.run(FloatBuffer.wrap(floats(array(picture))), 1);
      assertClose(name, doubles(network.output("output")), array(expected), tolerance);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
