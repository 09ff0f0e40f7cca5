package dev.depthwise.weights;

import dev.depthwise.network.Model;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model with what is needed to use it and to know where it comes from.
 *
 * @param model the network and its weights
 * @param labels the class of each element of the output; none if they have no names
 * @param preprocessing what makes a picture its input
 * @param provenance how it came to be: the command, the data, the seed
 * @param metrics what was measured, by name; in the unit that the name says
 */
public record StoredModel(
    Model model,
    List<String> labels,
    Preprocessing preprocessing,
    Map<String, String> provenance,
    Map<String, Double> metrics) {
  public StoredModel {
    labels = List.copyOf(labels);
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    Shape input = model.graph().input().shape();
    Shape pictures =
        Shape.of(preprocessing.channels(), preprocessing.height(), preprocessing.width());
    if (!input.equals(pictures)) {
      throw new IllegalArgumentException(
          "the network takes %s, but the preprocessing makes %s".formatted(input, pictures));
    }
    Shape output = model.graph().output().shape();
    if (!labels.isEmpty() && labels.size() != output.size()) {
      throw new IllegalArgumentException(
          "there are %d labels, but the network's output is %s".formatted(labels.size(), output));
    }
  }
}
