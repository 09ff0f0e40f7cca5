package dev.depthwise.interchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.network.Activation;
import dev.depthwise.network.Activation.Function;
import dev.depthwise.network.Relu;
import dev.depthwise.weights.Text;
import java.util.Locale;

/**
 * Keras' activations, by the names of functions and as layers.
 *
 * @param sketch where they go
 * @param keras3 whether the model was saved by Keras 3, which changed the hard sigmoid
 */
record KerasActivations(Sketch sketch, boolean keras3) {
  /** The slope of the function; the layer has another one, 0.3, unless told. */
  private static final double LEAKY_FUNCTION = 0.2;

  /** Adds the activation that the settings of a layer name, if any. */
  Flow of(String layer, KerasConfiguration settings, Flow flow) {
    JsonNode activation = settings.json().path("activation");
    if (activation.isMissingNode() || activation.isNull()) {
      return flow;
    }
    return of(layer, activation, flow);
  }

  private Flow of(String layer, JsonNode activation, Flow flow) {
    if (activation.isTextual()) {
      return named(layer, activation.asText(), flow);
    }
    String type = activation.path("class_name").asText("");
    JsonNode config = activation.path("config");
    if (type.equals("function") && config.isTextual()) {
      return named(layer, config.asText(), flow);
    }
    if (isLayer(type)) {
      return layer(part(layer, type), type, KerasConfiguration.of(config), flow);
    }
    throw new Unsupported("has an activation of its own, " + Text.quote(type));
  }

  /** A function by its name; {@code keras.activations.relu} is called {@code relu}. */
  Flow named(String layer, String name, Flow flow) {
    String function = name.toLowerCase(Locale.ROOT);
    function = function.substring(function.lastIndexOf('>') + 1);
    function = function.substring(function.lastIndexOf('.') + 1);
    String node = part(layer, function);
    return switch (function) {
      case "linear", "identity" -> flow;
      case "relu" -> sketch.each(node, new Relu(), flow);
      case "relu6" -> sketch.each(node, Activation.of(Function.RELU6), flow);
      case "softmax" -> sketch.softmax(node, flow);
      case "sigmoid" -> sketch.each(node, Activation.of(Function.SIGMOID), flow);
      case "tanh" -> sketch.each(node, Activation.of(Function.TANH), flow);
      case "elu" -> sketch.each(node, new Activation(Function.ELU, 1), flow);
      case "gelu" -> sketch.each(node, Activation.of(Function.GELU), flow);
      case "swish", "silu" -> sketch.each(node, new Activation(Function.SWISH, 1), flow);
      case "hard_swish", "hard_silu" -> sketch.each(node, Activation.of(Function.HARD_SWISH), flow);
      case "hard_sigmoid" ->
          sketch.each(node, new Activation(Function.HARD_SIGMOID, keras3 ? 1.0 / 6 : 0.2), flow);
      case "leaky_relu" ->
          sketch.each(node, new Activation(Function.LEAKY_RELU, LEAKY_FUNCTION), flow);
      default -> throw new Unsupported("has the activation " + Text.quote(name));
    };
  }

  /** Whether a class is an activation. */
  static boolean isLayer(String type) {
    return switch (type) {
      case "ReLU", "LeakyReLU", "ELU", "Softmax" -> true;
      default -> false;
    };
  }

  /** A layer that is an activation. */
  Flow layer(String name, String type, KerasConfiguration settings, Flow flow) {
    return switch (type) {
      case "ReLU" -> relu(name, settings, flow);
      case "LeakyReLU" ->
          leaky(name, settings.number("negative_slope", settings.number("alpha", 0.3)), flow);
      case "ELU" -> sketch.each(name, new Activation(Function.ELU, positive(settings)), flow);
      default -> {
        requireLastAxis(settings, flow);
        yield sketch.softmax(name, flow);
      }
    };
  }

  private static double positive(KerasConfiguration settings) {
    double alpha = settings.number("alpha", 1);
    if (!(alpha > 0)) {
      throw new Unsupported("has alpha " + alpha);
    }
    return alpha;
  }

  private static void requireLastAxis(KerasConfiguration settings, Flow flow) {
    int rank = flow.dimensions().size();
    if (settings.has("axis")
        && !settings.axes("axis", -1, rank).equals(java.util.List.of(rank - 1))) {
      throw new Unsupported("works along another axis than the last");
    }
  }

  private Flow relu(String name, KerasConfiguration settings, Flow flow) {
    double slope = settings.number("negative_slope", 0);
    if (settings.number("threshold", 0) != 0) {
      throw new Unsupported("has a threshold");
    }
    if (!settings.has("max_value")) {
      return leaky(name, slope, flow);
    }
    if (slope != 0) {
      throw new Unsupported("has a slope and a largest value");
    }
    return sketch.clipped(name, flow, settings.number("max_value", 6));
  }

  private Flow leaky(String name, double slope, Flow flow) {
    if (!(slope >= 0)) {
      throw new Unsupported("has the slope " + slope);
    }
    return sketch.each(
        name, slope == 0 ? new Relu() : new Activation(Function.LEAKY_RELU, slope), flow);
  }

  /** An activation that a layer has besides is named behind it; a layer that is one, as it is. */
  private static String part(String layer, String function) {
    return layer.endsWith("/") ? layer.substring(0, layer.length() - 1) : layer + "/" + function;
  }
}
