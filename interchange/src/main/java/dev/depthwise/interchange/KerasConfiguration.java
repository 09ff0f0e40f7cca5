package dev.depthwise.interchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the configuration of a layer says.
 *
 * @param json an object, or missing
 */
record KerasConfiguration(JsonNode json) {
  /** The configuration in a node, or an empty one. */
  static KerasConfiguration of(JsonNode json) {
    return new KerasConfiguration(json.isObject() ? json : MissingNode.getInstance());
  }

  String text(String name, String otherwise) {
    JsonNode node = json.path(name);
    return node.isTextual() ? node.asText().toLowerCase(Locale.ROOT) : otherwise;
  }

  boolean flag(String name, boolean otherwise) {
    JsonNode node = json.path(name);
    return node.isBoolean() ? node.asBoolean() : otherwise;
  }

  /** Whether it says anything of that name but null. */
  boolean has(String name) {
    return json.hasNonNull(name);
  }

  double number(String name, double otherwise) {
    JsonNode node = json.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return otherwise;
    }
    return scalar(name, node);
  }

  /** A number, which Keras may have saved as an array without axes. */
  static double scalar(String name, JsonNode node) {
    double[] numbers = numbers(name, node);
    if (numbers.length != 1) {
      throw new Unsupported("has %d numbers for %s".formatted(numbers.length, name));
    }
    return numbers[0];
  }

  /** A number, or all that stand in lists, or in arrays as Keras saves them. */
  static double[] numbers(String name, JsonNode node) {
    List<Double> numbers = new ArrayList<>();
    collect(name, node, numbers, 0);
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void collect(String name, JsonNode node, List<Double> numbers, int depth) {
    if (node.isNumber()) {
      numbers.add(node.asDouble());
    } else if (node.isArray() && depth < 8) {
      node.forEach(each -> collect(name, each, numbers, depth + 1));
    } else if (node.path("config").has("value") && depth < 8) {
      collect(name, node.path("config").path("value"), numbers, depth + 1);
    } else {
      throw new Unsupported("has something that is no number for " + name);
    }
  }

  int count(String name, int otherwise) {
    return whole(name, number(name, otherwise));
  }

  private static int whole(String name, double number) {
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw new Unsupported("has %s = %s, which is no whole number".formatted(name, number));
    }
    return (int) number;
  }

  /** Two whole numbers, or one for both: rows and columns. */
  int[] pair(String name, int otherwise) {
    JsonNode node = json.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return new int[] {otherwise, otherwise};
    }
    double[] numbers = numbers(name, node);
    if (numbers.length != 1 && numbers.length != 2) {
      throw new Unsupported("has %d numbers for %s".formatted(numbers.length, name));
    }
    return new int[] {whole(name, numbers[0]), whole(name, numbers[numbers.length - 1])};
  }

  /** Above, below, before and behind: of {@code ((t, b), (l, r))}, of {@code (v, h)}, of one. */
  int[] sides(String name) {
    double[] numbers = numbers(name, json.path(name));
    int[] sides =
        switch (numbers.length) {
          case 1 -> new int[] {0, 0, 0, 0};
          case 2 -> new int[] {0, 0, 1, 1};
          case 4 -> new int[] {0, 1, 2, 3};
          default -> throw new Unsupported("has %d numbers for %s".formatted(numbers.length, name));
        };
    for (int i = 0; i < sides.length; i++) {
      sides[i] = whole(name, numbers[sides[i]]);
    }
    return sides;
  }

  /** The axes that it says, from the first behind the batch; {@code rank - 1} is the last one. */
  List<Integer> axes(String name, int otherwise, int rank) {
    double[] numbers = has(name) ? numbers(name, json.path(name)) : new double[] {otherwise};
    List<Integer> axes = new ArrayList<>();
    for (double number : numbers) {
      int axis = whole(name, number);
      axes.add(axis < 0 ? axis + rank : axis - 1);
    }
    return axes;
  }
}
