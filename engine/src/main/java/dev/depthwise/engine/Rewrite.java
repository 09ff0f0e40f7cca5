package dev.depthwise.engine;

import dev.depthwise.network.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** What passes over a graph share. */
final class Rewrite {
  private Rewrite() {}

  /** The same names for the values that took the place of others. */
  static Map<String, Value> replace(Map<String, Value> named, Map<Value, Value> replaced) {
    Map<String, Value> result = new LinkedHashMap<>();
    named.forEach((name, value) -> result.put(name, replaced.getOrDefault(value, value)));
    return result;
  }
}
