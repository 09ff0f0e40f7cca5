package dev.depthwise.inference;

import dev.depthwise.network.Names;
import dev.depthwise.network.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What layers make of one picture.
 *
 * @param tensors by the names that were asked for, in their order; at least one
 */
public record Features(Map<String, Tensor> tensors) {
  public Features {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("features are of at least one layer");
    }
  }

  /** What was asked for first. */
  public Tensor tensor() {
    return tensors.values().iterator().next();
  }

  /**
   * What was asked for by this name.
   *
   * @throws IllegalArgumentException if nothing was
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "'%s' was not extracted; %s".formatted(name, Names.suggest(name, tensors.keySet())));
    }
    return tensor;
  }
}
