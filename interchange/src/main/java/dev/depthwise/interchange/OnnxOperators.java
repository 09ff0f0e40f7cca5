package dev.depthwise.interchange;

import dev.depthwise.interchange.OnnxValue.Integers;
import dev.depthwise.interchange.OnnxValue.Numbers;
import dev.depthwise.interchange.OnnxValue.Partial;
import dev.depthwise.interchange.OnnxValue.Traced;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Flatten.Order;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Op;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.Value;
import dev.depthwise.network.Window;
import dev.depthwise.weights.Text;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What each operator of ONNX computes, in operations of a graph.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/docs/Operators.md">the operators</a>
 */
final class OnnxOperators {
  private static final long SOFTMAX_OF_ONE_AXIS = 13;

  private final Sketch sketch;
  private final Map<String, Function<OnnxUse, List<OnnxValue>>> table = new HashMap<>();

  /**
   * Creates operators that write into a sketch.
   *
   * @param batch the extent of every value's first dimension
   */
  OnnxOperators(Sketch sketch, int batch) {
    this.sketch = sketch;
    OnnxArithmetic arithmetic = new OnnxArithmetic(sketch);
    OnnxReshaping reshaping = new OnnxReshaping(sketch, batch);
    for (String type : OnnxArithmetic.OPERATORS) {
      table.put(type, use -> List.of(arithmetic.write(use)));
    }
    for (String type : OnnxReshaping.OPERATORS) {
      table.put(type, reshaping::write);
    }
    put("Conv", this::convolution);
    put("Gemm", this::gemm);
    put("MatMul", this::product);
    put("BatchNormalization", this::batchNorm);
    put("LayerNormalization", this::layerNorm);
    put("LRN", this::localResponseNorm);
    put("MaxPool", this::maxPool);
    put("AveragePool", this::averagePool);
    put(
        "GlobalAveragePool",
        use -> Sketch.flow(sketch.globalAverage(use.name(), picture(use)), Order.CHW));
    put("GlobalMaxPool", use -> Sketch.flow(sketch.globalMax(use.name(), picture(use)), Order.CHW));
    put("Resize", this::resize);
    put("Upsample", this::resize);
    put("Softmax", this::softmax);
    table.put("ReduceMean", use -> List.of(mean(use)));
    put("ReduceMax", use -> reduced(use, use.flow(0), sketch::globalMax));
    table.put("Constant", use -> List.of(OnnxConstants.constant(use)));
    table.put("ConstantOfShape", use -> OnnxConstants.fold(use).stream().toList());
  }

  private void put(String type, Function<OnnxUse, Flow> operator) {
    table.put(type, use -> List.of(new Traced(operator.apply(use))));
  }

  boolean knows(String type) {
    return table.containsKey(type);
  }

  /**
   * Adds the operations of a node.
   *
   * @return what it makes, one for each output that somebody may read
   * @throws Unsupported if it does something that cannot be expressed
   */
  List<OnnxValue> write(OnnxUse use) {
    boolean isKnown =
        use.inputs().stream()
            .flatMap(Optional::stream)
            .allMatch(value -> value instanceof Integers || value instanceof Numbers);
    Optional<OnnxValue> folded = isKnown ? OnnxConstants.fold(use) : Optional.empty();
    if (folded.isPresent()) {
      return List.of(folded.get());
    }
    Function<OnnxUse, List<OnnxValue>> operator = table.get(use.node().type());
    if (operator == null) {
      throw new IllegalStateException("not known: " + use.node().type());
    }
    return operator.apply(use);
  }

  // ---- Convolutions and matrices

  private Value picture(OnnxUse use) {
    return picture(use.flow(0));
  }

  private Value picture(Flow flow) {
    Value value = sketch.picture(flow);
    if (!flow.dimensions().equals(Sketch.flow(value, Order.CHW).dimensions())) {
      throw new Unsupported(
          "needs channels, rows and columns, but gets %s in another order"
              .formatted(flow.extent()));
    }
    return value;
  }

