package dev.depthwise.weights;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The tensors that are found in a Keras file, in order. */
final class KerasTensors {
  private static final int MOST_TENSORS = 100_000;

  private final Path path;
  private final InputFile.Opener opener;
  private final Map<String, StoredTensor> byName = new LinkedHashMap<>();

  KerasTensors(Path path, InputFile.Opener opener) {
    this.path = path;
    this.opener = opener;
  }

  Map<String, StoredTensor> byName() {
    return byName;
  }

  /** Adds a data set under a name. */
  void add(Hdf5File file, String name, Hdf5Dataset dataset) {
    StoredTensor tensor =
        new StoredTensor(
            path, name, dataset.type(), dataset.dimensions(), parts -> read(dataset, parts));
    if (byName.put(name, tensor) != null) {
      throw file.fault("holds two weights called " + Text.quote(name));
    }
    if (byName.size() > MOST_TENSORS) {
      throw file.fault("holds more than %d tensors".formatted(MOST_TENSORS));
    }
  }

  private void read(Hdf5Dataset dataset, Consumer<ByteBuffer> parts) {
    try (InputFile file = opener.open()) {
      dataset.read(file, parts);
    }
  }
}
