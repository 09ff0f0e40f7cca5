package dev.depthwise.interchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.depthwise.network.Input;
import dev.depthwise.network.InputException;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Model;
import dev.depthwise.network.Multiply;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.PRelu;
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
import dev.depthwise.weights.Arrangement;
import dev.depthwise.weights.KerasOrder;
import dev.depthwise.weights.WeightFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a model as a Functional one of Keras, in the configuration of Keras 2, which Keras 3 reads
 * too. Channels come last there.
 */
final class KerasExport {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Model model;
  private final ArrayNode layers = JSON.arrayNode();
  private final Map<String, List<String>> reads = new LinkedHashMap<>();
  private final Map<String, Map<String, Tensor>> weights = new HashMap<>();
  private final Map<Value, String> made = new HashMap<>();
  private final List<String> faults = new ArrayList<>();

  private KerasExport(Model model) {
    this.model = model;
  }

  /**
   * Writes a model to a file.
   *
   * @throws InputException naming all that Keras has no layer for
   */
  static void write(Path file, Model model, String name) {
    KerasExport export = new KerasExport(model);
    String configuration = export.configuration(name);
    if (!export.faults.isEmpty()) {
      throw new InputException(
          "%s: %d operations have no layer in Keras: %s; ONNX can hold them"
              .formatted(
                  file,
                  export.faults.size(),
                  String.join("; ", export.faults.stream().limit(20).toList())));
    }
    WeightFiles.writeKeras(file, configuration, export.tensors());
  }

  private String configuration(String name) {
    for (Node node : model.graph().nodes()) {
      try {
        made.put(node.output(), write(node));
      } catch (Unsupported e) {
        faults.add("%s (%s) %s".formatted(node.name(), node.op().description(), e.getMessage()));
        made.put(node.output(), input(node));
      }
    }
    ObjectNode config = JSON.objectNode().put("name", called(name)).put("trainable", true);
    config.set("layers", layers);
    config.putArray("input_layers").add(reference(input().get(0)));
    ArrayNode outputs = config.putArray("output_layers");
    model.graph().outputs().values().forEach(value -> outputs.add(reference(of(value))));
    ObjectNode whole = JSON.objectNode().put("class_name", "Functional");
    whole.set("config", config);
    try {
      return JsonMapper.builder().build().writeValueAsString(whole);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The weights in the order in which Keras lists the layers when it has read them. */
  private Map<String, Tensor> tensors() {
    List<String> outputs = model.graph().outputs().values().stream().map(this::of).toList();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String layer : KerasOrder.layers(reads, outputs)) {
      weights
          .getOrDefault(layer, Map.of())
          .forEach((weight, tensor) -> tensors.put(layer + "/" + weight, tensor));
    }
    return tensors;
  }

  private List<String> input() {
    return List.of(of(model.graph().input()));
  }

  private String of(Value value) {
    return Objects.requireNonNull(made.get(value));
  }

  private String input(Node node) {
    return of(node.inputs().get(0));
  }

  private static ArrayNode reference(String layer) {
    return JSON.arrayNode().add(layer).add(0).add(0);
  }

  // ---- Layers

  /** A name that Keras takes on all of its backends, and that no other layer has. */
  private String called(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_-]", "_").replaceFirst("^[^A-Za-z0-9]", "x");
    String unused = plain.isEmpty() ? "layer" : plain;
    for (int number = 2; reads.containsKey(unused); number++) {
      unused = plain + "_" + number;
    }
    return unused;
  }

  private String add(String type, String name, ObjectNode config, String... inputs) {
    return add(type, name, config, Map.of(), inputs);
  }

  private String add(
      String type,
      String name,
      ObjectNode config,
      Map<String, Tensor> parameters,
      String... inputs) {
    String layer = called(name);
    config.put("name", layer);
    ObjectNode entry = JSON.objectNode().put("class_name", type).put("name", layer);
    entry.set("config", config);
    ArrayNode nodes = entry.putArray("inbound_nodes");
    if (inputs.length > 0) {
      ArrayNode call = nodes.addArray();
      for (String input : inputs) {
        call.add(reference(input).add(JSON.objectNode()));
      }
    }
    layers.add(entry);
    reads.put(layer, List.of(inputs));
    weights.put(layer, parameters);
    return layer;
  }

  private static ObjectNode config() {
    return JSON.objectNode().put("dtype", "float32");
  }

  private static ObjectNode with(String key, Number... numbers) {
    ObjectNode config = config();
    put(config, key, numbers);
    return config;
  }