  private Flow convolution(OnnxUse use) {
    Value picture = picture(use);
    Numbers kernel = use.numbers(1);
    List<Integer> extent = kernel.dimensions();
    if (extent.size() != 4) {
      throw new Unsupported("has a kernel of " + kernel.extent());
    }
    int filters = extent.get(0);
    int groups = Math.toIntExact(use.integer("group", 1));
    Window window = window(use, extent.get(2), extent.get(3), picture.shape(), false);
    Map<Role, Supplier<Tensor>> parameters = new LinkedHashMap<>();
    parameters.put(Role.KERNEL, tensor(kernel));
    if (use.hasInput(2)) {
      parameters.put(Role.BIAS, tensor(vector(use.numbers(2), filters)));
    }
    Op op = new Conv2d(filters, window, groups, use.hasInput(2));
    if (groups * extent.get(1) != picture.shape().channels()) {
      throw new Unsupported(
          "has a kernel of %s in %d groups for a picture of %s"
              .formatted(kernel.extent(), groups, picture.shape()));
    }
    return Sketch.flow(sketch.emit(use.name(), op, parameters, picture), Order.CHW);
  }

  private static Supplier<Tensor> tensor(Numbers numbers) {
    return () -> new Tensor(new Shape(numbers.dimensions()), numbers.values().get());
  }

  /** A weight that must have as many numbers. */
  private static Numbers vector(Numbers numbers, int count) {
    if (numbers.size() != count) {
      throw new Unsupported("has %s where %d are needed".formatted(numbers.extent(), count));
    }
    return numbers;
  }

  /** The window that attributes describe, its padding settled. */
  private static Window window(OnnxUse use, int height, int width, Shape picture, boolean mayHang) {
    long[] kernel = {height, width};
    if (!Arrays.equals(use.integers("kernel_shape").orElse(kernel), kernel)) {
      throw new Unsupported("says another kernel than it has");
    }
    int[] strides = two(use, "strides");
    int[] dilations = two(use, "dilations");
    Window window =
        new Window(
            height,
            width,
            strides[0],
            strides[1],
            dilations[0],
            dilations[1],
            new Padding.Explicit(0, 0, 0, 0));
    window = window.pad(padding(use, window, picture));
    if (use.integer("ceil_mode", 0) != 0) {
      window = mayHang ? window.ceil().over(picture) : requireWhole(window, picture);
    }
    return window;
  }

  private static Window requireWhole(Window window, Shape picture) {
    if (!window.ceil().over(picture).equals(window)) {
      throw new Unsupported("counts padding in windows that hang over (ceil_mode)");
    }
    return window;
  }

  private static Padding padding(OnnxUse use, Window window, Shape picture) {
    return switch (use.text("auto_pad", "notset")) {
      case "valid" -> new Padding.Explicit(0, 0, 0, 0);
      case "same_upper" -> window.same().over(picture).padding();
      case "same_lower" -> {
        Window same = window.same().over(picture);
        yield new Padding.Explicit(same.bottom(), same.right(), same.top(), same.left());
      }
      case "notset", "" -> {
        long[] pads = use.integers("pads").orElseGet(() -> new long[4]);
        if (pads.length != 4) {
          throw new Unsupported("has pads " + Arrays.toString(pads));
        }
        yield new Padding.Explicit(
            Math.toIntExact(pads[0]),
            Math.toIntExact(pads[1]),
            Math.toIntExact(pads[2]),
            Math.toIntExact(pads[3]));
      }
      default -> throw new Unsupported("pads " + Text.quote(use.text("auto_pad", "")));
    };
  }

  private static int[] two(OnnxUse use, String attribute) {
    long[] said = use.integers(attribute).orElseGet(() -> new long[] {1, 1});
    if (said.length != 2) {
      throw new Unsupported("has %s %s".formatted(attribute, Arrays.toString(said)));
    }
    return new int[] {Math.toIntExact(said[0]), Math.toIntExact(said[1])};
  }

  /** {@code alpha * A * B + beta * C}. */
  private Flow gemm(OnnxUse use) {
    if (use.integer("transA", 0) != 0) {
      throw new Unsupported("mixes the pictures of a batch (transA)");
    }
    boolean transposed = use.integer("transB", 0) != 0;
    Optional<Numbers> bias = use.hasInput(2) ? Optional.of(use.numbers(2)) : Optional.empty();
    return dense(use, transposed, use.real("alpha", 1), bias, use.real("beta", 1));
  }

