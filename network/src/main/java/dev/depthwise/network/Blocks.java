package dev.depthwise.network;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The language that networks are written in; meant for static import.
 *
 * <p>The three ideas of the field are three words: {@link #residual} (He et al. 2015), {@link
 * #branches} (Szegedy et al. 2014) and {@link #separable} (Chollet 2017). The others are the
 * paper's nouns.
 */
public final class Blocks {
  private Blocks() {}

  /** Blocks one after the other, whose output can be tapped under a name. */
  public static Block tapped(String name, Block... blocks) {
    Block body = chain(blocks);
    return (scope, input) -> {
      Value output = body.apply(scope, input);
      scope.child(name).tap(output);
      return output;
    };
  }

  /** One part after the other. */
  public static Block chain(Block... parts) {
    return (scope, input) -> {
      Value value = input;
      for (Block part : parts) {
        value = part.apply(scope, value);
      }
      return value;
    };
  }

  /** {@code count} parts, one after the other, made for 0, 1, 2, ... */
  public static Block repeat(int count, IntFunction<Block> part) {
    return (scope, input) -> {
      Value value = input;
      for (int index = 0; index < count; index++) {
        value = part.apply(index).apply(scope, value);
      }
      return value;
    };
  }

  /** A chain whose layers' names begin with {@code name}, and whose output is tapped under it. */
  public static Block named(String name, Block... parts) {
    Block body = chain(parts);
    return (scope, input) -> {
      Scope child = scope.child(name);
      Value output = body.apply(child, input);
      child.tap(output);
      return output;
    };
  }

  /**
   * Layers that are named by their place, as in PyTorch's {@code Sequential}: "features.0",
   * "features.1", ...; the last one's output is tapped under {@code name}.
   *
   * @param layers make a layer, or a block of some, from its name
   */
  public static Block sequential(String name, List<Function<String, Block>> layers) {
    return named(name, repeat(layers.size(), index -> layers.get(index).apply("" + index)));
  }

  /**
   * A layer that is named by its kind and a number over the whole network, wherever it stands, as
   * Keras does with layers that nobody named: "conv2d_17".
   *
   * @param layer makes it from its name
   */
  public static Block numbered(String kind, Function<String, Block> layer) {
    return (scope, input) -> layer.apply(scope.numbered(kind)).apply(scope.root(), input);
  }

  /** Has {@code head} on the way as a further output of the network; passes its input on. */
  public static Block output(String name, Block head) {
    return (scope, input) -> {
      scope.output(name, head.apply(scope, input));
      return input;
    };
  }

  /** Passes its input on. */
  public static Block identity() {
    return (scope, input) -> input;
  }

  /**
   * Learn the difference, not the mapping: {@code body(x) + shortcut(x)} (He et al. 2015, Fig. 2).
   */
  public static Block residual(Block body, Block shortcut) {
    return residual("add", body, shortcut);
  }

  /** {@link #residual(Block, Block)} with a name for the sum. */
  public static Block residual(String name, Block body, Block shortcut) {
    return (scope, input) -> {
      // The body first: PyTorch's files list a block's parameters in this order.
      Value difference = body.apply(scope, input);
      Value passed = shortcut.apply(scope, input);
      return scope.child(name).emit(new Add(), difference, passed);
    };
  }

  /** All transforms side by side, their channels stacked (Szegedy et al. 2014, Fig. 2). */
  public static Block branches(Block... paths) {
    return (scope, input) ->
        scope.emitUnnamed(
            new Concat(),
            Arrays.stream(paths).map(path -> path.apply(scope, input)).toArray(Value[]::new));
  }

  /** {@link #branches(Block...)} with a name for the stack. */
  public static Block branches(String name, Block... paths) {
    return (scope, input) ->
        scope
            .child(name)
            .emit(
                new Concat(),
                Arrays.stream(paths).map(path -> path.apply(scope, input)).toArray(Value[]::new));
  }

  /**
   * Space first, channel by channel, then channels, place by place (Chollet 2017, Section 1.2):
   * layers "depthwise" and "pointwise" under {@code name}, without biases.
   */
  public static Block separable(String name, int filters, Window window) {
    return separable(name, "depthwise", filters, window);
  }

  /** {@link #separable(String, int, Window)} with another name for its first layer. */
  public static Block separable(String name, String depthwise, int filters, Window window) {
    return named(name, depthwise(depthwise, window), conv("pointwise", filters, Window.k(1)));
  }

  /** A convolution without bias. */
  public static Block conv(String name, int filters, Window window) {
    return conv(name, filters, window, 1, false);
  }

  /** A convolution. */
  public static Block conv(String name, int filters, Window window, int groups, boolean bias) {
    return emit(name, input -> new Conv2d(filters, window.over(input), groups, bias));
  }

  /** A convolution of each channel by itself, without bias. */
  public static Block depthwise(String name, Window window) {
    return emit(
        name, input -> new Conv2d(input.channels(), window.over(input), input.channels(), false));
  }

  /** {@link #batchNorm(String, double, double)} with PyTorch's epsilon, 1e-5, and momentum, 0.1. */
  public static Block batchNorm(String name) {
    return batchNorm(name, 1e-5, 0.1);
  }

  /** Batch normalisation with a learned scale. */
  public static Block batchNorm(String name, double epsilon, double momentum) {
    return batchNorm(name, epsilon, momentum, true);
  }

  /** Batch normalisation; without a learned scale, it has a learned shift alone. */
  public static Block batchNorm(String name, double epsilon, double momentum, boolean scale) {
    return emit(name, input -> new BatchNorm(epsilon, momentum, scale));
  }

  /** The rectifier. */
  public static Block relu() {
    return relu("relu");
  }

  /** The rectifier, named. */
  public static Block relu(String name) {
    return emit(name, input -> new Relu());
  }

  /** A rectifier that stops at 6. */
  public static Block relu6(String name) {
    return activation(name, Activation.of(Activation.Function.RELU6));
  }

  /** {@code x * sigmoid(x)}, also known as SiLU. */
  public static Block swish(String name) {
    return activation(name, new Activation(Activation.Function.SWISH, 1));
  }

  /** Swish from straight lines. */
  public static Block hardSwish(String name) {
    return activation(name, Activation.of(Activation.Function.HARD_SWISH));
  }

  /** The sigmoid from straight lines, as MobileNetV3 and PyTorch have it. */
  public static Block hardSigmoid(String name) {
    return activation(name, new Activation(Activation.Function.HARD_SIGMOID, 1.0 / 6));
  }

  /** The sigmoid. */
  public static Block sigmoid(String name) {
    return activation(name, Activation.of(Activation.Function.SIGMOID));
  }

  /** The Gaussian error linear unit, exactly. */
  public static Block gelu(String name) {
    return activation(name, Activation.of(Activation.Function.GELU));
  }

  /** Any function of each element by itself. */
  public static Block activation(String name, Activation activation) {
    return emit(name, input -> activation);
  }

  /** The rectifier with a learned slope for each channel. */
  public static Block prelu(String name) {
    return emit(name, input -> new PRelu(false));
  }

  /**
   * {@code x * factors(x)}: equally shaped, or a factor for each channel (Hu et al. 2018, Fig. 1).
   */
  public static Block gate(String name, Block factors) {
    return (scope, input) ->
        scope.child(name).emit(new Multiply(), input, factors.apply(scope, input));
  }

  /** Multiplies with a constant. */
  public static Block scale(String name, double factor) {
    return emit(name, input -> new Scale(factor));
  }

  /** Multiplies each channel with a number that it learns. */
  public static Block layerScale(String name, double initial) {
    return emit(name, input -> new LayerScale(initial));
  }

  /** Drops the whole of a picture in training; the end of a residual body. */
  public static Block stochasticDepth(String name, double rate) {
    return emit(name, input -> new StochasticDepth(rate));
  }

  /** Brings each channel to a mean of 0 and a variance of 1, by numbers that are not learned. */
  public static Block standardize(String name) {
    return emit(name, input -> new Standardization());
  }

  /** Layer normalisation: the channels at each place, or a whole vector (Ba et al. 2016). */
  public static Block layerNorm(String name, double epsilon) {
    return emit(name, input -> new LayerNorm(epsilon));
  }

  /**
   * Local response normalisation (Krizhevsky et al. 2012). The norm says whose alpha it has: {@code
   * new LocalResponseNorm(5, 1e-4, 0.75, 2)} the paper's, {@link LocalResponseNorm#ofMean}
   * PyTorch's and Caffe's.
   */
  public static Block localResponseNorm(String name, LocalResponseNorm norm) {
    return emit(name, input -> norm);
  }

  /** The maximum of each window. */
  public static Block maxPool(String name, Window window) {
    return emit(name, input -> new MaxPool(window.over(input)));
  }

  /**
   * The mean of each window, padding left out or counted. What hangs over in ceil mode is left out
   * in any case, as in PyTorch.
   */
  public static Block averagePool(String name, Window window, boolean countPadding) {
    return (scope, input) -> {
      Scope pool = scope.child(name);
      Window settled = window.over(input.shape());
      Window floor = window.floor().over(input.shape());
      if (!countPadding || settled.equals(floor)) {
        return pool.emit(new AveragePool(settled, countPadding), input);
      }
      // The padding is counted and the overhang is not: make the one a part of the picture.
      Padding overhang =
          new Padding.Explicit(
              0, 0, settled.bottom() - floor.bottom(), settled.right() - floor.right());
      Value padded =
          zeroPad("pad", floor.top(), floor.left(), floor.bottom(), floor.right())
              .apply(pool, input);
      return pool.emit(new AveragePool(floor.pad(overhang), false), padded);
    };
  }

  /**
   * The means of {@code rows} x {@code columns} windows that share a picture of any extent as
   * evenly as whole rows can: PyTorch's {@code AdaptiveAvgPool2d}. Window {@code i} begins at row
   * {@code floor(i * height / rows)} and ends before {@code ceil((i + 1) * height / rows)}.
   */
  public static Block adaptiveAveragePool(String name, int rows, int columns) {
    return (scope, input) -> {
      Scope pool = scope.child(name);
      Value output = AdaptivePool.means(pool, input, rows, columns);
      pool.tap(output);
      return output;
    };
  }

  /** The mean of each channel: a vector. */
  public static Block globalAveragePool(String name) {
    return emit(name, input -> new GlobalAveragePool());
  }

  /** The maximum of each channel: a vector. */
  public static Block globalMaxPool(String name) {
    return (scope, input) -> {
      Scope pool = scope.child(name);
      Window all = Window.k(input.shape().height(), input.shape().width()).valid();
      return pool.emit(
          new Flatten(Flatten.Order.CHW),
          pool.child("window").emit(new MaxPool(all.over(input.shape())), input));
    };
  }

  /** The mean of each channel as a picture of one place, which convolutions can read. */
  public static Block squeeze(String name) {
    return emit(
        name,
        input ->
            new AveragePool(Window.k(input.height(), input.width()).valid().over(input), false));
  }

  /** Channels of zeros behind the others, up to {@code channels} in all. */
  public static Block padChannelsTo(int channels) {
    return (scope, input) ->
        input.shape().channels() == channels
            ? input
            : scope.emitUnnamed(new PadChannels(channels - input.shape().channels()), input);
  }

  /** Every {@code stride}-th row and column. */
  public static Block subsample(int stride) {
    return (scope, input) -> stride == 1 ? input : scope.emitUnnamed(new Subsample(stride), input);
  }

  /** A picture without some of its outer rows and columns; itself, if none go. */
  public static Block crop(String name, int top, int left, int bottom, int right) {
    return top == 0 && left == 0 && bottom == 0 && right == 0
        ? identity()
        : emit(name, input -> new Crop(top, left, bottom, right));
  }

  /** Rows and columns of zeros around a picture; itself, if there are none. */
  public static Block zeroPad(String name, int top, int left, int bottom, int right) {
    return top == 0 && left == 0 && bottom == 0 && right == 0
        ? identity()
        : emit(name, input -> new ZeroPad(top, left, bottom, right));
  }

  /** Every row and column several times, or what lies between them. */
  public static Block upsample(String name, int factorHeight, int factorWidth, Upsample.Mode mode) {
    return emit(name, input -> new Upsample(factorHeight, factorWidth, mode));
  }

  /** A picture as a vector, in PyTorch's order. */
  public static Block flatten() {
    return flatten(Flatten.Order.CHW);
  }

  /** A picture as a vector. */
  public static Block flatten(Flatten.Order order) {
    return emit("flatten", input -> new Flatten(order));
  }

  /** A fully connected layer with bias. */
  public static Block dense(String name, int units) {
    return emit(name, input -> new Dense(units, true));
  }

  /** Drops elements in training. */
  public static Block dropout(String name, double rate) {
    return emit(name, input -> new Dropout(rate));
  }

  /** Probabilities of logits. */
  public static Block softmax(String name) {
    return emit(name, input -> new Softmax());
  }

  private static Block emit(String name, Function<Shape, Op> op) {
    return (scope, input) -> scope.child(name).emit(op.apply(input.shape()), input);
  }
}
