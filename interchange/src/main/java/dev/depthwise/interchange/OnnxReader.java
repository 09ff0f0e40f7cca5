package dev.depthwise.interchange;

import dev.depthwise.interchange.OnnxValue.Traced;
import dev.depthwise.network.Flatten.Order;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import dev.depthwise.weights.OnnxGraph;
import dev.depthwise.weights.StoredTensor;
import dev.depthwise.weights.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads a model of ONNX: operators that compute on pictures, of versions 7 to 22.
 *
 * <p>What a node makes is empty where it, or one before it, is not supported: so that all such
 * nodes are found at once.
 */
final class OnnxReader {
  private static final long OLDEST = 7;

  /**
   * The size of a batch that is left open: one that nobody writes into a graph, so that what mixes
   * the pictures of a batch is found out.
   */
  private static final long OPEN_BATCH = 7919;

  private final OnnxGraph graph;
  private final Path file;
  private final Reading reading;
  private final Map<String, Integer> readers = new HashMap<>();

  /** What layers with weights make; other names may stand for the same values. */
  private final Set<String> ofLayers = new HashSet<>();

  private final Map<String, Optional<OnnxValue>> values = new HashMap<>();
  private final List<String> faults = new ArrayList<>();

  private OnnxReader(OnnxGraph graph, Reading reading) {
    this.graph = graph;
    this.file = graph.file();
    this.reading = reading;
  }

  /**
   * Reads a model.
   *
   * @throws InputException if the file cannot be read, or naming all of its nodes that are not
   *     known
   */
  static Network read(Path file, Reading reading) {
    OnnxReader reader = new OnnxReader(OnnxGraph.read(file), reading);
    return reader.network(reader.model());
  }

  /** Reads what a model computes, of whatever it takes. */
  static Model model(Path file) {
    return new OnnxReader(OnnxGraph.read(file), Reading.usual()).model();
  }

  private Model model() {
    OnnxGraph.Edge entry = entry();
    long opset = opset();
    List<Long> extent = entry.dimensions().orElseGet(List::of);
    if (extent.size() != 4) {
      throw new InputException(
          "%s: takes %s; networks that take pictures (batch, channels, rows, columns) can be read"
              .formatted(file, extent.isEmpty() ? "an input of unknown shape" : extent));
    }
    long batch = extent.get(0) < 1 ? OPEN_BATCH : extent.get(0);
    if (batch > Integer.MAX_VALUE) {
      throw new InputException("%s: takes %d pictures at once".formatted(file, batch));
    }
    boolean channelsLast =
        isChannels(extent.get(3)) && !isChannels(extent.get(1)) && bringsChannelsFirst();
    Shape input = input(extent, channelsLast);
    Sketch sketch = new Sketch(Text.clean(entry.name()), input, Order.CHW);
    Flow picture = Sketch.flow(sketch.input().value(), channelsLast ? Order.HWC : Order.CHW);
    values.put(entry.name(), Optional.of(new Traced(picture)));
    countReaders();
    walk(new OnnxOperators(sketch, (int) batch), opset);
    Map<String, Flow> outputs = outputs();
    if (!faults.isEmpty()) {
      throw ModelFiles.unsupported(file, faults);
    }
    return ModelFiles.finish(file, sketch, outputs);
  }

