package dev.depthwise.vision;

import java.util.List;
import java.util.Objects;

/** Some pictures of another data set, in a given order. */
public final class Subset implements Dataset {
  private final String name;
  private final Dataset dataset;
  private final int[] indices;

  /**
   * Creates a view.
   *
   * @param indices of the pictures in {@code dataset}; copied
   */
  public Subset(String name, Dataset dataset, int[] indices) {
    this.name = Objects.requireNonNull(name);
    this.dataset = Objects.requireNonNull(dataset);
    this.indices = indices.clone();
    if (indices.length == 0) {
      throw new IllegalArgumentException("a subset needs at least one picture");
    }
    for (int index : indices) {
      Objects.checkIndex(index, dataset.size());
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> labels() {
    return dataset.labels();
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int label(int index) {
    return dataset.label(indices[index]);
  }

  @Override
  public Picture picture(int index) {
    return dataset.picture(indices[index]);
  }

  @Override
  public String title(int index) {
    return dataset.title(indices[index]);
  }

  @Override
  public long fingerprint(int index) {
    return dataset.fingerprint(indices[index]);
  }

  @Override
  public boolean sequential() {
    return dataset.sequential();
  }

  /** Where a picture of this subset stands in the data set that it was taken from. */
  public int original(int index) {
    return indices[index];
  }
}
