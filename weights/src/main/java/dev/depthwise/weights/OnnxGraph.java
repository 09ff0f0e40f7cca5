package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An ONNX model as it stands in its file: nodes, what goes in, what comes out, and the weights.
 *
 * @param file where it is
 * @param producer the library that wrote it, with its version; empty if it does not say
 * @param opsets the version of each set of operators, by its domain; ONNX' own is {@code ""}
 * @param nodes in the order of the file
 * @param inputs of the graph; older files list the weights among them
 * @param outputs of the graph
 * @param initializers its weights
 * @param metadata what the model says of itself besides
 * @see <a href="https://github.com/onnx/onnx/blob/main/docs/IR.md">the format</a>
 */
public record OnnxGraph(
    Path file,
    String producer,
    Map<String, Long> opsets,
    List<Node> nodes,
    List<Edge> inputs,
    List<Edge> outputs,
    NamedTensors initializers,
    Map<String, String> metadata) {
  public OnnxGraph {
    opsets = Map.copyOf(opsets);
    nodes = List.copyOf(nodes);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads a model; the elements of its tensors are read when they are asked for.
   *
   * @throws InputException naming the file and what is wrong with it
   */
  public static OnnxGraph read(Path file) {
    return Onnx.graph(file);
  }

  /**
   * A use of an operator.
   *
   * @param name may be empty
   * @param domain of the operator; empty for ONNX' own
   * @param type of the operator, as {@code "Conv"}
   * @param inputs names of values; an empty one is an optional input that is left out
   * @param outputs names of values
   * @param attributes by name
   */
  public record Node(
      String name,
      String domain,
      String type,
      List<String> inputs,
      List<String> outputs,
      Map<String, Attribute> attributes) {
    public Node {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
  }

  /**
   * What a node is told; the kind that it is has a value, the others are zero or empty.
   *
   * @param hasGraph whether it is a graph within the graph, which is not read
   */
  public record Attribute(
      double number,
      long integer,
      String text,
      List<Double> numbers,
      List<Long> integers,
      Optional<StoredTensor> tensor,
      boolean hasGraph) {
    public Attribute {
      numbers = List.copyOf(numbers);
      integers = List.copyOf(integers);
    }
  }

  /**
   * An input or output of the graph.
   *
   * @param dimensions -1 for one that is left open; none if nothing is said
   */
  public record Edge(String name, Optional<List<Long>> dimensions) {}
}