  private static void put(ObjectNode config, String key, Number... numbers) {
    ArrayNode array = config.putArray(key);
    for (Number number : numbers) {
      if (number instanceof Integer whole) {
        array.add(whole);
      } else {
        array.add(number.doubleValue());
      }
    }
  }

  private Tensor parameter(Node node, Role role) {
    return model.weights().get(new Weights.Key(node.name(), role));
  }

  private String write(Node node) {
    Op op = node.op();
    String name = node.name();
    if (op instanceof Input) {
      Shape shape = node.output().shape();
      ObjectNode config = config();
      config
          .putArray("batch_input_shape")
          .addNull()
          .add(shape.height())
          .add(shape.width())
          .add(shape.channels());
      return add("InputLayer", name, config);
    }
    String input = input(node);
    if (op instanceof StochasticDepth) {
      return input;
    } else if (op instanceof Dropout dropout) {
      return add("Dropout", name, config().put("rate", dropout.rate()), input);
    } else if (op instanceof Conv2d conv) {
      return convolution(node, conv, input);
    } else if (op instanceof Dense dense) {
      Map<String, Tensor> parameters = new LinkedHashMap<>();
      Tensor kernel = parameter(node, Role.KERNEL);
      parameters.put("kernel", Arrangement.dense(kernel.shape()).toFile(kernel));
      if (dense.bias()) {
        parameters.put("bias", parameter(node, Role.BIAS));
      }
      ObjectNode config = config().put("units", dense.units()).put("use_bias", dense.bias());
      return add("Dense", name, config, parameters, input);
    } else if (op instanceof BatchNorm norm) {
      return batchNorm(node, norm, input);
    } else if (op instanceof LayerNorm norm) {
      ObjectNode config = with("axis", node.output().shape().isPicture() ? 3 : 1);
      Map<String, Tensor> parameters = new LinkedHashMap<>();
      parameters.put("gamma", parameter(node, Role.SCALE));
      parameters.put("beta", parameter(node, Role.SHIFT));
      return add(
          "LayerNormalization", name, config.put("epsilon", norm.epsilon()), parameters, input);
    } else if (op instanceof MaxPool pool) {
      return maxPool(node, pool.window(), input);
    } else if (op instanceof AveragePool pool) {
      return averagePool(node, pool, input);
    } else if (op instanceof Multiply) {
      return multiply(node);
    } else if (op instanceof Flatten flatten) {
      String source =
          flatten.order() == Flatten.Order.HWC
              ? input
              : add("Permute", name + "_order", with("dims", 3, 1, 2), input);
      return add("Flatten", name, config(), source);
    } else if (op instanceof Activation activation) {
      return activation(name, activation, input);
    } else if (op instanceof PRelu) {
      return prelu(node, input);
    } else if (op instanceof Standardization) {
      return standardization(node, input);
    } else if (op instanceof LayerScale) {
      Tensor factors = parameter(node, Role.LAYER_SCALE);
      Tensor kernel = new Tensor(Shape.of(1, 1, factors.shape().size(), 1), factors.values());
      ObjectNode config = with("kernel_size", 1, 1).put("use_bias", false);
      return add("DepthwiseConv2D", name, config, Map.of("depthwise_kernel", kernel), input);
    } else if (op instanceof Scale scale) {
      return add(
          "Rescaling", name, config().put("scale", scale.factor()).put("offset", 0.0), input);
    } else if (op instanceof Upsample upsample) {
      ObjectNode config = with("size", upsample.factorHeight(), upsample.factorWidth());
      config.put("interpolation", upsample.mode().name().toLowerCase(Locale.ROOT));
      return add("UpSampling2D", name, config, input);
    } else if (op instanceof ZeroPad pad) {
      return padded(name, pad.top(), pad.left(), pad.bottom(), pad.right(), input);
    } else if (op instanceof Crop crop) {
      ObjectNode config = config();
      sides(config, "cropping", crop.top(), crop.left(), crop.bottom(), crop.right());
      return add("Cropping2D", name, config, input);
    } else if (op instanceof Subsample subsample) {
      ObjectNode config = with("pool_size", 1, 1).put("padding", "valid");
      put(config, "strides", subsample.stride(), subsample.stride());
      return add("MaxPooling2D", name, config, input);
    }
    return plain(node, input);
  }

