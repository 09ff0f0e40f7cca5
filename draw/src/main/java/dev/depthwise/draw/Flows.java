package dev.depthwise.draw;

import dev.depthwise.network.Graph;
import dev.depthwise.network.Value;
import java.util.HashMap;
import java.util.Map;

/**
 * The parts of a network that its paper gives names to, such as Xception's entry, middle and exit
 * flow: values that are tapped as {@code ..._flow} end them.
 *
 * @param byLayer the part that each layer is in
 */
record Flows(Map<String, String> byLayer) {
  private static final String ENDING = "_flow";

  Flows {
    byLayer = Map.copyOf(byLayer);
  }

  /** The parts of a network; most have none. */
  static Flows of(Graph graph) {
    Map<String, String> byLayer = new HashMap<>();
    int from = 1;
    for (Map.Entry<String, Value> tap : graph.taps().entrySet()) {
      if (!tap.getKey().endsWith(ENDING)) {
        continue;
      }
      int to = tap.getValue().index();
      String name = tap.getKey().replace('_', ' ');
      for (int index = from; index <= to; index++) {
        byLayer.put(graph.nodes().get(index).name(), name);
      }
      from = to + 1;
    }
    return new Flows(byLayer);
  }

  /** The part that an item is in, or nothing. */
  String of(Item item) {
    return byLayer.getOrDefault(item.units().get(0).first().name(), "");
  }
}
