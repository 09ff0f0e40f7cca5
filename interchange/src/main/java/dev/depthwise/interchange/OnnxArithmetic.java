package dev.depthwise.interchange;

import dev.depthwise.interchange.OnnxValue.Numbers;
import dev.depthwise.interchange.OnnxValue.Partial;
import dev.depthwise.interchange.OnnxValue.Stage;
import dev.depthwise.interchange.OnnxValue.Traced;
import dev.depthwise.network.Activation;
import dev.depthwise.network.Activation.Function;
import dev.depthwise.network.Flatten.Order;
import dev.depthwise.network.Op;
import dev.depthwise.network.PRelu;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Role;
import dev.depthwise.network.Scale;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * The operators of ONNX that compute element by element, and the functions that older sets of
 * operators write with several of them: GELU, layer norm, SiLU, hard swish.
 */
final class OnnxArithmetic {
  static final List<String> OPERATORS =
      List.of(
          "Add",
          "Cast",
          "Clip",
          "Div",
          "Dropout",
          "Elu",
          "Erf",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "Mul",
          "Neg",
          "PRelu",
          "Pow",
          "Relu",
          "Sigmoid",
          "Sqrt",
          "Sub",
          "Sum",
          "Tanh");

  private static final double ROOT_OF_HALF = Math.sqrt(0.5);

  private final Sketch sketch;

  OnnxArithmetic(Sketch sketch) {
    this.sketch = sketch;
  }

  OnnxValue write(OnnxUse use) {
    return switch (use.node().type()) {
      case "Add", "Sub", "Mul", "Div", "Pow", "Sqrt" -> binary(use);
      case "Erf" -> erf(use);
      case "Cast" -> cast(use);
      case "Identity" -> use.input(0);
      default -> new Traced(function(use));
    };
  }

  /** Between floats it changes nothing here; to integers it would round. */
  private static OnnxValue cast(OnnxUse use) {
    if (!OnnxConstants.isFloat(use.integer("to", 1))) {
      throw new Unsupported("rounds what it computes to integers");
    }
    return use.input(0);
  }

  private Flow function(OnnxUse use) {
    return switch (use.node().type()) {
      case "Clip" -> clip(use);
      case "Dropout" -> use.flow(0);
      case "Elu" -> each(use, Function.ELU, use.real("alpha", 1));
      case "Gelu" ->
          switch (use.text("approximate", "none")) {
            case "none" -> each(use, Function.GELU, 0);
            case "tanh" -> each(use, Function.GELU_TANH, 0);
            default -> throw new Unsupported("approximates in a way of its own");
          };
      case "HardSigmoid" -> hardSigmoid(use);
      case "HardSwish" -> each(use, Function.HARD_SWISH, 0);
      case "LeakyRelu" -> each(use, Function.LEAKY_RELU, use.real("alpha", 0.01));
      case "Neg" -> sketch.each(use.name(), new Scale(-1), use.flow(0));
      case "PRelu" -> prelu(use);
      case "Relu" -> sketch.each(use.name(), new Relu(), use.flow(0));
      case "Sigmoid" -> each(use, Function.SIGMOID, 0);
      case "Sum" ->
          sketch.sum(
              use.name(), IntStream.range(0, use.inputs().size()).mapToObj(use::flow).toList());
      case "Tanh" -> each(use, Function.TANH, 0);
      default -> throw new IllegalStateException(use.node().type());
    };
  }

  private Flow each(OnnxUse use, Function function, double alpha) {
    return sketch.each(use.name(), new Activation(function, alpha), use.flow(0));
  }

  private Flow hardSigmoid(OnnxUse use) {
    double beta = use.real("beta", 0.5);
    if (beta != 0.5) {
      throw new Unsupported("has beta " + beta);
    }
    return each(use, Function.HARD_SIGMOID, use.real("alpha", 0.2));
  }

