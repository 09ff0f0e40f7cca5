package dev.depthwise.interchange;

import dev.depthwise.interchange.OnnxWriter.Attributes;
import dev.depthwise.network.Activation;
import dev.depthwise.network.Add;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Concat;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Crop;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.GlobalAveragePool;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Input;
import dev.depthwise.network.InputException;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Model;
import dev.depthwise.network.Multiply;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.PRelu;
import dev.depthwise.network.PadChannels;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Role;
import dev.depthwise.network.Scale;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Softmax;
import dev.depthwise.network.Standardization;
import dev.depthwise.network.StochasticDepth;
import dev.depthwise.network.Subsample;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.Value;
import dev.depthwise.network.Weights;
import dev.depthwise.network.Window;
import dev.depthwise.network.ZeroPad;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes a model in ONNX' operators, as it is used: what only training needs is left out. */
final class OnnxExport {
  /**
   * What stands for zero between a padding and the max pool behind it. ONNX Runtime (1.26 and 1.30)
   * merges the two if it is zero, and the pool's own padding is below every number: wrong by 5e-4
   * for ResNet-50 V2. It leaves other numbers alone.
   */
  static final float ALMOST_ZERO = Float.MIN_NORMAL;

  private final Model model;
  private final OnnxWriter writer;
  private final Map<Class<? extends Op>, Translation<?>> table = new HashMap<>();

  /** What a value is called in the file. */
  private final Map<Value, String> names = new HashMap<>();

  private final Set<String> taken = new HashSet<>();

  /** Writes the nodes of an operation. */
  @FunctionalInterface
  private interface Translation<T extends Op> {
    void write(T op, Use use);
  }

  /**
   * A node, and what its inputs and its output are called.
   *
   * @param name of the node
   */
  private record Use(Node node, String name, List<String> inputs, String output) {
    String input() {
      return inputs.get(0);
    }

    Shape shape() {
      return node.inputs().get(0).shape();
    }
  }

  private OnnxExport(Model model, String name) {
    this.model = model;
    this.writer = new OnnxWriter(name);
    fill();
  }

  /**
   * Writes a model to a file.
   *
   * @param metadata what the file should say besides
   * @throws InputException naming an operation that ONNX has no operator for
   */
  static void write(Path file, Model model, String name, Map<String, String> metadata) {
    OnnxExport export = new OnnxExport(model, name);
    export.write();
    export.writer.write(file, metadata);
  }

  private <T extends Op> void put(Class<T> type, Translation<T> translation) {
    table.put(type, translation);
  }

  private void fill() {
    put(Activation.class, this::activation);
    put(Add.class, (op, use) -> emit("Add", use));
    put(AveragePool.class, this::averagePool);
    put(BatchNorm.class, this::batchNorm);
    put(Concat.class, (op, use) -> emit("Concat", use, new Attributes().integer("axis", 1)));
    put(Conv2d.class, this::convolution);
    put(Crop.class, this::crop);
    put(Dense.class, this::dense);
    put(Flatten.class, this::flatten);
    put(GlobalAveragePool.class, this::globalAveragePool);
    put(LayerNorm.class, this::layerNorm);
    put(LayerScale.class, (op, use) -> with("Mul", use, Role.LAYER_SCALE));
    put(LocalResponseNorm.class, this::localResponseNorm);
    put(MaxPool.class, (op, use) -> emit("MaxPool", use, window(op.window())));
    put(Multiply.class, this::multiply);
    put(PRelu.class, this::prelu);
    put(
        PadChannels.class,
        (op, use) ->
            emit("Pad", use, integers(use, "pads", 0, 0, 0, 0, 0, op.count(), 0, 0), constant(0)));
    put(Relu.class, (op, use) -> emit("Relu", use));
    put(Scale.class, (op, use) -> emit("Mul", use, constant(op.factor())));
    put(Softmax.class, (op, use) -> emit("Softmax", use, new Attributes().integer("axis", 1)));
    put(Standardization.class, this::standardization);
    put(Subsample.class, this::subsample);
    put(Upsample.class, this::upsample);
    put(
        ZeroPad.class,
        (op, use) ->
            emit(
                "Pad",
                use,
                integers(use, "pads", 0, 0, op.top(), op.left(), 0, 0, op.bottom(), op.right()),
                constant(isPooled(use.node().output()) ? ALMOST_ZERO : 0)));
  }

