package dev.depthwise.training;

import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What steps have made: the parameters, and what the update rule remembers of each.
 *
 * @param weights all of them
 * @param moments those of the trained ones
 */
record Learned(Weights weights, Map<Weights.Key, List<Tensor>> moments) {
  /**
   * Each trained parameter in the place of its last moment, and the moment in its place. Where that
   * moment is the weights' average, this turns the network that is trained into the one that is
   * used, and back.
   */
  Learned exchanged() {
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>(weights.tensors());
    Map<Weights.Key, List<Tensor>> others = new LinkedHashMap<>();
    moments.forEach(
        (key, kept) -> {
          List<Tensor> exchanged = new ArrayList<>(kept);
          Tensor average = exchanged.set(kept.size() - 1, weights.get(key));
          tensors.put(key, average);
          others.put(key, exchanged);
        });
    return new Learned(new Weights(tensors), others);
  }
}