  /** Vectors, or the channels at each place of a picture, multiplied with a matrix. */
  private Flow product(OnnxUse use) {
    Flow flow = use.flow(0);
    if (flow.dimensions().size() == 1) {
      return dense(use, false, 1, Optional.empty(), 0);
    }
    Numbers matrix = use.numbers(1);
    Value picture = sketch.picture(flow);
    int channels = picture.shape().channels();
    boolean fits =
        matrix.dimensions().size() == 2
            && matrix.dimensions().get(0) == channels
            && flow.dimensions().get(flow.dimensions().size() - 1) == channels
            && (flow.order() == Order.HWC || Sketch.isOnePlace(picture.shape()));
    if (!fits) {
      throw new Unsupported(
          "multiplies %s with a matrix of %s; vectors, or channels that come last, can be"
              .formatted(flow.extent(), matrix.extent()));
    }
    int filters = matrix.dimensions().get(1);
    Op op = new Conv2d(filters, Window.k(1).valid(), 1, false);
    Supplier<Tensor> kernel = () -> kernel(matrix, false, flow, filters, 1);
    return Sketch.flow(
        sketch.emit(use.name(), op, Map.of(Role.KERNEL, kernel), picture), Order.HWC);
  }

  private Flow dense(
      OnnxUse use, boolean transposed, double factor, Optional<Numbers> bias, double biasFactor) {
    Flow flow = use.flow(0);
    Numbers matrix = use.numbers(1);
    if (matrix.dimensions().size() != 2
        || flow.dimensions().size() != 1
        || matrix.dimensions().get(transposed ? 1 : 0) != flow.size()) {
      throw new Unsupported(
          "multiplies %s with a matrix of %s".formatted(flow.extent(), matrix.extent()));
    }
    int units = matrix.dimensions().get(transposed ? 0 : 1);
    Map<Role, Supplier<Tensor>> parameters = new LinkedHashMap<>();
    if (bias.isPresent()) {
      Numbers numbers = bias.get();
      int count = numbers.size() == 1 ? 1 : vector(numbers, units).size();
      parameters.put(
          Role.BIAS,
          () -> {
            float[] added = numbers.array();
            float[] scaled = new float[units];
            for (int unit = 0; unit < units; unit++) {
              scaled[unit] = (float) (added[count == 1 ? 0 : unit] * biasFactor);
            }
            return Tensor.of(Shape.of(units), scaled);
          });
    }
    return sketch.dense(
        use.name(),
        flow,
        units,
        () -> {
          Shape places =
              flow.order() == Order.CHW || Sketch.isOnePlace(flow.value().shape())
                  ? Shape.of(flow.size(), 1, 1)
                  : flow.value().shape();
          return kernel(matrix, transposed, flow.with(new Value(0, places)), units, factor);
        },
        parameters);
  }

  /** A matrix as units x channels x height x width. */
  private static Tensor kernel(
      Numbers matrix, boolean transposed, Flow flow, int units, double factor) {
    Shape shape = flow.value().shape();
    int channels = shape.channels();
    int inputs = matrix.dimensions().get(transposed ? 1 : 0);
    int places = inputs / channels;
    FloatBuffer source = matrix.values().get();
    Shape kernel = Shape.of(units, channels, places, 1);
    if (transposed && factor == 1 && places == 1) {
      return new Tensor(kernel, source);
    }
    int begin = source.position();
    float[] values = new float[kernel.size()];
    int at = 0;
    for (int unit = 0; unit < units; unit++) {
      for (int channel = 0; channel < channels; channel++) {
        for (int place = 0; place < places; place++) {
          int input = place * channels + channel;
          int element = transposed ? unit * inputs + input : input * units + unit;
          values[at++] = (float) (source.get(begin + element) * factor);
        }
      }
    }
    return Tensor.of(kernel, values);
  }

  // ---- Norms

  private Flow batchNorm(OnnxUse use) {
    if (use.integer("training_mode", 0) != 0) {
      throw new Unsupported("was exported in training; export the model as it is used (eval)");
    }
    Flow flow = use.flow(0);
    Value picture = flow.dimensions().size() == 1 ? sketch.picture(flow) : picture(flow);
    int channels = picture.shape().channels();
    Map<Role, Supplier<Tensor>> parameters = new LinkedHashMap<>();
    List<Role> roles = List.of(Role.SCALE, Role.SHIFT, Role.MEAN, Role.VARIANCE);
    for (int i = 0; i < roles.size(); i++) {
      parameters.put(roles.get(i), tensor(vector(use.numbers(i + 1), channels)));
    }
    double epsilon = use.real("epsilon", 1e-5);
    double momentum = 1 - use.real("momentum", 0.9);
    if (!(epsilon > 0) || !(momentum >= 0 && momentum <= 1)) {
      throw new Unsupported("has epsilon %s and momentum %s".formatted(epsilon, 1 - momentum));
    }
    return flow.with(
        sketch.emit(use.name(), new BatchNorm(epsilon, momentum, true), parameters, picture));
  }