  /** Operations whose layers have nothing to say. */
  private String plain(Node node, String input) {
    Op op = node.op();
    String name = node.name();
    if (op instanceof Relu) {
      return add("ReLU", name, config(), input);
    } else if (op instanceof Softmax) {
      return add("Softmax", name, config(), input);
    } else if (op instanceof GlobalAveragePool) {
      return add("GlobalAveragePooling2D", name, config(), input);
    } else if (op instanceof Add) {
      return add("Add", name, config(), inputs(node));
    } else if (op instanceof Concat) {
      return add("Concatenate", name, config().put("axis", -1), inputs(node));
    }
    throw new Unsupported("is none of Keras'");
  }

  private String[] inputs(Node node) {
    return node.inputs().stream().map(this::of).toArray(String[]::new);
  }

  private String convolution(Node node, Conv2d conv, String input) {
    Window window = conv.window();
    Shape shape = node.inputs().get(0).shape();
    if ((window.strideHeight() > 1 || window.strideWidth() > 1)
        && (window.dilationHeight() > 1 || window.dilationWidth() > 1)) {
      throw new Unsupported("has strides and dilation");
    }
    boolean depthwise = conv.groups() == shape.channels() && conv.groups() > 1;
    ObjectNode config = with("kernel_size", window.kernelHeight(), window.kernelWidth());
    put(config, "strides", window.strideHeight(), window.strideWidth());
    put(config, "dilation_rate", window.dilationHeight(), window.dilationWidth());
    config.put("use_bias", conv.bias());
    String source = source(node, window, config, input);
    Tensor kernel = parameter(node, Role.KERNEL);
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    if (depthwise) {
      config.put("depth_multiplier", conv.filters() / conv.groups());
      parameters.put(
          "depthwise_kernel",
          Arrangement.depthwise(kernel.shape(), shape.channels()).toFile(kernel));
    } else {
      config.put("filters", conv.filters()).put("groups", conv.groups());
      parameters.put("kernel", Arrangement.convolution(kernel.shape()).toFile(kernel));
    }
    if (conv.bias()) {
      parameters.put("bias", parameter(node, Role.BIAS));
    }
    return add(depthwise ? "DepthwiseConv2D" : "Conv2D", node.name(), config, parameters, source);
  }

  /** What a window looks at, padded by a layer of its own where Keras has no word for it. */
  private String source(Node node, Window window, ObjectNode config, String input) {
    boolean isSame = isSame(node, window);
    config.put("padding", isSame && !isValid(window) ? "same" : "valid");
    return isSame || isValid(window) ? input : padded(node, window, input);
  }

  private String padded(Node node, Window window, String input) {
    return padded(
        node.name() + "_pad", window.top(), window.left(), window.bottom(), window.right(), input);
  }

  private static boolean isValid(Window window) {
    return window.equals(window.valid());
  }

  private static boolean isSame(Node node, Window window) {
    return window.same().over(node.inputs().get(0).shape()).equals(window);
  }

  private String padded(String name, int top, int left, int bottom, int right, String input) {
    ObjectNode config = config();
    sides(config, "padding", top, left, bottom, right);
    return add("ZeroPadding2D", name, config, input);
  }

  private static void sides(
      ObjectNode config, String key, int top, int left, int bottom, int right) {
    ArrayNode array = config.putArray(key);
    array.addArray().add(top).add(bottom);
    array.addArray().add(left).add(right);
  }

  private String batchNorm(Node node, BatchNorm norm, String input) {
    ObjectNode config =
        with("axis", 3)
            .put("momentum", 1 - norm.momentum())
            .put("epsilon", norm.epsilon())
            .put("scale", norm.scale());
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    if (norm.scale()) {
      parameters.put("gamma", parameter(node, Role.SCALE));
    }
    parameters.put("beta", parameter(node, Role.SHIFT));
    parameters.put("moving_mean", parameter(node, Role.MEAN));
    parameters.put("moving_variance", parameter(node, Role.VARIANCE));
    return add("BatchNormalization", node.name(), config, parameters, input);
  }

  private static ObjectNode pool(Window window) {
    if (window.dilationHeight() > 1 || window.dilationWidth() > 1) {
      throw new Unsupported("pools with gaps");
    }
    ObjectNode config = with("pool_size", window.kernelHeight(), window.kernelWidth());
    put(config, "strides", window.strideHeight(), window.strideWidth());
    return config;
  }

  private String maxPool(Node node, Window window, String input) {
    ObjectNode config = pool(window);
    boolean needsLayer = !isValid(window) && !isSame(node, window);
    if (needsLayer && !isNonNegative(node.inputs().get(0))) {
      throw new Unsupported("pads, and zeros could be the largest there");
    }
    return add("MaxPooling2D", node.name(), config, source(node, window, config, input));
  }

