package dev.depthwise.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where a block puts its nodes: it names them, and takes named outputs and taps. */
public final class Scope {
  private final String path;
  private final Writing writing;

  private Scope(String path, Writing writing) {
    this.path = path;
    this.writing = writing;
  }

  /** What all scopes of one graph share while it is written. */
  private static final class Writing {
    final String separator;
    final List<Node> nodes = new ArrayList<>();
    final Set<String> names = new HashSet<>();
    final Map<String, Value> outputs = new LinkedHashMap<>();
    final Map<String, Value> taps = new LinkedHashMap<>();
    final Map<String, Integer> numbers = new HashMap<>();

    Writing(String separator) {
      this.separator = separator;
    }
  }

  static Graph build(Shape input, String separator, Block block) {
    Writing writing = new Writing(separator);
    Scope root = new Scope("", writing);
    Value picture = root.child("input").emit(new Input(input));
    writing.outputs.put("output", picture);
    writing.outputs.put("output", block.apply(root, picture));
    writing.taps.keySet().removeAll(writing.names);
    return new Graph(writing.nodes, writing.outputs, writing.taps);
  }

  /** The scope of a part: its name behind this one's. */
  public Scope child(String name) {
    return new Scope(path.isEmpty() ? name : path + writing.separator + name, writing);
  }

  /** The scope of the whole network. */
  Scope root() {
    return new Scope("", writing);
  }

  /** The next free name of a kind, counted over the whole network from 1: "conv2d_17". */
  String numbered(String kind) {
    return kind + "_" + writing.numbers.merge(kind, 1, Integer::sum);
  }

  /** Adds a side output of the network: an auxiliary head. */
  public void output(String name, Value value) {
    if (writing.outputs.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException("two outputs are named " + name);
    }
  }

  /** Makes a value findable by this scope's name. */
  public void tap(Value value) {
    writing.taps.put(path, value);
  }

  /**
   * Adds a node named like this scope.
   *
   * @throws IllegalArgumentException if the inputs do not fit, or if the name is taken and the node
   *     has parameters (others get a number behind their name)
   */
  public Value emit(Op op, Value... inputs) {
    Shape shape;
    List<Shape> shapes = Arrays.stream(inputs).map(Value::shape).toList();
    try {
      shape = op.infer(shapes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
    }
    String name = path;
    for (int number = 2; !writing.names.add(name); number++) {
      if (!op.parameters(shapes).isEmpty()) {
        throw new IllegalArgumentException("two layers are named " + name);
      }
      name = path + "_" + number;
    }
    Value output = new Value(writing.nodes.size(), shape);
    writing.nodes.add(new Node(name, op, List.of(inputs), output));
    return output;
  }

  /** Adds a node named by its operation in this scope: "relu", "maxpool". */
  Value emitUnnamed(Op op, Value... inputs) {
    return child(op.getClass().getSimpleName().toLowerCase(Locale.ROOT)).emit(op, inputs);
  }
}
