package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Picture;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A data set whose labels are indices into a model's list of classes. */
final class Relabeled implements Dataset {
  private final Dataset dataset;
  private final List<String> labels;
  private final int[] moved;

  private Relabeled(Dataset dataset, List<String> labels) {
    this.dataset = dataset;
    this.labels = labels;
    Map<String, Integer> places = new HashMap<>();
    for (int index = 0; index < labels.size(); index++) {
      places.put(labels.get(index), index);
    }
    moved = dataset.labels().stream().mapToInt(places::get).toArray();
  }

  /**
   * The data set as a model with these classes sees it: by name where the model knows all of the
   * names, else by position.
   *
   * @param labels of the model; empty if they have no names
   * @throws InputException if neither the names nor their number fit
   */
  static Dataset of(Dataset dataset, List<String> labels, Screen screen) {
    List<String> own = dataset.labels();
    if (labels.isEmpty() || own.equals(labels)) {
      return dataset;
    }
    Set<String> known = new HashSet<>(labels);
    if (known.containsAll(own) && known.size() == labels.size()) {
      return new Relabeled(dataset, labels);
    }
    if (own.size() != labels.size()) {
      throw new InputException(
          "the model tells %d classes apart (%s), but %s has %d (%s); give it data with its classes"
              .formatted(
                  labels.size(), shortened(labels), dataset.name(), own.size(), shortened(own)));
    }
    screen.note(
        "the model's classes are named otherwise (%s) than the data's (%s): taken in order"
            .formatted(shortened(labels), shortened(own)));
    return dataset;
  }

  private static String shortened(List<String> labels) {
    int most = 3;
    return String.join(", ", labels.subList(0, Math.min(most, labels.size())))
        + (labels.size() > most ? ", ..." : "");
  }

  @Override
  public String name() {
    return dataset.name();
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public int size() {
    return dataset.size();
  }

  @Override
  public int label(int index) {
    return moved[dataset.label(index)];
  }

  @Override
  public Picture picture(int index) {
    return dataset.picture(index);
  }
}