  /** {@code min(max(x, low), high)}. */
  private Flow clip(OnnxUse use) {
    double low = use.hasInput(1) ? use.number(1) : use.real("min", -Float.MAX_VALUE);
    double high = use.hasInput(2) ? use.number(2) : use.real("max", Float.MAX_VALUE);
    Flow flow = use.flow(0);
    if (low == 0 && high >= Float.MAX_VALUE) {
      return sketch.each(use.name(), new Relu(), flow);
    }
    if (low == 0) {
      return sketch.clipped(use.name(), flow, high);
    }
    if (!(low > -Float.MAX_VALUE && high < Float.MAX_VALUE && high > low)) {
      throw new Unsupported("holds numbers between %s and %s".formatted(low, high));
    }
    Flow shifted = offset(use.name() + "/from", flow, -low);
    return offset(use.name(), sketch.clipped(use.name() + "/clip", shifted, high - low), low);
  }

  private Flow offset(String name, Flow flow, double added) {
    return sketch.affine(name, flow, new double[] {1}, new double[] {added});
  }

  private Flow prelu(OnnxUse use) {
    Flow flow = use.flow(0);
    Numbers slope = use.numbers(1);
    double[] slopes = perChannel(flow, slope);
    float[] values = new float[slopes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) slopes[i];
    }
    return flow.with(
        sketch.emit(
            use.name(),
            new PRelu(values.length == 1),
            Map.of(Role.SLOPE, Sketch.constant(values)),
            flow.value()));
  }

  // ---- Two operands

  private OnnxValue binary(OnnxUse use) {
    Optional<OnnxValue> step = step(use);
    if (step.isPresent()) {
      return step.get();
    }
    String type = use.node().type();
    if (type.equals("Pow") || type.equals("Sqrt")) {
      throw new Unsupported("is no part of a layer norm");
    }
    boolean leftIsKnown = use.input(0) instanceof Numbers;
    boolean rightIsKnown = use.input(1) instanceof Numbers;
    if (!leftIsKnown && !rightIsKnown) {
      return new Traced(both(use, use.flow(0), use.flow(1)));
    }
    Flow flow = use.flow(leftIsKnown ? 1 : 0);
    double[] numbers = perChannel(flow, use.numbers(leftIsKnown ? 0 : 1));
    return new Traced(
        switch (type) {
          case "Add" -> added(use, flow, numbers, leftIsKnown ? 1 : 0);
          case "Mul" -> sketch.affine(use.name(), flow, numbers, zero());
          case "Sub" ->
              leftIsKnown
                  ? sketch.affine(use.name(), flow, new double[] {-1}, numbers)
                  : added(use, flow, each(numbers, number -> -number), 0);
          default -> {
            if (leftIsKnown) {
              throw new Unsupported("divides by what it computes");
            }
            yield sketch.affine(use.name(), flow, each(numbers, number -> 1 / number), zero());
          }
        });
  }

  private static double[] zero() {
    return new double[] {0};
  }

  private static double[] each(double[] numbers, DoubleUnaryOperator operator) {
    return Arrays.stream(numbers).map(operator).toArray();
  }

  /** With numbers added, as the bias of the layer before it if that is possible. */
  private Flow added(OnnxUse use, Flow flow, double[] numbers, int index) {
    int channels = flow.value().shape().channels();
    boolean isBias =
        use.isOnlyReader(index)
            && (numbers.length == channels || numbers.length == 1)
            && sketch.addBias(flow.value(), () -> bias(numbers, channels), channels);
    return isBias ? flow : sketch.affine(use.name(), flow, new double[] {1}, numbers);
  }

  private static Tensor bias(double[] numbers, int channels) {
    float[] bias = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      bias[channel] = (float) numbers[numbers.length == 1 ? 0 : channel];
    }
    return Tensor.of(Shape.of(channels), bias);
  }

  private Flow both(OnnxUse use, Flow left, Flow right) {
    return switch (use.node().type()) {
      case "Add" -> sketch.sum(use.name(), List.of(left, right));
      case "Sub" ->
          sketch.sum(
              use.name(),
              List.of(left, sketch.each(use.name() + "/negative", new Scale(-1), right)));
      case "Mul" ->
          gated(use, left, right)
              .or(() -> gated(use, right, left))
              .orElseGet(() -> sketch.product(use.name(), List.of(left, right)));
      default -> throw new Unsupported("divides by what it computes");
    };
  }

  /** SiLU and hard swish: a value times a function of itself. */
  private Optional<Flow> gated(OnnxUse use, Flow flow, Flow gate) {
    Op op = sketch.producer(gate.value()).op();
    if (!(op instanceof Activation activation)
        || !sketch.producer(gate.value()).inputs().get(0).equals(flow.value())
        || !flow.dimensions().equals(gate.dimensions())) {
      return Optional.empty();
    }
    if (activation.function() == Function.SIGMOID) {
      return Optional.of(sketch.each(use.name(), new Activation(Function.SWISH, 1), flow));
    }
    boolean isHard =
        activation.function() == Function.HARD_SIGMOID
            && Math.abs(activation.alpha() - 1 / 6.0) < 1e-7;
    return isHard
        ? Optional.of(sketch.each(use.name(), Activation.of(Function.HARD_SWISH), flow))
        : Optional.empty();
  }

  /**
   * Numbers for the channels of a value, or one for all: ONNX aligns dimensions at their ends.
   *
   * @throws Unsupported if they are for places
   */
  private static double[] perChannel(Flow flow, Numbers numbers) {
    int rank = flow.dimensions().size() + 1;
    int shift = rank - numbers.dimensions().size();
    int size = numbers.size();
    boolean fits = size > 0 && (shift >= 0 || size == 1);
    for (int i = 0; i < numbers.dimensions().size() && fits && size > 1; i++) {
      int extent = numbers.dimensions().get(i);
      fits =
          extent == 1
              || (i + shift == flow.channelAxis() + 1
                  && extent == flow.dimensions().get(flow.channelAxis()));
    }
    if (!fits) {
      throw new Unsupported(
          "computes with %s and known numbers of %s; one, or one for each channel, can be"
              .formatted(flow.extent(), numbers.extent()));
    }
    float[] array = numbers.array();
    return IntStream.range(0, size).mapToDouble(i -> array[i]).toArray();
  }

  /** Refuses any axis but that of the channels. */
  static void requireChannels(Flow flow, long said) {
    int axis = OnnxUse.axis(said, flow);
    boolean isVector = flow.dimensions().size() == 1;
    if (axis != flow.channelAxis() || (!isVector && flow.dimensions().size() != 3)) {
      throw new Unsupported(
          "works along axis %d of %s%s; along channels it can be read"
              .formatted(said, flow.order() == Order.CHW ? "" : "channels-last ", flow.extent()));
    }
  }

  // ---- Functions in several steps

  private OnnxValue erf(OnnxUse use) {
    Flow flow = use.flow(0);
    Optional<Double> factor = factor(flow.value());
    if (factor.isEmpty() || Math.abs(factor.get() - ROOT_OF_HALF) > 1e-5) {
      throw new Unsupported("is no part of a GELU");
    }
    Value base = sketch.producer(flow.value()).inputs().get(0);
    return new Partial(Stage.ERF, flow.with(base), 1);
  }

  private Optional<Double> factor(Value value) {
    return sketch.producer(value).op() instanceof Scale scale
        ? Optional.of(scale.factor())
        : Optional.empty();
  }

  /** A step of such a function; nothing if the node is none. */
  private Optional<OnnxValue> step(OnnxUse use) {
    boolean isFirst = use.input(0) instanceof Partial;
    boolean isSecond = use.hasInput(1) && use.input(1) instanceof Partial;
    if (!isFirst && !isSecond) {
      return Optional.empty();
    }
    Partial partial = (Partial) use.input(isFirst ? 0 : 1);
    String type = use.node().type();
    if (isFirst && isSecond) {
      return Optional.of(two(use, partial, (Partial) use.input(1)));
    }
    if (type.equals("Sqrt")) {
      return Optional.of(next(partial, Stage.VARIANCE, Stage.DEVIATION, partial.number()));
    }
    OnnxValue other = use.input(isFirst ? 1 : 0);
    if (other instanceof Traced traced) {
      return Optional.of(withFlow(use, partial, traced.flow(), isFirst));
    }
    double number = use.number(isFirst ? 1 : 0);
    return Optional.of(
        switch (type) {
          case "Add" ->
              partial.stage() == Stage.ERF && partial.number() == number
                  ? next(partial, Stage.ERF, Stage.ONE_AND_ERF, number)
                  : next(partial, Stage.VARIANCE, Stage.VARIANCE, partial.number() + number);
          case "Mul" -> scaled(use, partial, number);
          case "Div" -> scaled(use, partial, isFirst ? 1 / number : Double.NaN);
          case "Pow" -> {
            if (number != 2) {
              throw lost(partial);
            }
            yield next(partial, Stage.CENTERED, Stage.SQUARED, 0);
          }
          default -> throw lost(partial);
        });
  }

  private OnnxValue two(OnnxUse use, Partial left, Partial right) {
    String type = use.node().type();
    if (!left.base().equals(right.base())) {
      throw lost(left);
    }
    if (type.equals("Mul") && left.stage() == Stage.CENTERED && right.stage() == Stage.CENTERED) {
      return new Partial(Stage.SQUARED, left.flow(), 0);
    }
    if (type.equals("Div") && left.stage() == Stage.CENTERED && right.stage() == Stage.DEVIATION) {
      int channels = left.base().shape().channels();
      float[] ones = new float[channels];
      Arrays.fill(ones, 1);
      return new Traced(
          OnnxOperators.layerNorm(
              sketch,
              use.name(),
              left.flow(),
              right.number(),
              Sketch.constant(ones),
              Sketch.constant(new float[channels])));
    }
    throw lost(left);
  }

  private OnnxValue withFlow(OnnxUse use, Partial partial, Flow flow, boolean partialIsFirst) {
    String type = use.node().type();
    if (type.equals("Sub")
        && partial.stage() == Stage.MEAN
        && !partialIsFirst
        && flow.value().equals(partial.base())) {
      return new Partial(Stage.CENTERED, partial.flow(), 0);
    }
    if (type.equals("Mul") && partial.stage() == Stage.ONE_AND_ERF) {
      double factor = 1;
      Value value = flow.value();
      if (!value.equals(partial.base())) {
        factor = factor(value).orElseThrow(() -> lost(partial));
        value = sketch.producer(value).inputs().get(0);
      }
      if (value.equals(partial.base())) {
        return scaled(use, new Partial(Stage.TWICE_GELU, partial.flow(), partial.number()), factor);
      }
    }
    throw lost(partial);
  }

  private OnnxValue scaled(OnnxUse use, Partial partial, double factor) {
    double number = partial.number() * factor;
    return switch (partial.stage()) {
      case ERF, ONE_AND_ERF -> new Partial(partial.stage(), partial.flow(), number);
      case TWICE_GELU ->
          Math.abs(number - 0.5) < 1e-6
              ? new Traced(sketch.each(use.name(), Activation.of(Function.GELU), partial.flow()))
              : new Partial(partial.stage(), partial.flow(), number);
      case MEAN, CENTERED, SQUARED, VARIANCE, DEVIATION -> throw lost(partial);
    };
  }

  private OnnxValue next(Partial partial, Stage from, Stage to, double number) {
    if (partial.stage() != from || !Double.isFinite(number)) {
      throw lost(partial);
    }
    return new Partial(to, partial.flow(), number);
  }

  private static Unsupported lost(Partial partial) {
    return new Unsupported(
        switch (partial.stage()) {
          case ERF, ONE_AND_ERF, TWICE_GELU -> "computes with an erf that is no part of a GELU";
          case MEAN, CENTERED, SQUARED, VARIANCE, DEVIATION ->
              "computes with a mean over channels that is no part of a layer norm";
        });
  }
}
