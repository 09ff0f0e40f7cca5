package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.util.List;

/**
 * One word of an augmentation's text, such as {@code jitter:0.4:0.4}.
 *
 * @param name before the first colon
 * @param values after it
 */
record Term(String name, List<String> values) {
  Term {
    values = List.copyOf(values);
  }

  static Term parse(String text) {
    List<String> parts = List.of(text.strip().split(":", -1));
    return new Term(parts.get(0), parts.subList(1, parts.size()));
  }

  /** Writes a term without those last values that are the defaults. */
  static String write(String name, List<?> values, List<?> defaults) {
    int count = values.size();
    while (count > 0 && values.get(count - 1).equals(defaults.get(count - 1))) {
      count--;
    }
    StringBuilder text = new StringBuilder(name);
    for (Object value : values.subList(0, count)) {
      text.append(':').append(value instanceof Double number ? shortest(number) : value.toString());
    }
    return text.toString();
  }

  private static String shortest(double number) {
    return number == (int) number ? Integer.toString((int) number) : Double.toString(number);
  }

  /** The value at this place, or what stands for one that was left out. */
  String text(int place, String otherwise) {
    return place < values.size() ? values.get(place) : otherwise;
  }

  /** The number at this place, or what stands for one that was left out. */
  double number(int place, double otherwise) {
    try {
      return place < values.size() ? Double.parseDouble(values.get(place)) : otherwise;
    } catch (NumberFormatException e) {
      throw new InputException(
          "augmentation '%s': '%s' is no number".formatted(this, values.get(place)), e);
    }
  }

  /** The whole number at this place, or what stands for one that was left out. */
  int whole(int place, int otherwise) {
    try {
      return place < values.size() ? Integer.parseInt(values.get(place)) : otherwise;
    } catch (NumberFormatException e) {
      throw new InputException(
          "augmentation '%s': '%s' is no whole number".formatted(this, values.get(place)), e);
    }
  }

  /** Refuses more values than the term has a use for. */
  Term most(int count) {
    if (values.size() > count) {
      throw new InputException(
          "augmentation '%s': %s takes at most %d numbers, not %d"
              .formatted(this, name, count, values.size()));
    }
    return this;
  }

  @Override
  public String toString() {
    return values.isEmpty() ? name : name + ":" + String.join(":", values);
  }
}
