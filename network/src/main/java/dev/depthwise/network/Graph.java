package dev.depthwise.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network: nodes in an order in which they can run, wired by values.
 *
 * <p>A graph that exists is sound: constructing one runs {@link #verify}.
 *
 * @param nodes every node only reads values of earlier ones; the first is the only {@link Input}
 * @param outputs what the network is for, by name, the principal one first
 * @param taps values worth looking at by name (the output of a block), besides every node's own
 */
public record Graph(List<Node> nodes, Map<String, Value> outputs, Map<String, Value> taps) {
  public Graph {
    nodes = List.copyOf(nodes);
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    taps = Collections.unmodifiableMap(new LinkedHashMap<>(taps));
    verify(nodes, outputs, taps);
  }

  /**
   * Writes a network down: a block applied to an input.
   *
   * @param input channels x height x width
   * @param separator stands between the names of a scope and its child: "." in PyTorch's files, "_"
   *     in Keras'
   * @param block makes the principal output, named "output"
   * @throws IllegalArgumentException naming the layer where shapes or names do not fit
   */
  public static Graph of(Shape input, String separator, Block block) {
    return Scope.build(input, separator, block);
  }

  /** {@link #of(Shape, String, Block)} with "." between the names. */
  public static Graph of(Shape input, Block block) {
    return of(input, ".", block);
  }

  /** The network's input. */
  public Value input() {
    return nodes.get(0).output();
  }

  /** The principal output. */
  public Value output() {
    return outputs.values().iterator().next();
  }

  /** The node that makes a value. */
  public Node producer(Value value) {
    return nodes.get(value.index());
  }

  /**
   * The value of that name: an output, a tap, or what the node of that name makes.
   *
   * @throws InputException if there is none, with the nearest names there are
   */
  public Value value(String name) {
    Value value = outputs.get(name);
    if (value == null) {
      value = taps.get(name);
    }
    if (value != null) {
      return value;
    }
    for (Node node : nodes) {
      if (node.name().equals(name)) {
        return node.output();
      }
    }
    List<String> names = new ArrayList<>(outputs.keySet());
    names.addAll(taps.keySet());
    nodes.forEach(node -> names.add(node.name()));
    throw new InputException(
        "the network has no value named '%s'; %s".formatted(name, Names.suggest(name, names)));
  }

  /** The shape of every parameter, in the order of the nodes. */
  public Map<Weights.Key, Shape> parameters() {
    Map<Weights.Key, Shape> parameters = new LinkedHashMap<>();
    for (Node node : nodes) {
      for (Parameter parameter : node.parameters()) {
        parameters.put(new Weights.Key(node.name(), parameter.role()), parameter.shape());
      }
    }
    return parameters;
  }

  /**
   * This network with other outputs (see {@link #value}), without the nodes that nothing needs
   * then.
   */
  public Graph withOutputs(List<String> names) {
    Map<String, Value> chosen = new LinkedHashMap<>();
    for (String name : names) {
      chosen.put(name, value(name));
    }
    return prune(nodes, chosen, taps);
  }

  /** This network with probabilities instead of logits as its principal output. */
  public Graph withSoftmax() {
    List<Node> extended = new ArrayList<>(nodes);
    Value logits = output();
    if (producer(logits).op() instanceof Softmax) {
      return this;
    }
    Value probabilities = new Value(nodes.size(), logits.shape());
    extended.add(new Node("softmax", new Softmax(), List.of(logits), probabilities));
    Map<String, Value> renamed = new LinkedHashMap<>(outputs);
    renamed.put(outputs.keySet().iterator().next(), probabilities);
    return new Graph(extended, renamed, taps);
  }

  /** A graph of those of the nodes that the outputs need; taps of others fall away. */
  public static Graph prune(List<Node> nodes, Map<String, Value> outputs, Map<String, Value> taps) {
    Set<Integer> needed = reach(nodes, outputs);
    Map<Value, Value> moved = new HashMap<>();
    List<Node> kept = new ArrayList<>();
    for (Node node : nodes) {
      if (needed.contains(node.output().index())) {
        Value output = new Value(kept.size(), node.output().shape());
        moved.put(node.output(), output);
        kept.add(
            new Node(
                node.name(), node.op(), node.inputs().stream().map(moved::get).toList(), output));
      }
    }
    return new Graph(kept, move(outputs, moved), move(taps, moved));
  }

  private static Map<String, Value> move(Map<String, Value> named, Map<Value, Value> moved) {
    Map<String, Value> result = new LinkedHashMap<>();
    named.forEach(
        (name, value) -> {
          Value target = moved.get(value);
          if (target != null) {
            result.put(name, target);
          }
        });
    return result;
  }

  private static Set<Integer> reach(List<Node> nodes, Map<String, Value> outputs) {
    Set<Integer> needed = new HashSet<>();
    needed.add(0);
    outputs.values().forEach(value -> needed.add(value.index()));
    for (int index = nodes.size() - 1; index >= 0; index--) {
      if (needed.contains(index)) {
        nodes.get(index).inputs().forEach(value -> needed.add(value.index()));
      }
    }
    return needed;
  }

  /**
   * Checks that the nodes are a sound network.
   *
   * @throws IllegalArgumentException naming the node and its fault: a dangling or later value, a
   *     name used twice, a shape that is not what the operation infers, a parameter too large for a
   *     tensor, a node that no output needs
   */
  private static void verify(
      List<Node> nodes, Map<String, Value> outputs, Map<String, Value> taps) {
    require(!nodes.isEmpty() && nodes.get(0).op() instanceof Input, "the first node must be input");
    require(!outputs.isEmpty(), "a network needs an output");
    Set<String> names = new HashSet<>();
    for (int index = 0; index < nodes.size(); index++) {
      Node node = nodes.get(index);
      require(names.add(node.name()), "two nodes are named " + node.name());
      require(index == 0 || !(node.op() instanceof Input), node.name() + " is a second input");
      require(
          node.output().index() == index,
          "%s makes value %d but is node %d".formatted(node.name(), node.output().index(), index));
      for (Value input : node.inputs()) {
        require(input.index() < index, node.name() + " reads a value that is not made before it");
        require(
            input.index() >= 0 && nodes.get(input.index()).output().equals(input),
            node.name() + " reads a value that no node makes: " + input);
      }
      Shape inferred;
      try {
        inferred = node.op().infer(node.inputShapes());
        node.parameters();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(node.name() + ": " + e.getMessage(), e);
      }
      require(
          inferred.equals(node.output().shape()),
          "%s says it makes %s, but makes %s"
              .formatted(node.name(), node.output().shape(), inferred));
    }
    outputs.forEach((name, value) -> requireMade(nodes, "output", name, value));
    taps.forEach((name, value) -> requireMade(nodes, "tap", name, value));
    Set<Integer> needed = reach(nodes, outputs);
    for (Node node : nodes) {
      require(
          needed.contains(node.output().index()),
          "no output needs " + node.name() + ": it is dead");
    }
  }

  private static void requireMade(List<Node> nodes, String what, String name, Value value) {
    require(
        value.index() >= 0
            && value.index() < nodes.size()
            && nodes.get(value.index()).output().equals(value),
        "%s %s is a value that no node makes: %s".formatted(what, name, value));
  }

  private static void require(boolean sound, String fault) {
    if (!sound) {
      throw new IllegalArgumentException(fault);
    }
  }
}
