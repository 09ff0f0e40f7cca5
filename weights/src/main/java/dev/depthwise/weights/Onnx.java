package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads ONNX models: their graphs, and the weights, which ONNX calls initialisers; and checks that
 * every node's inputs come from somewhere.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the format</a>
 */
final class Onnx {
  private static final int MOST_TENSORS = 100_000;
  private static final int MOST_NAMES = 1_000_000;
  private static final int MOST_LETTERS = 1 << 24;
  private static final int MOST_NUMBERS = 1 << 20;

  // Fields of ModelProto and of what is in it; some messages have the same.
  private static final int IR_VERSION = 1;
  private static final int PRODUCER = 2;
  private static final int PRODUCER_VERSION = 3;
  private static final int GRAPH = 7;
  private static final int OPSET = 8;
  private static final int METADATA = 14;
  private static final int KEY = 1;
  private static final int VALUE = 2;

  // Fields of GraphProto.
  private static final int NODE = 1;
  private static final int INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int SPARSE_INITIALIZER = 15;

  // Fields of NodeProto.
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_NAME = 3;
  private static final int NODE_TYPE = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int NODE_DOMAIN = 7;

  // Fields of AttributeProto.
  private static final int NAME = 1;
  private static final int FLOAT = 2;
  private static final int INT = 3;
  private static final int STRING = 4;
  private static final int TENSOR = 5;
  private static final int INNER_GRAPH = 6;
  private static final int FLOATS = 7;
  private static final int INTS = 8;
  private static final int INNER_GRAPHS = 11;

  // Fields of ValueInfoProto, TypeProto, TensorShapeProto and its dimension.
  private static final int TYPE = 2;
  private static final int TENSOR_TYPE = 1;
  private static final int SHAPE = 2;
  private static final int DIMENSION = 1;
  private static final int DIMENSION_VALUE = 1;

  private final Path path;
  private final Protobuf protobuf;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final List<OnnxGraph.Node> nodes = new ArrayList<>();
  private final List<OnnxGraph.Edge> inputs = new ArrayList<>();
  private final List<OnnxGraph.Edge> outputs = new ArrayList<>();
  private final Map<String, Long> opsets = new HashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private String producer = "";
  private String version = "";
  private int names;
  private int numbers;
  private long letters;

  private Onnx(Path path, Protobuf protobuf) {
    this.path = path;
    this.protobuf = protobuf;
  }

  /**
   * Reads which tensors a file holds; their elements are read when they are asked for.
   *
   * @throws InputException naming the file and what is wrong with it
   */
  static NamedTensors read(Path path) {
    return graph(path).initializers();
  }

  /** Reads the whole graph. */
  static OnnxGraph graph(Path path) {
    try (InputFile file = InputFile.open(path)) {
      Onnx onnx = new Onnx(path, new Protobuf(file));
      onnx.readModel();
      onnx.requireSources();
      return new OnnxGraph(
          path,
          (onnx.producer + " " + onnx.version).strip(),
          onnx.opsets,
          onnx.nodes,
          onnx.inputs,
          onnx.outputs,
          new NamedTensors(path, onnx.tensors, Map.of("format", "onnx")),
          onnx.metadata);
    }
  }

  private void readModel() {
    Protobuf.Message model = protobuf.message();
    boolean hasVersion = false;
    boolean hasGraph = false;
    while (model.next()) {
      hasVersion |= model.is(IR_VERSION, Protobuf.Wire.VARINT);
      if (model.wire() != Protobuf.Wire.BYTES) {
        continue;
      }
      switch (model.field()) {
        case GRAPH -> {
          hasGraph = true;
          readGraph(model.inner());
        }
        case OPSET -> readOpset(model.inner());
        case METADATA -> readMetadata(model.inner());
        case PRODUCER -> producer = name(model);
        case PRODUCER_VERSION -> version = name(model);
        default -> {}
      }
    }
    if (!hasVersion || !hasGraph) {
      throw protobuf.fault("is no ONNX model: it has no graph");
    }
  }

  private void requireSources() {
    Set<String> made = new HashSet<>(tensors.keySet());
    inputs.forEach(input -> made.add(input.name()));
    nodes.forEach(node -> made.addAll(node.outputs()));
    for (OnnxGraph.Node node : nodes) {
      for (String input : node.inputs()) {
        if (!input.isEmpty() && !made.contains(input)) {
          throw protobuf.fault(
              "has a node that needs %s, which is neither a weight nor an input, and which no node"
                      .formatted(Text.quote(input))
                  + " makes");
        }
      }
    }
  }

  private void readOpset(Protobuf.Message opset) {
    String domain = "";
    long number = 0;
    while (opset.next()) {
      if (opset.is(KEY, Protobuf.Wire.BYTES)) {
        domain = name(opset);
      } else if (opset.is(VALUE, Protobuf.Wire.VARINT)) {
        number = opset.number();
      }
    }
    opsets.put(domain.equals("ai.onnx") ? "" : domain, number);
  }

  private void readMetadata(Protobuf.Message entry) {
    String key = "";
    String value = "";
    while (entry.next()) {
      if (entry.is(KEY, Protobuf.Wire.BYTES)) {
        key = name(entry);
      } else if (entry.is(VALUE, Protobuf.Wire.BYTES) && entry.length() <= Protobuf.LONGEST_TEXT) {
        value = name(entry);
      }
    }
    metadata.put(key, value);
  }

