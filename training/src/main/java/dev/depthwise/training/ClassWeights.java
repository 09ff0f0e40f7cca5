package dev.depthwise.training;

import dev.depthwise.network.InputException;
import dev.depthwise.vision.Dataset;
import java.util.ArrayList;
import java.util.List;

/**
 * What each class counts in a loss.
 *
 * @param weights by class, each positive; empty where all count the same
 */
public record ClassWeights(List<Double> weights) {
  public ClassWeights {
    weights = List.copyOf(weights);
    for (double weight : weights) {
      Require.positive("the weight of a class", weight);
    }
  }

  /** All classes count the same. */
  public static ClassWeights equal() {
    return new ClassWeights(List.of());
  }

  /**
   * Classes count the same together, however many pictures they have: each picture counts {@code
   * pictures / (classes * pictures of its class)}, as scikit-learn's "balanced" says.
   *
   * @throws InputException if a class has no picture
   */
  public static ClassWeights balanced(Dataset dataset) {
    int classes = dataset.labels().size();
    int[] counts = new int[classes];
    for (int index = 0; index < dataset.size(); index++) {
      counts[dataset.label(index)]++;
    }
    List<Double> weights = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      if (counts[label] == 0) {
        throw new InputException(
            "%s has no picture of class '%s', so the classes cannot be balanced"
                .formatted(dataset.name(), dataset.labels().get(label)));
      }
      weights.add((double) dataset.size() / ((double) classes * counts[label]));
    }
    return new ClassWeights(weights);
  }

  /**
   * Reads what {@link #toString} writes: numbers between commas, in the order of the classes.
   *
   * @throws InputException if one is no positive number
   */
  public static ClassWeights parse(String text) {
    List<Double> weights = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        weights.add(Double.parseDouble(part.strip()));
      } catch (NumberFormatException e) {
        throw new InputException(
            "class weights '%s': '%s' is no number; expected one for each class, such as 1,2,0.5"
                .formatted(text, part),
            e);
      }
    }
    return new ClassWeights(weights);
  }

  /** Whether all classes count the same because nothing else was asked for. */
  boolean areEqual() {
    return weights.isEmpty();
  }

  /** What a class counts. */
  double of(int label) {
    return weights.isEmpty() ? 1 : weights.get(label);
  }

  /**
   * Checks that there is one for each class.
   *
   * @throws InputException if there are more or fewer
   */
  void require(int classes) {
    if (!weights.isEmpty() && weights.size() != classes) {
      throw new InputException(
          "there are %d class weights for %d classes; expected one for each"
              .formatted(weights.size(), classes));
    }
  }

  @Override
  public String toString() {
    return weights.isEmpty()
        ? "equal"
        : String.join(",", weights.stream().map(weight -> Double.toString(weight)).toList());
  }
}
