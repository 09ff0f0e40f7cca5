package dev.depthwise.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parameters of a graph, keyed by the name of their node and their role there; immutable. */
public final class Weights {
  private final Map<Key, Tensor> tensors;

  /** Weights of these tensors, in the order of the map. */
  public Weights(Map<Key, Tensor> tensors) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Where a parameter belongs.
   *
   * @param node the node's name
   * @param role what the parameter does there
   */
  public record Key(String node, Role role) {
    @Override
    public String toString() {
      return node + "/" + role.name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** No tensors at all. */
  public static Weights none() {
    return new Weights(Map.of());
  }

  /** All tensors, in order; unmodifiable. */
  public Map<Key, Tensor> tensors() {
    return tensors;
  }

  /** The keys, in order. */
  public Set<Key> keys() {
    return tensors.keySet();
  }

  /** Whether there is such a tensor. */
  public boolean has(String node, Role role) {
    return tensors.containsKey(new Key(node, role));
  }

  /**
   * The tensor of a node in a role.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Tensor get(String node, Role role) {
    return get(new Key(node, role));
  }

  /**
   * The tensor of a key.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Tensor get(Key key) {
    Tensor tensor = tensors.get(key);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + key);
    }
    return tensor;
  }

  /**
   * Checks that these weights are those of a graph.
   *
   * @throws InputException naming all that is missing, unexpected or of another shape
   */
  public void verify(Graph graph) {
    Map<Key, Shape> expected = graph.parameters();
    List<String> faults = new ArrayList<>();
    expected.forEach(
        (key, shape) -> {
          Tensor tensor = tensors.get(key);
          if (tensor == null) {
            faults.add("missing " + key + " " + shape);
          } else if (!tensor.shape().equals(shape)) {
            faults.add("%s is %s, expected %s".formatted(key, tensor.shape(), shape));
          }
        });
    for (Key key : tensors.keySet()) {
      if (!expected.containsKey(key)) {
        faults.add("unexpected " + key);
      }
    }
    if (!faults.isEmpty()) {
      throw new InputException(
          "these weights are not of this network: " + String.join("; ", faults));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Weights weights && tensors.equals(weights.tensors);
  }

  @Override
  public int hashCode() {
    return tensors.hashCode();
  }

  @Override
  public String toString() {
    return "Weights[" + tensors.size() + " tensors]";
  }
}