  private Flow layerNorm(OnnxUse use) {
    Flow flow = use.flow(0);
    OnnxArithmetic.requireChannels(flow, use.integer("axis", -1));
    boolean isVector = flow.dimensions().size() == 1;
    Value value =
        isVector ? sketch.wholeVector(use.name() + "/flatten", flow) : sketch.picture(flow);
    int channels = value.shape().channels();
    return layerNorm(
        sketch,
        use.name(),
        flow.with(value),
        use.real("epsilon", 1e-5),
        tensor(vector(use.numbers(1), channels)),
        use.hasInput(2)
            ? tensor(vector(use.numbers(2), channels))
            : Sketch.constant(new float[channels]));
  }

  static Flow layerNorm(
      Sketch sketch,
      String name,
      Flow flow,
      double epsilon,
      Supplier<Tensor> scale,
      Supplier<Tensor> shift) {
    if (!(epsilon > 0)) {
      throw new Unsupported("has epsilon " + epsilon);
    }
    return flow.with(
        sketch.emit(
            name,
            new LayerNorm(epsilon),
            Map.of(Role.SCALE, scale, Role.SHIFT, shift),
            flow.value()));
  }

  private Flow localResponseNorm(OnnxUse use) {
    Op op =
        LocalResponseNorm.ofMean(
            Math.toIntExact(use.integer("size", 0)),
            use.real("alpha", 1e-4),
            use.real("beta", 0.75),
            use.real("bias", 1));
    return Sketch.flow(sketch.emit(use.name(), op, Map.of(), picture(use)), Order.CHW);
  }

  // ---- Pools and places

  private Flow maxPool(OnnxUse use) {
    if (use.node().outputs().size() > 1 && !use.node().outputs().get(1).isEmpty()) {
      throw new Unsupported("says where the largest elements are");
    }
    return pool(use, true, MaxPool::new);
  }

  private Flow averagePool(OnnxUse use) {
    boolean countsPadding = use.integer("count_include_pad", 0) != 0;
    return pool(use, !countsPadding, window -> new AveragePool(window, countsPadding));
  }

  private Flow pool(OnnxUse use, boolean mayHang, Function<Window, Op> operation) {
    Value picture = picture(use);
    int[] kernel = two(use, "kernel_shape");
    Window window = window(use, kernel[0], kernel[1], picture.shape(), mayHang);
    Op op = operation.apply(window);
    return Sketch.flow(sketch.emit(use.name(), op, Map.of(), picture), Order.CHW);
  }

  /** The mean over places; over channels, it is the beginning of a layer norm. */
  private OnnxValue mean(OnnxUse use) {
    if (use.input(0) instanceof Partial partial
        && partial.stage() == OnnxValue.Stage.SQUARED
        && isOfChannels(use, partial.flow())) {
      return new Partial(OnnxValue.Stage.VARIANCE, partial.flow(), 0);
    }
    Flow flow = use.flow(0);
    if (isOfChannels(use, flow)) {
      return new Partial(OnnxValue.Stage.MEAN, flow, 0);
    }
    return new Traced(reduced(use, flow, sketch::globalAverage));
  }

  private static boolean isOfChannels(OnnxUse use, Flow flow) {
    long[] axes = use.integers("axes", 1).orElseGet(() -> new long[0]);
    return axes.length == 1
        && use.integer("keepdims", 1) != 0
        && OnnxUse.axis(axes[0], flow) == flow.channelAxis();
  }

  /** Makes one of all places. */
  private interface Reduction {
    Value of(String name, Value picture);
  }

