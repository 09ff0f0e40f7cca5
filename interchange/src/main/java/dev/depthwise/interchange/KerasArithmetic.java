package dev.depthwise.interchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.interchange.KerasLayer.Constant;
import dev.depthwise.interchange.KerasModel.Given;
import dev.depthwise.network.Scale;
import dev.depthwise.weights.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What Keras computes of several tensors, and of tensors and constants. */
final class KerasArithmetic {
  private final Sketch sketch;
  private final KerasActivations activations;

  KerasArithmetic(Sketch sketch, KerasActivations activations) {
    this.sketch = sketch;
    this.activations = activations;
  }

  /** Arithmetic on tensors, which Keras records as layers; some share their names with layers. */
  void addTo(Map<String, KerasLayers.Translation> table) {
    table.put("Average", this::average);
    table.put("Concatenate", this::concatenate);
    table.put("Add", use -> arithmetic(use, "add"));
    table.put("Subtract", use -> arithmetic(use, "subtract"));
    table.put("Multiply", use -> arithmetic(use, "multiply"));
    table.put("Divide", use -> arithmetic(use, "divide"));
    table.put("TrueDivide", use -> arithmetic(use, "divide"));
    table.put("Negative", use -> sketch.affine(use.name(), use.only(), of(-1), of(0)));
    Map<String, String> functions = new LinkedHashMap<>();
    functions.put("Relu", "relu");
    functions.put("Relu6", "relu6");
    functions.put("Sigmoid", "sigmoid");
    functions.put("Silu", "silu");
    functions.put("HardSigmoid", "hard_sigmoid");
    functions.put("HardSilu", "hard_silu");
    functions.put("Tanh", "tanh");
    functions.forEach(
        (type, function) ->
            table.put(type, use -> activations.named(use.name() + "/", function, use.only())));
    table.put("GetItem", this::reverseChannels);
    table.put("TFOpLambda", this::recorded);
  }

  private Flow average(KerasUse use) {
    if (use.flows().size() < 2) {
      return use.only();
    }
    Flow sum = sketch.sum(use.name() + "/sum", use.flows());
    return sketch.each(use.name(), new Scale(1.0 / use.flows().size()), sum);
  }

  private Flow concatenate(KerasUse use) {
    if (use.flows().isEmpty()) {
      throw new Unsupported("joins nothing");
    }
    int rank = use.flows().get(0).dimensions().size();
    KerasLayers.requireLastAxis(use.settings(), use.flows().get(0));
    // As an operation, it has its axis among the arguments.
    for (Given given : use.given()) {
      if (given.constant().isPresent() && given.constant().get().value().isInt()) {
        int axis = given.constant().get().value().asInt();
        if (axis != -1 && axis != rank) {
          throw new Unsupported("joins along axis " + axis);
        }
      }
    }
    return sketch.concatenation(use.name(), use.flows());
  }

  private Flow arithmetic(KerasUse use, String kind) {
    List<Flow> flows = use.flows();
    List<double[]> constants = new ArrayList<>();
    for (Given given : use.given()) {
      given.constant().ifPresent(constant -> operand(constant).ifPresent(constants::add));
    }
    if (constants.isEmpty() && flows.size() == 1) {
      return flows.get(0);
    }
    if (flows.size() > 1 && constants.isEmpty()) {
      return switch (kind) {
        case "add" -> sketch.sum(use.name(), flows);
        case "multiply" -> sketch.product(use.name(), flows);
        case "subtract" -> difference(use, flows);
        default -> throw new Unsupported("divides one tensor by another");
      };
    }
    if (flows.size() != 1 || constants.size() != 1) {
      throw new Unsupported(
          "has %d tensors and %d constants".formatted(flows.size(), constants.size()));
    }
    boolean constantFirst = !use.given().isEmpty() && use.given().get(0).constant().isPresent();
    double[] constant = constants.get(0);
    Flow flow = flows.get(0);
    return switch (kind) {
      case "add" -> sketch.affine(use.name(), flow, of(1), constant);
      case "multiply" -> sketch.affine(use.name(), flow, constant, of(0));
      case "subtract" ->
          constantFirst
              ? sketch.affine(use.name(), flow, of(-1), constant)
              : sketch.affine(use.name(), flow, of(1), each(constant, x -> -x));
      default -> {
        if (constantFirst) {
          throw new Unsupported("divides a number by a tensor");
        }
        yield sketch.affine(use.name(), flow, each(constant, x -> 1 / x), of(0));
      }
    };
  }

  private Flow difference(KerasUse use, List<Flow> flows) {
    if (flows.size() != 2) {
      throw new Unsupported("subtracts %d tensors".formatted(flows.size()));
    }
    Flow negative = sketch.each(use.name() + "/negative", new Scale(-1), flows.get(1));
    return sketch.sum(use.name(), List.of(flows.get(0), negative));
  }

  private static double[] of(double number) {
    return new double[] {number};
  }

  private static double[] each(double[] numbers, DoubleUnaryOperator function) {
    return Arrays.stream(numbers).map(function).toArray();
  }

  /** The numbers of an argument; empty for those that only name or type the result. */
  private static Optional<double[]> operand(Constant constant) {
    JsonNode value = constant.value();
    boolean isOperand =
        switch (constant.name()) {
          case "", "x", "y", "x1", "x2", "value", "bias" -> !value.isTextual() && !value.isNull();
          default -> false;
        };
    return isOperand
        ? Optional.of(KerasConfiguration.numbers("an operand", value))
        : Optional.empty();
  }

  /** Arithmetic as TensorFlow's Keras records it. */
  private Flow recorded(KerasUse use) {
    String function = use.settings().text("function", "");
    return switch (function) {
      case "math.add", "__operators__.add", "nn.bias_add" -> arithmetic(use, "add");
      case "math.subtract", "__operators__.sub" -> arithmetic(use, "subtract");
      case "math.multiply", "__operators__.mul" -> arithmetic(use, "multiply");
      case "math.truediv", "math.divide", "__operators__.truediv" -> arithmetic(use, "divide");
      case "nn.relu",
          "nn.relu6",
          "nn.sigmoid",
          "math.sigmoid",
          "math.tanh",
          "nn.tanh",
          "nn.silu",
          "nn.elu",
          "identity" ->
          activations.named(use.name() + "/", function, use.only());
      case "nn.softmax" -> sketch.softmax(use.name(), use.only());
      default -> throw new Unsupported("calls " + Text.quote("tf." + function));
    };
  }

  /** {@code x[..., ::-1]}: colours the other way round, which Keras' "caffe" preprocessing does. */
  private Flow reverseChannels(KerasUse use) {
    Flow flow = use.only();
    String slices =
        use.given().stream()
            .flatMap(given -> given.constant().stream())
            .map(constant -> constant.value().toString())
            .collect(Collectors.joining());
    boolean reverses =
        slices.matches(
            "\\[\\{[^{}]*\"__ellipsis__\"[^{}]*(\\{[^{}]*\\})?[^{}]*\\},"
                + "\\{\"class_name\":\"__slice__\",\"config\":"
                + "\\{\"start\":null,\"stop\":null,\"step\":-1\\}\\}\\]");
    if (!reverses) {
      throw new Unsupported("takes a part of a tensor");
    }
    int channels = sketch.picture(flow).shape().channels();
    return sketch.channels(
        use.name(), flow, IntStream.range(0, channels).map(i -> channels - 1 - i).toArray());
  }
}
