package dev.depthwise.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The state dictionary in what PyTorch saved: people save it alone, or in a checkpoint beside other
 * things, and of a model that another one wraps.
 */
final class StateDict {
  /** Under which a checkpoint holds it, the likeliest first. */
  private static final List<String> KEYS =
      List.of("state_dict", "model_state_dict", "model", "net", "network", "module", "weights");

  /** What a wrapper puts before all names. */
  private static final List<String> WRAPPERS =
      List.of("module.", "_orig_mod.", "model.", "net.", "network.");

  private static final int MOST_WRAPPERS = 3;
  private static final int DEEPEST = 8;
  private static final int MOST_TENSORS = 100_000;

  private StateDict() {}

  /** The tensors by name, in their order. */
  static Map<String, TorchNames.View> of(InputFile file, Object value) {
    if (!(value instanceof Pickle.Dictionary dictionary)) {
      throw file.fault(
          "holds no dictionary of tensors; save the state dict in Python:"
              + " torch.save(model.state_dict(), PATH)");
    }
    Map<String, TorchNames.View> tensors = new LinkedHashMap<>();
    innermost(file, dictionary)
        .entries()
        .forEach(
            (key, entry) -> {
              // Counters and the like are no tensors; nobody needs them here.
              if (entry instanceof TorchNames.View view) {
                if (!(key instanceof String name)) {
                  throw file.fault("holds a tensor whose name is no text");
                }
                tensors.put(name, view);
              }
            });
    if (tensors.size() > MOST_TENSORS) {
      throw file.fault("holds more than %d tensors".formatted(MOST_TENSORS));
    }
    return unwrapped(tensors);
  }

  private static Pickle.Dictionary innermost(InputFile file, Pickle.Dictionary outermost) {
    Pickle.Dictionary dictionary = outermost;
    for (int depth = 0; depth < DEEPEST; depth++) {
      if (holdsTensors(dictionary)) {
        return dictionary;
      }
      Map<String, Pickle.Dictionary> inner = new LinkedHashMap<>();
      dictionary
          .entries()
          .forEach(
              (key, entry) -> {
                if (key instanceof String name && entry instanceof Pickle.Dictionary d) {
                  inner.put(name, d);
                }
              });
      dictionary = likeliest(file, inner);
    }
    throw file.fault("holds dictionaries more than %d deep".formatted(DEEPEST));
  }

  private static Pickle.Dictionary likeliest(
      InputFile file, Map<String, Pickle.Dictionary> dictionaries) {
    for (String key : KEYS) {
      Pickle.Dictionary dictionary = dictionaries.get(key);
      if (dictionary != null) {
        return dictionary;
      }
    }
    // One that many names refer to is looked into once.
    Map<Pickle.Dictionary, String> candidates = new LinkedHashMap<>();
    dictionaries.forEach((name, dictionary) -> candidates.putIfAbsent(dictionary, name));
    candidates.keySet().removeIf(dictionary -> !holdsTensors(dictionary));
    if (candidates.size() != 1) {
      throw file.fault(
          candidates.isEmpty()
              ? "holds no dictionary of tensors; save the state dict in Python:"
                  + " torch.save(model.state_dict(), PATH)"
              : "holds %d dictionaries of tensors, %s; save the one that is meant alone"
                  .formatted(
                      candidates.size(),
                      candidates.values().stream()
                          .limit(3)
                          .map(Text::quote)
                          .collect(Collectors.joining(", "))));
    }
    return candidates.keySet().iterator().next();
  }

  private static boolean holdsTensors(Pickle.Dictionary dictionary) {
    return dictionary.entries().values().stream().anyMatch(TorchNames.View.class::isInstance);
  }

  private static Map<String, TorchNames.View> unwrapped(Map<String, TorchNames.View> tensors) {
    Map<String, TorchNames.View> named = tensors;
    for (int i = 0; i < MOST_WRAPPERS; i++) {
      for (String wrapper : WRAPPERS) {
        if (named.keySet().stream().allMatch(name -> wraps(wrapper, name))) {
          Map<String, TorchNames.View> shorter = new LinkedHashMap<>();
          named.forEach((name, view) -> shorter.put(name.substring(wrapper.length()), view));
          named = shorter;
        }
      }
    }
    return named;
  }

  private static boolean wraps(String wrapper, String name) {
    return name.startsWith(wrapper) && name.length() > wrapper.length();
  }
}
