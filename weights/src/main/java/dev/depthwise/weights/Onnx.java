package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The weights of ONNX models: what their graphs call initialisers. Only these are read, and that
 * every node's inputs come from somewhere.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the format</a>
 */
final class Onnx {
  private static final int MOST_TENSORS = 100_000;
  private static final int MOST_NAMES = 300_000;
  private static final int MOST_LETTERS = 1 << 24;

  // Fields of ModelProto, GraphProto, NodeProto and ValueInfoProto.
  private static final int IR_VERSION = 1;
  private static final int GRAPH = 7;
  private static final int NODE = 1;
  private static final int INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int SPARSE_INITIALIZER = 15;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NAME = 1;

  private final Path path;
  private final Protobuf protobuf;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Set<String> made = new HashSet<>();
  private final Set<String> needed = new LinkedHashSet<>();
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
    try (InputFile file = InputFile.open(path)) {
      Onnx onnx = new Onnx(path, new Protobuf(file));
      onnx.readModel();
      return new NamedTensors(path, onnx.tensors, Map.of("format", "onnx"));
    }
  }

  private void readModel() {
    Protobuf.Message model = protobuf.message();
    boolean hasVersion = false;
    boolean hasGraph = false;
    while (model.next()) {
      hasVersion |= model.is(IR_VERSION, Protobuf.Wire.VARINT);
      if (model.is(GRAPH, Protobuf.Wire.BYTES)) {
        hasGraph = true;
        readGraph(model.inner());
      }
    }
    if (!hasVersion || !hasGraph) {
      throw protobuf.fault("is no ONNX model: it has no graph");
    }
    made.addAll(tensors.keySet());
    for (String name : needed) {
      if (!name.isEmpty() && !made.contains(name)) {
        throw protobuf.fault(
            "has a node that needs %s, which is neither a weight nor an input, and which no node"
                    .formatted(Text.quote(name))
                + " makes");
      }
    }
  }

  private void readGraph(Protobuf.Message graph) {
    while (graph.next()) {
      if (graph.is(NODE, Protobuf.Wire.BYTES)) {
        readNode(graph.inner());
      } else if (graph.is(GRAPH_INPUT, Protobuf.Wire.BYTES)) {
        Protobuf.Message value = graph.inner();
        while (value.next()) {
          if (value.is(NAME, Protobuf.Wire.BYTES)) {
            remember(made, value.text());
          }
        }
      } else if (graph.is(INITIALIZER, Protobuf.Wire.BYTES)) {
        StoredTensor tensor = OnnxTensor.read(path, graph.inner());
        if (tensors.put(tensor.name(), tensor) != null) {
          throw protobuf.fault("holds two weights called " + Text.quote(tensor.name()));
        }
        if (tensors.size() > MOST_TENSORS) {
          throw protobuf.fault("holds more than %d tensors".formatted(MOST_TENSORS));
        }
      } else if (graph.is(SPARSE_INITIALIZER, Protobuf.Wire.BYTES)) {
        throw protobuf.fault("holds sparse weights; dense ones can be read");
      }
    }
  }

  private void readNode(Protobuf.Message node) {
    while (node.next()) {
      if (node.is(NODE_INPUT, Protobuf.Wire.BYTES)) {
        remember(needed, node.text());
      } else if (node.is(NODE_OUTPUT, Protobuf.Wire.BYTES)) {
        remember(made, node.text());
      }
    }
  }

  private void remember(Set<String> names, String name) {
    names.add(name);
    letters += name.length();
    if (names.size() > MOST_NAMES || letters > MOST_LETTERS) {
      throw protobuf.fault("names more values than any model has");
    }
  }
}
