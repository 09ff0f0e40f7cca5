package dev.depthwise.training;

import dev.depthwise.network.Network;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.weights.ModelDirectory;
import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that it takes to go on with a run after an epoch.
 *
 * @param network as it was then
 * @param moments what the optimiser remembers
 * @param state the rest
 */
record Checkpoint(Network network, Map<Weights.Key, List<Tensor>> moments, RunState state) {
  private static final String OPTIMIZER_FILE = "optimizer.safetensors";
  static final String STATE_FILE = "state.json";

  static Checkpoint read(Path directory) {
    RunState state = RunState.read(directory.resolve(STATE_FILE));
    Network network = ModelDirectory.read(directory);
    NamedTensors tensors = Safetensors.read(directory.resolve(OPTIMIZER_FILE));
    Map<Weights.Key, List<Tensor>> moments = new LinkedHashMap<>();
    for (Weights.Key key : network.model().graph().parameters().keySet()) {
      List<Tensor> kept = new ArrayList<>();
      while (tensors.tensors().containsKey(name(key, kept.size()))) {
        kept.add(tensors.read(name(key, kept.size())));
      }
      if (!kept.isEmpty()) {
        moments.put(key, kept);
      }
    }
    return new Checkpoint(network, moments, state);
  }

  void writeInto(Path directory) throws IOException {
    ModelDirectory.writeInto(directory, network);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    moments.forEach(
        (key, kept) -> {
          for (int i = 0; i < kept.size(); i++) {
            tensors.put(name(key, i), kept.get(i));
          }
        });
    Safetensors.write(directory.resolve(OPTIMIZER_FILE), tensors, Map.of());
    state.write(directory.resolve(STATE_FILE));
  }

  private static String name(Weights.Key key, int moment) {
    return key + "/moment" + moment;
  }
}
