package dev.depthwise.interchange;

import dev.depthwise.interchange.KerasModel.Given;
import java.util.List;

/**
 * A use of a layer.
 *
 * @param name of the node, or what begins the names of several
 * @param path of its weights
 */
record KerasUse(
    KerasLayer layer, String name, List<String> path, List<Flow> flows, List<Given> given) {
  KerasConfiguration settings() {
    return layer.settings();
  }

  Flow only() {
    if (flows.size() != 1) {
      throw new Unsupported("gets %d inputs instead of one".formatted(flows.size()));
    }
    return flows.get(0);
  }
}