  /** Whether it hands on what it gets, when the model is used. */
  private static boolean isIdentity(Op op) {
    return op instanceof Dropout || op instanceof StochasticDepth;
  }

  private void write() {
    Graph graph = model.graph();
    graph.outputs().forEach((name, value) -> names.putIfAbsent(value, name));
    taken.addAll(names.values());
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Input) {
        String name = unused(graph.outputs().containsValue(node.output()) ? "input" : node.name());
        writer.input(name, node.output().shape());
        names.compute(
            node.output(), (value, output) -> output == null ? name : identity(name, output));
      } else if (isIdentity(node.op())) {
        String source = called(node.inputs().get(0));
        names.compute(
            node.output(), (value, output) -> output == null ? source : identity(source, output));
      } else {
        write(node);
      }
    }
    graph
        .outputs()
        .forEach(
            (name, value) -> {
              if (!called(value).equals(name)) {
                identity(called(value), name);
              }
              writer.output(name, value.shape());
            });
  }

  private String identity(String from, String to) {
    writer.node("Identity", to + "/identity", List.of(from), to, new Attributes());
    return to;
  }

  @SuppressWarnings("unchecked") // the table's keys are the classes of its translations
  private void write(Node node) {
    Translation<Op> translation = (Translation<Op>) table.get(node.op().getClass());
    if (translation == null) {
      throw new IllegalStateException("no operator for " + node.op());
    }
    String output = names.computeIfAbsent(node.output(), value -> unused(node.name()));
    translation.write(
        node.op(),
        new Use(node, node.name(), node.inputs().stream().map(this::called).toList(), output));
  }

  private String called(Value value) {
    String name = names.get(value);
    if (name == null) {
      throw new IllegalStateException("nothing makes " + value);
    }
    return name;
  }

  private String unused(String name) {
    String unused = name;
    for (int number = 2; !taken.add(unused); number++) {
      unused = name + "_" + number;
    }
    return unused;
  }

  // ---- Nodes

  /** The node's operation in one operator, with more inputs. */
  private void emit(String type, Use use, String... more) {
    emit(type, use, new Attributes(), more);
  }

  private void emit(String type, Use use, Attributes attributes, String... more) {
    List<String> inputs = new ArrayList<>(use.inputs());
    inputs.addAll(List.of(more));
    writer.node(type, use.name(), inputs, use.output(), attributes);
  }

  /** A step on the way to what a node makes. */
  private String step(Use use, String type, Attributes attributes, String... inputs) {
    String name = unused(use.name() + "/" + type.toLowerCase(Locale.ROOT));
    writer.node(type, name, List.of(inputs), name, attributes);
    return name;
  }

  private String step(Use use, String type, String... inputs) {
    return step(use, type, new Attributes(), inputs);
  }

  /** The last of several steps. */
  private void last(Use use, String type, Attributes attributes, String... inputs) {
    writer.node(type, use.name(), List.of(inputs), use.output(), attributes);
  }

  private void last(Use use, String type, String... inputs) {
    last(use, type, new Attributes(), inputs);
  }

  /** A parameter, under the name that Depthwise's own files give it. */
  private String parameter(Use use, Role role) {
    Weights.Key key = new Weights.Key(use.node().name(), role);
    return writer.tensor(key.toString(), model.weights().get(key));
  }

  /** A parameter of the channels, as a picture of one place. */
  private String perChannel(Use use, Role role) {
    Weights.Key key = new Weights.Key(use.node().name(), role);
    Tensor tensor = model.weights().get(key);
    return writer.tensor(
        key.toString(), new Tensor(Shape.of(tensor.shape().size(), 1, 1), tensor.values()));
  }

  private String constant(double number) {
    float value = (float) number;
    return writer.constant("constant/" + value, Tensor.of(Shape.of(), value));
  }

  private String integers(Use use, String what, long... values) {
    return writer.constant(use.name() + "/" + what, values);
  }

  private void with(String type, Use use, Role role) {
    emit(type, use, perChannel(use, role));
  }

  private Attributes window(Window window) {
    return places(window)
        .integers("kernel_shape", window.kernelHeight(), window.kernelWidth())
        .integers("dilations", window.dilationHeight(), window.dilationWidth());
  }

  private static Attributes places(Window window) {
    return new Attributes()
        .integers("strides", window.strideHeight(), window.strideWidth())
        .integers("pads", window.top(), window.left(), window.bottom(), window.right());
  }

  private void convolution(Conv2d op, Use use) {
    List<String> parameters = new ArrayList<>(List.of(parameter(use, Role.KERNEL)));
    if (op.bias()) {
      parameters.add(parameter(use, Role.BIAS));
    }
    emit(
        "Conv",
        use,
        window(op.window()).integer("group", op.groups()),
        parameters.toArray(String[]::new));
  }

  private void dense(Dense op, Use use) {
    List<String> parameters = new ArrayList<>(List.of(parameter(use, Role.KERNEL)));
    if (op.bias()) {
      parameters.add(parameter(use, Role.BIAS));
    }
    emit("Gemm", use, new Attributes().integer("transB", 1), parameters.toArray(String[]::new));
  }

  private void averagePool(AveragePool op, Use use) {
    Window window = op.window();
    if (window.dilationHeight() > 1 || window.dilationWidth() > 1) {
      throw new InputException(
          "%s: ONNX %d has no mean over a window with gaps"
              .formatted(use.name(), OnnxWriter.OPSET));
    }
    emit(
        "AveragePool",
        use,
        places(window)
            .integers("kernel_shape", window.kernelHeight(), window.kernelWidth())
            .integer("count_include_pad", op.countPadding() ? 1 : 0));
  }

  private void globalAveragePool(GlobalAveragePool op, Use use) {
    last(
        use,
        "Flatten",
        new Attributes().integer("axis", 1),
        step(use, "GlobalAveragePool", use.input()));
  }

  private void flatten(Flatten op, Use use) {
    String source = op.order() == Flatten.Order.HWC ? channelsLast(use, use.input()) : use.input();
    last(use, "Flatten", new Attributes().integer("axis", 1), source);
  }

  private String channelsLast(Use use, String input) {
    return step(use, "Transpose", new Attributes().integers("perm", 0, 2, 3, 1), input);
  }

  private void batchNorm(BatchNorm op, Use use) {
    Tensor mean = model.weights().get(use.node().name(), Role.MEAN);
    String scale =
        op.scale()
            ? parameter(use, Role.SCALE)
            : writer.constant(use.name() + "/scale", Tensor.filled(mean.shape(), 1));
    emit(
        "BatchNormalization",
        use,
        new Attributes().number("epsilon", op.epsilon()).number("momentum", 1 - op.momentum()),
        scale,
        parameter(use, Role.SHIFT),
        parameter(use, Role.MEAN),
        parameter(use, Role.VARIANCE));
  }

  private void layerNorm(LayerNorm op, Use use) {
    Attributes attributes = new Attributes().integer("axis", -1).number("epsilon", op.epsilon());
    String scale = parameter(use, Role.SCALE);
    String shift = parameter(use, Role.SHIFT);
    if (!use.shape().isPicture()) {
      emit("LayerNormalization", use, attributes, scale, shift);
      return;
    }
    String norm =
        step(use, "LayerNormalization", attributes, channelsLast(use, use.input()), scale, shift);
    last(use, "Transpose", new Attributes().integers("perm", 0, 3, 1, 2), norm);
  }

  private void localResponseNorm(LocalResponseNorm op, Use use) {
    emit(
        "LRN",
        use,
        new Attributes()
            .integer("size", op.size())
            .number("alpha", op.alpha() * op.size())
            .number("beta", op.beta())
            .number("bias", op.k()));
  }

  private void standardization(Standardization op, Use use) {
    Weights.Key key = new Weights.Key(use.node().name(), Role.VARIANCE);
    float[] deviation = model.weights().get(key).toArray();
    for (int i = 0; i < deviation.length; i++) {
      deviation[i] = (float) Math.sqrt(deviation[i] + Standardization.EPSILON);
    }
    String divisor =
        writer.constant(
            use.name() + "/deviation", Tensor.of(Shape.of(deviation.length, 1, 1), deviation));
    last(use, "Div", step(use, "Sub", use.input(), perChannel(use, Role.MEAN)), divisor);
  }

  private void multiply(Multiply op, Use use) {
    Shape right = use.node().inputs().get(1).shape();
    if (right.isPicture() || !use.shape().isPicture()) {
      emit("Mul", use);
      return;
    }
    String factor = step(use, "Unsqueeze", use.inputs().get(1), integers(use, "axes", 2, 3));
    last(use, "Mul", use.input(), factor);
  }

  private void prelu(PRelu op, Use use) {
    boolean perPicture = use.shape().isPicture() && !op.shared();
    emit("PRelu", use, perPicture ? perChannel(use, Role.SLOPE) : parameter(use, Role.SLOPE));
  }

  private boolean isPooled(Value value) {
    return model.graph().nodes().stream()
        .anyMatch(node -> node.op() instanceof MaxPool && node.inputs().contains(value));
  }

  private void crop(Crop op, Use use) {
    Shape shape = use.shape();
    emit(
        "Slice",
        use,
        integers(use, "starts", op.top(), op.left()),
        integers(use, "ends", shape.height() - op.bottom(), shape.width() - op.right()),
        integers(use, "axes", 2, 3));
  }

  private void subsample(Subsample op, Use use) {
    emit(
        "Slice",
        use,
        integers(use, "starts", 0, 0),
        integers(use, "ends", use.shape().height(), use.shape().width()),
        integers(use, "axes", 2, 3),
        integers(use, "steps", op.stride(), op.stride()));
  }

  private void upsample(Upsample op, Use use) {
    Attributes attributes =
        op.mode() == Upsample.Mode.NEAREST
            ? new Attributes()
                .text("mode", "nearest")
                .text("coordinate_transformation_mode", "asymmetric")
                .text("nearest_mode", "floor")
            : new Attributes()
                .text("mode", "linear")
                .text("coordinate_transformation_mode", "half_pixel");
    String scales =
        writer.constant(
            use.name() + "/scales",
            Tensor.of(Shape.of(4), 1, 1, op.factorHeight(), op.factorWidth()));
    emit("Resize", use, attributes, "", scales);
  }

  private void activation(Activation op, Use use) {
    String input = use.input();
    Attributes alpha = new Attributes().number("alpha", op.alpha());
    switch (op.function()) {
      case ELU -> emit("Elu", use, alpha);
      case GELU -> {
        String erf = step(use, "Erf", step(use, "Div", input, constant(Math.sqrt(2))));
        half(use, erf);
      }
      case GELU_TANH -> {
        String cube = step(use, "Mul", step(use, "Mul", input, input), input);
        String sum = step(use, "Add", input, step(use, "Mul", cube, constant(0.044715)));
        half(use, step(use, "Tanh", step(use, "Mul", sum, constant(Math.sqrt(2 / Math.PI)))));
      }
      case HARD_SIGMOID -> emit("HardSigmoid", use, alpha.number("beta", 0.5));
      case HARD_SWISH -> emit("HardSwish", use);
      case LEAKY_RELU -> emit("LeakyRelu", use, alpha);
      case RELU6 -> emit("Clip", use, constant(0), constant(6));
      case SIGMOID -> emit("Sigmoid", use);
      case SWISH -> {
        String scaled = op.alpha() == 1 ? input : step(use, "Mul", input, constant(op.alpha()));
        last(use, "Mul", input, step(use, "Sigmoid", scaled));
      }
      case TANH -> emit("Tanh", use);
    }
  }

  /** {@code x * (1 + f) / 2}. */
  private void half(Use use, String function) {
    String sum = step(use, "Add", function, constant(1));
    last(use, "Mul", step(use, "Mul", use.input(), sum), constant(0.5));
  }
}