  /** Whether no element is below zero: of such values, the padding's zeros change no maximum. */
  private boolean isNonNegative(Value value) {
    Node node = model.graph().producer(value);
    Op op = node.op();
    if (op instanceof Relu || op instanceof Softmax) {
      return true;
    }
    if (op instanceof Activation activation) {
      return activation.function() == Activation.Function.RELU6
          || activation.function() == Activation.Function.SIGMOID;
    }
    boolean keepsSigns =
        op instanceof MaxPool
            || op instanceof AveragePool
            || op instanceof Concat
            || op instanceof Add
            || op instanceof Multiply
            || op instanceof ZeroPad
            || op instanceof Crop
            || op instanceof Dropout;
    return keepsSigns && node.inputs().stream().allMatch(this::isNonNegative);
  }

  private String averagePool(Node node, AveragePool pool, String input) {
    ObjectNode config = pool(pool.window());
    if (isValid(pool.window()) || (!pool.countPadding() && isSame(node, pool.window()))) {
      return add(
          "AveragePooling2D", node.name(), config, source(node, pool.window(), config, input));
    }
    if (!pool.countPadding()) {
      throw new Unsupported("leaves its padding out of the mean");
    }
    String source = padded(node, pool.window(), input);
    return add("AveragePooling2D", node.name(), config.put("padding", "valid"), source);
  }

  private String multiply(Node node) {
    String[] inputs = inputs(node);
    Shape factor = node.inputs().get(1).shape();
    if (node.output().shape().isPicture() && !factor.isPicture()) {
      inputs[1] =
          add(
              "Reshape",
              node.name() + "_factor",
              with("target_shape", 1, 1, factor.size()),
              inputs[1]);
    }
    return add("Multiply", node.name(), config(), inputs);
  }

  private String activation(String name, Activation activation, String input) {
    return switch (activation.function()) {
      case ELU -> add("ELU", name, config().put("alpha", activation.alpha()), input);
      case GELU -> add("Activation", name, config().put("activation", "gelu"), input);
      case LEAKY_RELU -> add("LeakyReLU", name, config().put("alpha", activation.alpha()), input);
      case RELU6 -> add("ReLU", name, config().put("max_value", 6.0), input);
      case SIGMOID -> add("Activation", name, config().put("activation", "sigmoid"), input);
      case TANH -> add("Activation", name, config().put("activation", "tanh"), input);
      // Generations of Keras differ in what they call a hard sigmoid.
      case HARD_SIGMOID -> hardSigmoid(name, activation.alpha(), input);
      case HARD_SWISH -> {
        String gate = hardSigmoid(name + "_gate", 1 / 6.0, input);
        yield add("Multiply", name, config(), input, gate);
      }
      case SWISH -> {
        if (activation.alpha() != 1) {
          throw new Unsupported("has alpha " + activation.alpha());
        }
        yield add("Activation", name, config().put("activation", "swish"), input);
      }
      case GELU_TANH -> throw new Unsupported("approximates a GELU");
    };
  }

  private String hardSigmoid(String name, double alpha, String input) {
    ObjectNode line = config().put("scale", alpha).put("offset", 0.5);
    return add(
        "ReLU",
        name,
        config().put("max_value", 1.0),
        add("Rescaling", name + "_line", line, input));
  }

  private String prelu(Node node, String input) {
    Tensor slope = parameter(node, Role.SLOPE);
    boolean isPicture = node.output().shape().isPicture();
    boolean shared = slope.shape().size() < node.output().shape().channels();
    ObjectNode config = config();
    if (!isPicture) {
      if (shared) {
        throw new Unsupported("shares one slope in a vector");
      }
      return add("PReLU", node.name(), config, Map.of("alpha", slope), input);
    }
    put(config, "shared_axes", shared ? new Number[] {1, 2, 3} : new Number[] {1, 2});
    Tensor spread = new Tensor(Shape.of(1, 1, slope.shape().size()), slope.values());
    return add("PReLU", node.name(), config, Map.of("alpha", spread), input);
  }

  private String standardization(Node node, String input) {
    ObjectNode config = config();
    put(config, "axis", -1);
    put(config, "mean", numbers(parameter(node, Role.MEAN)));
    put(config, "variance", numbers(parameter(node, Role.VARIANCE)));
    return add("Normalization", node.name(), config, input);
  }

  private static Number[] numbers(Tensor tensor) {
    float[] values = tensor.toArray();
    Number[] numbers = new Number[values.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (double) values[i];
    }
    return numbers;
  }
}