  private Network network(Model model) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("imported", String.valueOf(file.getFileName()));
    provenance.put("library", "ONNX");
    if (!graph.producer().isEmpty()) {
      provenance.put("version", Text.clean(graph.producer()));
    }
    Shape input = model.graph().input().shape();
    return Network.of(model, reading.samples().preprocessing(input)).withProvenance(provenance);
  }

  private long opset() {
    Long opset = graph.opsets().get("");
    if (opset == null || opset < OLDEST) {
      throw new InputException(
          "%s: is written in %s of ONNX' operators; version 7 or a newer one can be read"
              .formatted(file, opset == null ? "no version" : "version " + opset));
    }
    return opset;
  }

  /** The only input that is not a weight: older files list the weights too. */
  private OnnxGraph.Edge entry() {
    List<OnnxGraph.Edge> inputs =
        graph.inputs().stream()
            .filter(input -> !graph.initializers().tensors().containsKey(input.name()))
            .toList();
    if (inputs.size() != 1) {
      throw new InputException(
          "%s: takes %d inputs; networks with one can be read".formatted(file, inputs.size()));
    }
    return inputs.get(0);
  }

  private boolean bringsChannelsFirst() {
    return graph.nodes().stream()
        .filter(node -> node.type().equals("Transpose"))
        .flatMap(node -> Optional.ofNullable(node.attributes().get("perm")).stream())
        .anyMatch(order -> order.integers().equals(List.of(0L, 3L, 1L, 2L)));
  }

  private static boolean isChannels(long extent) {
    return extent == 1 || extent == 3;
  }

  private Shape input(List<Long> extent, boolean channelsLast) {
    long channels = extent.get(channelsLast ? 3 : 1);
    if (channels < 1 || channels > Integer.MAX_VALUE) {
      throw new InputException(
          file
              + ": leaves open how many channels its pictures have; networks that say it can be"
              + " read");
    }
    int height = side("height", extent.get(channelsLast ? 1 : 2), reading.height());
    int width = side("width", extent.get(channelsLast ? 2 : 3), reading.width());
    try {
      return Shape.of((int) channels, height, width);
    } catch (IllegalArgumentException e) {
      throw new InputException("%s: takes %s: %s".formatted(file, extent, Text.line(e)), e);
    }
  }

  private int side(String what, long said, OptionalInt given) {
    return ModelFiles.side(
        file,
        what,
        said < 1 || said > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) said),
        given);
  }

  private boolean isOwn(String name) {
    return ofLayers.contains(name) && readers.getOrDefault(name, 0) == 1;
  }

  private void countReaders() {
    for (OnnxGraph.Node node : graph.nodes()) {
      if (List.of("Conv", "Gemm", "MatMul").contains(node.type())) {
        ofLayers.addAll(node.outputs());
      }
    }
    graph
        .nodes()
        .forEach(node -> node.inputs().forEach(name -> readers.merge(name, 1, Integer::sum)));
    graph.outputs().forEach(output -> readers.merge(output.name(), 1, Integer::sum));
  }

  private void walk(OnnxOperators operators, long opset) {
    Set<String> made = new HashSet<>(values.keySet());
    for (OnnxGraph.Node node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (!output.isEmpty() && (!made.add(output) || isWeight(output))) {
          throw new InputException(
              "%s: has two nodes that make %s".formatted(file, Text.quote(output)));
        }
      }
      List<Optional<OnnxValue>> results = results(operators, node, opset);
      for (int i = 0; i < node.outputs().size(); i++) {
        values.put(node.outputs().get(i), i < results.size() ? results.get(i) : Optional.empty());
      }
    }
  }

  private List<Optional<OnnxValue>> results(
      OnnxOperators operators, OnnxGraph.Node node, long opset) {
    String what = "%s (%s)".formatted(Text.clean(name(node)), Text.clean(node.type()));
    if (!node.domain().isEmpty()) {
      faults.add("%s of %s".formatted(what, Text.clean(node.domain())));
      return List.of();
    }
    if (!operators.knows(node.type())) {
      faults.add(what);
      return List.of();
    }
    List<Optional<OnnxValue>> inputs = new ArrayList<>();
    try {
      for (String name : node.inputs()) {
        Optional<OnnxValue> value = value(name);
        if (value.isEmpty() && !name.isEmpty()) {
          return List.of();
        }
        inputs.add(value);
      }
      OnnxUse use = new OnnxUse(node, opset, name(node), inputs, this::isOwn);
      return operators.write(use).stream().map(Optional::of).toList();
    } catch (Unsupported | IllegalArgumentException e) {
      // The second comes of operations that refuse their attributes.
      faults.add(what + " " + Text.line(String.valueOf(e.getMessage())));
      return List.of();
    } catch (ArithmeticException e) {
      faults.add(what + " has numbers that are too large");
      return List.of();
    }
  }

  private boolean isWeight(String name) {
    return graph.initializers().tensors().containsKey(name);
  }

  /** What a name stands for; empty if what makes it is not supported. */
  private Optional<OnnxValue> value(String name) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<OnnxValue> value = values.get(name);
    if (value != null) {
      return value;
    }
    StoredTensor weight = graph.initializers().tensors().get(name);
    if (weight == null) {
      throw new InputException(
          "%s: has a node that needs %s before another makes it".formatted(file, Text.quote(name)));
    }
    return Optional.of(OnnxConstants.of(weight));
  }

  /** A node's name without what exporters put around it; else that of what it makes. */
  private static String name(OnnxGraph.Node node) {
    String name = node.name();
    if (name.isEmpty()) {
      name = node.outputs().isEmpty() ? node.type() : node.outputs().get(0);
    }
    if (name.endsWith("/" + node.type())) {
      name = name.substring(0, name.length() - node.type().length() - 1);
    }
    name = name.startsWith("/") ? name.substring(1) : name;
    return name.isEmpty() ? node.type() : name;
  }

  private Map<String, Flow> outputs() {
    Map<String, Flow> outputs = new LinkedHashMap<>();
    for (OnnxGraph.Edge output : graph.outputs()) {
      Optional<OnnxValue> value = values.getOrDefault(output.name(), Optional.empty());
      if (value.isEmpty() && faults.isEmpty()) {
        throw new InputException(
            "%s: has an output %s that no node makes".formatted(file, Text.quote(output.name())));
      }
      if (value.isPresent()) {
        if (value.get() instanceof Traced traced) {
          outputs.put(graph.outputs().size() == 1 ? "output" : output.name(), traced.flow());
        } else {
          faults.add(
              "output %s, which does not depend on the picture"
                  .formatted(Text.clean(output.name())));
        }
      }
    }
    if (outputs.isEmpty() && faults.isEmpty()) {
      throw new InputException(file + ": has no output");
    }
    return outputs;
  }
}
