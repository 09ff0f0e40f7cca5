package dev.depthwise.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model with what is needed to use it and to know where it comes from.
 *
 * @param model what it computes
 * @param preprocessing what makes a picture its input
 * @param labels the class of each element of the output; none if they have no names
 * @param provenance how it came to be: the command, the data, the seed
 * @param metrics what was measured, by name; in the unit that the name says
 */
public record Network(
    Model model,
    Preprocessing preprocessing,
    List<String> labels,
    Map<String, String> provenance,
    Map<String, Double> metrics) {
  public Network {
    labels = List.copyOf(labels);
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    Shape input = model.graph().input().shape();
    if (!input.equals(preprocessing.input())) {
      throw new IllegalArgumentException(
          "the network takes %s, but the preprocessing makes %s"
              .formatted(input, preprocessing.input()));
    }
    Shape output = model.graph().output().shape();
    if (!labels.isEmpty() && labels.size() != output.size()) {
      throw new IllegalArgumentException(
          "there are %d labels, but the network's output is %s".formatted(labels.size(), output));
    }
  }

  /**
   * A network whose classes have no names, of which nothing is known yet.
   *
   * @throws IllegalArgumentException if the preprocessing makes no input of the model
   */
  public static Network of(Model model, Preprocessing preprocessing) {
    return new Network(model, preprocessing, List.of(), Map.of(), Map.of());
  }

  /**
   * This network with names for its classes.
   *
   * @throws IllegalArgumentException if their number is not the output's size
   */
  public Network withLabels(List<String> other) {
    return new Network(model, preprocessing, other, provenance, metrics);
  }

  /** This network with other words about where it comes from. */
  public Network withProvenance(Map<String, String> other) {
    return new Network(model, preprocessing, labels, other, metrics);
  }

  /** The name of a class; "class 7" where the classes have none. */
  public String label(int index) {
    return labels.isEmpty() ? "class " + index : labels.get(index);
  }
}