  private void readGraph(Protobuf.Message graph) {
    while (graph.next()) {
      if (graph.wire() != Protobuf.Wire.BYTES) {
        continue;
      }
      switch (graph.field()) {
        case NODE -> readNode(graph.inner());
        case GRAPH_INPUT -> inputs.add(edge(graph.inner()));
        case GRAPH_OUTPUT -> outputs.add(edge(graph.inner()));
        case INITIALIZER -> readInitializer(graph.inner());
        case SPARSE_INITIALIZER ->
            throw protobuf.fault("holds sparse weights; dense ones can be read");
        default -> {}
      }
    }
  }

  private void readInitializer(Protobuf.Message message) {
    StoredTensor tensor = OnnxTensor.read(path, message);
    if (tensors.put(tensor.name(), tensor) != null) {
      throw protobuf.fault("holds two weights called " + Text.quote(tensor.name()));
    }
    if (tensors.size() > MOST_TENSORS) {
      throw protobuf.fault("holds more than %d tensors".formatted(MOST_TENSORS));
    }
  }

  private void readNode(Protobuf.Message node) {
    String name = "";
    String domain = "";
    String type = "";
    List<String> needed = new ArrayList<>();
    List<String> made = new ArrayList<>();
    Map<String, OnnxGraph.Attribute> attributes = new LinkedHashMap<>();
    while (node.next()) {
      if (node.wire() != Protobuf.Wire.BYTES) {
        continue;
      }
      switch (node.field()) {
        case NODE_INPUT -> needed.add(name(node));
        case NODE_OUTPUT -> made.add(name(node));
        case NODE_NAME -> name = name(node);
        case NODE_TYPE -> type = name(node);
        case NODE_DOMAIN -> domain = name(node);
        case NODE_ATTRIBUTE -> readAttribute(node.inner(), attributes);
        default -> {}
      }
    }
    nodes.add(
        new OnnxGraph.Node(
            name, domain.equals("ai.onnx") ? "" : domain, type, needed, made, attributes));
    countName(0);
  }

  private void readAttribute(
      Protobuf.Message message, Map<String, OnnxGraph.Attribute> attributes) {
    String name = "";
    double number = 0;
    long integer = 0;
    String text = "";
    List<Double> floats = new ArrayList<>();
    List<Long> integers = new ArrayList<>();
    Optional<StoredTensor> tensor = Optional.empty();
    boolean hasGraph = false;
    while (message.next()) {
      boolean isBytes = message.wire() == Protobuf.Wire.BYTES;
      switch (message.field()) {
        case NAME -> name = isBytes ? name(message) : name;
        case FLOAT -> number = isBytes ? number : real(message.number());
        case INT -> integer = isBytes ? integer : message.number();
        case STRING -> text = isBytes ? name(message) : text;
        case TENSOR ->
            tensor = isBytes ? Optional.of(OnnxTensor.read(path, message.inner())) : tensor;
        case INNER_GRAPH, INNER_GRAPHS -> hasGraph = true;
        case FLOATS -> {
          if (isBytes) {
            Protobuf.Message packed = message.inner();
            while (packed.hasMore()) {
              floats.add(real(packed.fixed(Integer.BYTES)));
              countNumber();
            }
          } else {
            floats.add(real(message.number()));
            countNumber();
          }
        }
        case INTS -> {
          if (isBytes) {
            Protobuf.Message packed = message.inner();
            while (packed.hasMore()) {
              integers.add(packed.varint());
              countNumber();
            }
          } else {
            integers.add(message.number());
            countNumber();
          }
        }
        default -> {}
      }
    }
    attributes.put(
        name, new OnnxGraph.Attribute(number, integer, text, floats, integers, tensor, hasGraph));
  }

  private static double real(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  private OnnxGraph.Edge edge(Protobuf.Message value) {
    String name = "";
    Optional<List<Long>> dimensions = Optional.empty();
    while (value.next()) {
      if (value.is(NAME, Protobuf.Wire.BYTES)) {
        name = name(value);
      } else if (value.is(TYPE, Protobuf.Wire.BYTES)) {
        Protobuf.Message type = value.inner();
        while (type.next()) {
          if (type.is(TENSOR_TYPE, Protobuf.Wire.BYTES)) {
            Protobuf.Message tensor = type.inner();
            while (tensor.next()) {
              if (tensor.is(SHAPE, Protobuf.Wire.BYTES)) {
                dimensions = Optional.of(dimensions(tensor.inner()));
              }
            }
          }
        }
      }
    }
    return new OnnxGraph.Edge(name, dimensions);
  }

  private List<Long> dimensions(Protobuf.Message shape) {
    List<Long> dimensions = new ArrayList<>();
    while (shape.next()) {
      if (shape.is(DIMENSION, Protobuf.Wire.BYTES)) {
        long extent = -1;
        Protobuf.Message dimension = shape.inner();
        while (dimension.next()) {
          if (dimension.is(DIMENSION_VALUE, Protobuf.Wire.VARINT)) {
            extent = dimension.number();
          }
        }
        dimensions.add(extent);
        countNumber();
      }
    }
    return dimensions;
  }

  private String name(Protobuf.Message field) {
    String text = field.text();
    countName(text.length());
    return text;
  }

  private void countName(int length) {
    names++;
    letters += length;
    if (names > MOST_NAMES || letters > MOST_LETTERS) {
      throw protobuf.fault("names more values than any model has");
    }
  }

  private void countNumber() {
    numbers++;
    if (numbers > MOST_NUMBERS) {
      throw protobuf.fault("tells its nodes more numbers than any model does");
    }
  }
}