  private Flow reduced(OnnxUse use, Flow flow, Reduction reduction) {
    Value picture = sketch.picture(flow);
    List<Integer> places = flow.order() == Order.CHW ? List.of(1, 2) : List.of(0, 1);
    long[] axes =
        use.integers("axes", 1)
            .orElseThrow(() -> new Unsupported("works along the pictures of a batch"));
    List<Integer> along =
        Arrays.stream(axes).mapToObj(axis -> OnnxUse.axis(axis, flow)).sorted().toList();
    if (flow.dimensions().size() != 3 || !along.equals(places)) {
      throw new Unsupported(
          "works along axes %s of %s; rows and columns together can be"
              .formatted(Arrays.toString(axes), flow.extent()));
    }
    Flow result = Sketch.flow(reduction.of(use.name(), picture), flow.order());
    return use.integer("keepdims", 1) != 0 ? result : result.reshaped(List.of(result.size()));
  }

  private Flow resize(OnnxUse use) {
    Value picture = picture(use);
    Shape shape = picture.shape();
    long[] extent = extent(use, shape);
    boolean isWhole =
        extent[0] % shape.height() == 0
            && extent[1] % shape.width() == 0
            && extent[0] > 0
            && extent[1] > 0;
    if (!isWhole) {
      throw new Unsupported(
          "makes %dx%d of %s; whole multiples can be made".formatted(extent[0], extent[1], shape));
    }
    int rows = Math.toIntExact(extent[0] / shape.height());
    int columns = Math.toIntExact(extent[1] / shape.width());
    if (rows == 1 && columns == 1) {
      return use.flow(0);
    }
    Upsample.Mode mode = mode(use, Math.max(rows, columns));
    return Sketch.flow(
        sketch.emit(use.name(), new Upsample(rows, columns, mode), Map.of(), picture), Order.CHW);
  }

  /** Rows and columns that are asked for, by factors or outright. */
  private static long[] extent(OnnxUse use, Shape shape) {
    boolean isOld = use.node().type().equals("Upsample");
    if (use.hasInput(3)) {
      long[] sizes = use.integers("sizes", 3).orElseThrow();
      if (sizes.length == 4 && use.integers("axes").isEmpty()) {
        return new long[] {sizes[2], sizes[3]};
      }
      throw new Unsupported("makes " + Arrays.toString(sizes));
    }
    int index = isOld || use.opset() < 11 ? 1 : 2;
    float[] scales = use.hasInput(index) ? use.numbers(index).array() : floats(use, "scales");
    if (scales.length != 4 || scales[0] != 1 || scales[1] != 1) {
      throw new Unsupported("scales by " + Arrays.toString(scales));
    }
    return new long[] {
      (long) Math.floor(shape.height() * (double) scales[2] + 1e-4),
      (long) Math.floor(shape.width() * (double) scales[3] + 1e-4)
    };
  }

  private static float[] floats(OnnxUse use, String attribute) {
    List<Double> said = use.attribute(attribute).map(each -> each.numbers()).orElse(List.of());
    float[] numbers = new float[said.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = said.get(i).floatValue();
    }
    return numbers;
  }

  private static Upsample.Mode mode(OnnxUse use, int factor) {
    boolean isOld = use.node().type().equals("Upsample") || use.opset() < 11;
    String mode = use.text("mode", "nearest");
    String places = use.text("coordinate_transformation_mode", isOld ? "asymmetric" : "half_pixel");
    String rounding = use.text("nearest_mode", isOld ? "floor" : "round_prefer_floor");
    boolean isCentred = places.equals("half_pixel") || places.equals("pytorch_half_pixel");
    boolean copies =
        mode.equals("nearest")
            && (isCentred
                ? rounding.startsWith("round_prefer")
                : places.equals("asymmetric")
                    && (rounding.equals("floor")
                        || (rounding.equals("round_prefer_floor") && factor <= 2)));
    if (copies) {
      return Upsample.Mode.NEAREST;
    }
    if (mode.equals("linear") && isCentred) {
      return Upsample.Mode.BILINEAR;
    }
    throw new Unsupported(
        "resizes by %s, places %s, rounded by %s"
            .formatted(Text.quote(mode), Text.quote(places), Text.quote(rounding)));
  }

  private Flow softmax(OnnxUse use) {
    Flow flow = use.flow(0);
    OnnxArithmetic.requireChannels(
        flow, use.integer("axis", use.opset() < SOFTMAX_OF_ONE_AXIS ? 1 : -1));
    return sketch.softmax(use.name(), flow);
  }
}
