package dev.depthwise.interchange;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.weights.Publish;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX file that is being written: nodes, and tensors that go into it one after the other.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the format</a>
 */
final class OnnxWriter {
  /** Understood by every runtime since 2022; the first to have layer norm. */
  static final int OPSET = 17;

  private static final int IR_VERSION = 8;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int CHUNK = 1 << 16;

  // Fields of ModelProto.
  private static final int MODEL_IR_VERSION = 1;
  private static final int MODEL_PRODUCER = 2;
  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_OPSET = 8;
  private static final int MODEL_METADATA = 14;

  // Fields of GraphProto.
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_NAME = 2;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;

  // Fields of TensorProto.
  private static final int TENSOR_DIMENSIONS = 1;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW = 9;

  private final OnnxMessage graph = new OnnxMessage();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Set<String> constants = new HashSet<>();

  OnnxWriter(String name) {
    graph.text(GRAPH_NAME, name);
  }

  /** The input of the graph: pictures of any number. */
  void input(String name, Shape shape) {
    graph.message(GRAPH_INPUT, edge(name, shape));
  }

  /** An output of the graph. */
  void output(String name, Shape shape) {
    graph.message(GRAPH_OUTPUT, edge(name, shape));
  }

  /** ValueInfoProto: name, TypeProto of a tensor, of floats, with the batch left open. */
  private static OnnxMessage edge(String name, Shape shape) {
    OnnxMessage dimensions = new OnnxMessage().message(1, new OnnxMessage().text(2, "batch"));
    for (int dimension : shape.dimensions()) {
      dimensions.message(1, new OnnxMessage().number(1, dimension));
    }
    OnnxMessage tensor = new OnnxMessage().number(1, FLOAT).message(2, dimensions);
    return new OnnxMessage().text(1, name).message(2, new OnnxMessage().message(1, tensor));
  }

  /** What a node is told. */
  static final class Attributes {
    private static final int NODE_ATTRIBUTE = 5;
    private static final int NAME = 1;
    private static final int NUMBER = 2;
    private static final int INTEGER = 3;
    private static final int TEXT = 4;
    private static final int TENSOR = 5;
    private static final int INTEGERS = 8;
    private static final int TYPE = 20;

    private final OnnxMessage node = new OnnxMessage();

    Attributes number(String name, double value) {
      return add(new OnnxMessage().text(NAME, name).number(NUMBER, (float) value).number(TYPE, 1));
    }

    Attributes integer(String name, long value) {
      return add(new OnnxMessage().text(NAME, name).number(INTEGER, value).number(TYPE, 2));
    }

    Attributes text(String name, String value) {
      return add(new OnnxMessage().text(NAME, name).text(TEXT, value).number(TYPE, 3));
    }

    Attributes integers(String name, long... values) {
      OnnxMessage attribute = new OnnxMessage().text(NAME, name);
      for (long value : values) {
        attribute.number(INTEGERS, value);
      }
      return add(attribute.number(TYPE, 7));
    }

    Attributes tensor(String name, OnnxMessage value) {
      return add(new OnnxMessage().text(NAME, name).message(TENSOR, value).number(TYPE, 4));
    }

    private Attributes add(OnnxMessage attribute) {
      node.message(NODE_ATTRIBUTE, attribute);
      return this;
    }
  }

  /** A node with one output. */
  void node(String type, String name, List<String> inputs, String output, Attributes attributes) {
    OnnxMessage node = attributes.node;
    inputs.forEach(input -> node.text(1, input));
    graph.message(GRAPH_NODE, node.text(2, output).text(3, name).text(4, type));
  }

  /** A weight. */
  String tensor(String name, Tensor tensor) {
    tensors.putIfAbsent(name, tensor);
    return name;
  }

  /** A constant that is no weight: the value of a node. */
  String constant(String name, Tensor tensor) {
    ByteBuffer raw =
        ByteBuffer.allocate(tensor.shape().size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(tensor.values());
    return constant(name, header(name, tensor).bytes(TENSOR_RAW, raw.array()));
  }

  /** A constant list of integers. */
  String constant(String name, long... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return constant(
        name,
        new OnnxMessage()
            .number(TENSOR_DIMENSIONS, values.length)
            .number(TENSOR_TYPE, INT64)
            .text(TENSOR_NAME, name)
            .bytes(TENSOR_RAW, raw.array()));
  }

  private String constant(String name, OnnxMessage tensor) {
    if (constants.add(name)) {
      node("Constant", name, List.of(), name, new Attributes().tensor("value", tensor));
    }
    return name;
  }

  /**
   * Writes the file.
   *
   * @throws InputException if it would be larger than protobuf allows
   */
  void write(Path file, Map<String, String> metadata) {
    byte[] small = graph.bytes();
    long size = small.length;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      size += field(GRAPH_INITIALIZER, size(entry.getKey(), entry.getValue()));
    }
    if (size > Integer.MAX_VALUE - CHUNK) {
      throw new InputException(
          "%s: would have %,d bytes; ONNX' format holds at most 2 GiB in a file"
              .formatted(file, size));
    }
    int graphSize = (int) size;
    Publish.file(
        file,
        temporary -> {
          try (OutputStream stream = Files.newOutputStream(temporary)) {
            CodedOutputStream out = CodedOutputStream.newInstance(stream, CHUNK);
            out.writeInt64(MODEL_IR_VERSION, IR_VERSION);
            out.writeString(MODEL_PRODUCER, "depthwise");
            out.writeTag(MODEL_GRAPH, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(graphSize);
            out.writeRawBytes(small);
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
              write(out, entry.getKey(), entry.getValue());
            }
            out.writeByteArray(MODEL_OPSET, new OnnxMessage().text(1, "").number(2, OPSET).bytes());
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
              out.writeByteArray(
                  MODEL_METADATA,
                  new OnnxMessage().text(1, entry.getKey()).text(2, entry.getValue()).bytes());
            }
            out.flush();
          }
        });
  }

  /** A TensorProto without its elements. */
  private static OnnxMessage header(String name, Tensor tensor) {
    OnnxMessage header = new OnnxMessage();
    for (int dimension : tensor.shape().dimensions()) {
      header.number(TENSOR_DIMENSIONS, dimension);
    }
    return header.number(TENSOR_TYPE, FLOAT).text(TENSOR_NAME, name);
  }

  /** The size of a TensorProto. */
  private static long size(String name, Tensor tensor) {
    return header(name, tensor).bytes().length
        + field(TENSOR_RAW, (long) tensor.shape().size() * Float.BYTES);
  }

  /** The size of a field that has as many bytes. */
  private static long field(int field, long bytes) {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt64SizeNoTag(bytes)
        + bytes;
  }

  private static void write(CodedOutputStream out, String name, Tensor tensor) throws IOException {
    out.writeTag(GRAPH_INITIALIZER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag((int) size(name, tensor));
    out.writeRawBytes(header(name, tensor).bytes());
    out.writeTag(TENSOR_RAW, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(tensor.shape().size() * Float.BYTES);
    FloatBuffer values = tensor.values();
    ByteBuffer part = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      part.clear();
      while (values.hasRemaining() && part.hasRemaining()) {
        part.putFloat(values.get());
      }
      out.writeRawBytes(part.array(), 0, part.position());
    }
  }
}
