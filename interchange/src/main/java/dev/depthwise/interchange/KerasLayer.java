package dev.depthwise.interchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.network.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A layer as the configuration of a model describes it, or a model that is used as one.
 *
 * @param type the name of its class
 * @param config its settings; of the first Sequential models, the list of their layers
 * @param calls what it is called with, once for each time that it is used
 */
record KerasLayer(String type, String name, JsonNode config, List<Call> calls) {
  /** Lists in lists may be as deep as a shape has axes; more is nobody's. */
  private static final int DEEPEST = 6;

  KerasLayer {
    calls = List.copyOf(calls);
  }

  /** An argument of a call. */
  sealed interface Argument {}

  /**
   * What another layer makes.
   *
   * @param layer its name
   * @param call which of its calls
   * @param output which of that call's outputs
   */
  record Reference(String layer, int call, int output) implements Argument {}

  /**
   * Something that stands in the file.
   *
   * @param name of a keyword argument; empty for others
   */
  record Constant(String name, JsonNode value) implements Argument {}

  /** The arguments of one use; lists of references are taken apart. */
  record Call(List<Argument> arguments) {
    Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** Reads the description of a layer. */
  static KerasLayer of(Path file, JsonNode json) {
    JsonNode config = json.path("config");
    String type = json.path("class_name").asText("");
    // Classes of the user's own and of add-ons stand behind the name of their package.
    type = type.substring(type.lastIndexOf('>') + 1);
    String name = config.path("name").asText(json.path("name").asText(""));
    List<Call> calls = new ArrayList<>();
    for (JsonNode call : json.path("inbound_nodes")) {
      List<Argument> arguments = new ArrayList<>();
      collect(file, call, arguments, 0);
      calls.add(new Call(arguments));
    }
    return new KerasLayer(
        type, name.isEmpty() ? type.toLowerCase(Locale.ROOT) : name, config, calls);
  }

  /** Whether it is a model. */
  boolean isModel() {
    return config.isArray() || config.path("layers").isArray();
  }

  /** Its settings. */
  KerasConfiguration settings() {
    return KerasConfiguration.of(config);
  }

  /** The references in the list of a model's inputs or outputs. */
  static List<Reference> references(Path file, JsonNode json) {
    List<Argument> arguments = new ArrayList<>();
    collect(file, json, arguments, 0);
    List<Reference> references = new ArrayList<>();
    for (Argument argument : arguments) {
      if (argument instanceof Reference reference) {
        references.add(reference);
      }
    }
    return references;
  }

  private static void collect(Path file, JsonNode json, List<Argument> arguments, int depth) {
    if (depth > DEEPEST) {
      throw new InputException(
          file + ": its configuration nests the arguments of a layer too deep");
    }
    if (isReference(json)) {
      if (json.get(0).asText().equals("_CONSTANT_VALUE")) {
        arguments.add(new Constant("", json.path(2)));
      } else {
        arguments.add(reference(json));
      }
      keywords(file, json.path(3), arguments, depth);
    } else if (json.path("class_name").asText("").equals("__keras_tensor__")) {
      JsonNode history = json.path("config").path("keras_history");
      if (!isReference(history)) {
        throw new InputException(file + ": its configuration has a tensor without a history");
      }
      arguments.add(reference(history));
    } else if (json.has("args")) {
      json.path("args").forEach(argument -> collect(file, argument, arguments, depth + 1));
      keywords(file, json.path("kwargs"), arguments, depth);
    } else if (json.isArray() && holdsReference(json, 0)) {
      json.forEach(argument -> collect(file, argument, arguments, depth + 1));
    } else if (json.isObject() && holdsReference(json, 0) && !json.has("class_name")) {
      // Models whose inputs or outputs have names.
      json.forEach(argument -> collect(file, argument, arguments, depth + 1));
    } else if (!(json.isArray() && json.isEmpty())) {
      arguments.add(new Constant("", json));
    }
  }

  private static void keywords(Path file, JsonNode json, List<Argument> arguments, int depth) {
    json.properties()
        .forEach(
            each -> {
              if (holdsReference(each.getValue(), 0)) {
                collect(file, each.getValue(), arguments, depth + 1);
              } else if (!each.getValue().isNull()) {
                arguments.add(new Constant(each.getKey(), each.getValue()));
              }
            });
  }

  private static boolean holdsReference(JsonNode json, int depth) {
    if (isReference(json) || json.path("class_name").asText("").equals("__keras_tensor__")) {
      return true;
    }
    if (depth > DEEPEST) {
      return false;
    }
    for (JsonNode inner : json) {
      if (holdsReference(inner, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it reads {@code [name, call, output, ...]}. */
  private static boolean isReference(JsonNode json) {
    return json.isArray()
        && json.size() >= 3
        && json.get(0).isTextual()
        && json.get(1).isInt()
        && (json.get(2).isInt() || json.get(0).asText().equals("_CONSTANT_VALUE"));
  }

  private static Reference reference(JsonNode json) {
    return new Reference(json.get(0).asText(), json.get(1).asInt(), json.get(2).asInt());
  }
}
