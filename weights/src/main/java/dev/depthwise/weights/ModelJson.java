package dev.depthwise.weights;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import dev.depthwise.network.Network;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Resizing;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The content of {@code model.json}.
 *
 * <p>Operations are written with the names of their records' components, so that a new one needs
 * nothing here: {@code {"op": "batch_norm", "epsilon": 1.0E-5, ...}}.
 */
record ModelJson(
    String format,
    int version,
    GraphJson graph,
    List<String> labels,
    Preprocessing preprocessing,
    Map<String, String> provenance,
    Map<String, Double> metrics,
    WeightsJson weights) {
  private static final String FORMAT = "depthwise-model";

  /** 2 says how pictures are resized, ordered and divided; 1 did not. */
  private static final int VERSION = 2;

  private static final long LARGEST_FILE = 64 << 20;
  private static final int MOST_NODES = 100_000;
  private static final JsonMapper MAPPER = mapper();

  /** A graph whose values go by the names of the nodes that make them. */
  record GraphJson(List<NodeJson> nodes, Map<String, String> outputs, Map<String, String> taps) {}

  /** A node; its output's shape follows from its inputs. */
  record NodeJson(String name, Op op, List<String> inputs) {}

  /** The weights that belong to the model. */
  record WeightsJson(String sha256) {}

  static ModelJson of(Network network, String weightsSha256) {
    Graph graph = network.model().graph();
    List<NodeJson> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(
          new NodeJson(
              node.name(),
              node.op(),
              node.inputs().stream().map(value -> graph.producer(value).name()).toList()));
    }
    return new ModelJson(
        FORMAT,
        VERSION,
        new GraphJson(nodes, producers(graph, graph.outputs()), producers(graph, graph.taps())),
        network.labels(),
        network.preprocessing(),
        network.provenance(),
        network.metrics(),
        new WeightsJson(weightsSha256));
  }

  static ModelJson read(Path path) {
    byte[] bytes;
    try (InputFile file = InputFile.open(path)) {
      if (file.size() > LARGEST_FILE) {
        throw file.fault(
            "has %d bytes; a model's description has at most %d"
                .formatted(file.size(), LARGEST_FILE));
      }
      bytes = file.readArray(0, file.size());
    }
    try {
      return version(path, bytes).equals("1")
          ? MAPPER.treeToValue(upgraded(MAPPER.readTree(bytes)), ModelJson.class)
          : MAPPER.readValue(bytes, ModelJson.class);
    } catch (InvalidTypeIdException e) {
      throw new InputException("%s: %s%s".formatted(path, where(e), unknownType(e)), e);
    } catch (JsonMappingException e) {
      throw new InputException("%s: %s%s".formatted(path, where(e), what(e)), e);
    } catch (IOException e) {
      throw new InputException("%s: is not valid JSON: %s".formatted(path, Json.fault(e)), e);
    }
  }

  byte[] bytes() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a model could not be described", e);
    }
  }

  /** The graph that is described. */
  Graph graph(Path path) {
    if (graph.nodes().size() > MOST_NODES) {
      throw InputFile.fault(path, "has more than %d layers".formatted(MOST_NODES));
    }
    Map<String, Value> values = new LinkedHashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (NodeJson node : graph.nodes()) {
      String layer = "layer " + Text.quote(node.name());
      try {
        List<Value> inputs = new ArrayList<>();
        for (String input : node.inputs()) {
          inputs.add(value(values, input));
        }
        Shape shape = node.op().infer(inputs.stream().map(Value::shape).toList());
        Value output = new Value(nodes.size(), shape);
        nodes.add(new Node(node.name(), node.op(), inputs, output));
        if (values.put(node.name(), output) != null) {
          throw new IllegalArgumentException("another one has this name");
        }
      } catch (IllegalArgumentException e) {
        throw new InputException("%s: %s: %s".formatted(path, layer, Text.line(e)), e);
      }
    }
    try {
      return new Graph(nodes, named(values, graph.outputs()), named(values, graph.taps()));
    } catch (IllegalArgumentException e) {
      throw new InputException("%s: %s".formatted(path, Text.line(e)), e);
    }
  }

  private static Map<String, String> producers(Graph graph, Map<String, Value> values) {
    Map<String, String> names = new LinkedHashMap<>();
    values.forEach((name, value) -> names.put(name, graph.producer(value).name()));
    return names;
  }

  private static Map<String, Value> named(Map<String, Value> values, Map<String, String> names) {
    Map<String, Value> named = new LinkedHashMap<>();
    names.forEach((name, node) -> named.put(name, value(values, node)));
    return named;
  }

  private static Value value(Map<String, Value> values, String node) {
    Value value = values.get(node);
    if (value == null) {
      throw new IllegalArgumentException(
          "no layer before it is named %s".formatted(Text.quote(node)));
    }
    return value;
  }

  /** Looks only for format and version, as the rest may have changed with them. */
  private static String version(Path path, byte[] bytes) throws IOException {
    String format = null;
    String version = "none";
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String field = parser.currentName();
          parser.nextToken();
          switch (field) {
            case "format" -> format = parser.getValueAsString();
            case "version" -> version = parser.getValueAsString("unknown");
            default -> {}
          }
          parser.skipChildren();
        }
      }
    }
    if (!FORMAT.equals(format)) {
      throw InputFile.fault(
          path, "is no model's description: its format is not \"%s\"".formatted(FORMAT));
    }
    if (!version.equals("1") && !version.equals(String.valueOf(VERSION))) {
      throw InputFile.fault(
          path,
          "is of version %s; this Depthwise understands versions 1 to %d"
              .formatted(Text.clean(version), VERSION));
    }
    return version;
  }

  /** Says what was so of every picture while version 1 was written. */
  private static JsonNode upgraded(JsonNode description) {
    if (description.get("preprocessing") instanceof ObjectNode preprocessing) {
      Preprocessing usual = Preprocessing.stretched(1, 1, 1, List.of(0.0), List.of(1.0));
      preprocessing.putIfAbsent("resizing", MAPPER.valueToTree(usual.resizing()));
      preprocessing.putIfAbsent("interpolation", MAPPER.valueToTree(usual.interpolation()));
      preprocessing.putIfAbsent("order", MAPPER.valueToTree(usual.order()));
      preprocessing.putIfAbsent("divisor", MAPPER.valueToTree(usual.divisor()));
    }
    return description;
  }

  private static String unknownType(InvalidTypeIdException e) {
    String type = e.getTypeId();
    List<String> known =
        types(e.getBaseType().getRawClass()).stream().map(NamedType::getName).toList();
    return type == null
        ? "says not what it is; known are " + String.join(", ", known)
        : "%s is not known; %s".formatted(Text.quote(type), Names.suggest(Text.clean(type), known));
  }

  /** The place in the document: {@code graph.nodes[3].op: }. */
  private static String where(JsonMappingException e) {
    StringBuilder place = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        place.append('[').append(step.getIndex()).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(Text.clean(step.getFieldName()));
      }
    }
    return place.isEmpty() ? "" : place + ": ";
  }

  /** What a record's constructor says, or else Jackson. */
  private static String what(JsonMappingException e) {
    Throwable cause = e.getCause();
    if (cause instanceof IllegalArgumentException || cause instanceof InputException) {
      return Text.line(cause);
    }
    String message = e.getOriginalMessage();
    if (message.startsWith("Missing creator property")) {
      return "is missing";
    }
    // Jackson speaks of Java classes and its own settings, which mean nothing to the reader.
    return Text.line(
        message
            .replaceAll("(?s) \\((class|for type) .*|; `DeserializationFeature.*", "")
            .replaceAll("\\b([a-z]+\\.)+(?=[A-Z])", ""));
  }

  private static JsonMapper mapper() {
    return JsonMapper.builder(Json.factory(5_000_000))
        .enable(SerializationFeature.INDENT_OUTPUT)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        // Window.isSettled() asks a question; it is no component.
        .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
        .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .defaultSetterInfo(JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL))
        .addMixIn(Op.class, OpMixIn.class)
        .addMixIn(Padding.class, PaddingMixIn.class)
        .addMixIn(Resizing.class, ResizingMixIn.class)
        .addMixIn(Shape.class, ShapeMixIn.class)
        .registerSubtypes(types(Op.class).toArray(NamedType[]::new))
        .registerSubtypes(types(Padding.class).toArray(NamedType[]::new))
        .registerSubtypes(types(Resizing.class).toArray(NamedType[]::new))
        .build();
  }

  /** The cases of a sealed type by their names in the file: BatchNorm is batch_norm. */
  private static List<NamedType> types(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .map(
            type ->
                new NamedType(
                    type,
                    type.getSimpleName()
                        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
                        .toLowerCase(Locale.ROOT)))
        .toList();
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
  private interface OpMixIn {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "padding")
  private interface PaddingMixIn {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "resizing")
  private interface ResizingMixIn {}

  /** A shape is the list of its dimensions. */
  private abstract static class ShapeMixIn {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    @SuppressWarnings("unused") // Jackson looks at the parameter's type.
    ShapeMixIn(List<Integer> dimensions) {}

    @JsonValue
    abstract List<Integer> dimensions();
  }
}
