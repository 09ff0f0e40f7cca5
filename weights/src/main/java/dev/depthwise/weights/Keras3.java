package dev.depthwise.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The layout of Keras 3: groups are called by the class of a layer and a counter, the weights in
 * their {@code vars} by numbers. The layer's own name stands in an attribute of {@code vars}, in
 * newer files; else the configuration tells, if there is one.
 */
final class Keras3 {
  private static final List<String> LAYERS = List.of("layers", "_layer_checkpoint_dependencies");
  private static final String VARIABLES = "vars";
  private static final int DEEPEST = 16;

  private final Hdf5File file;
  private final KerasTensors tensors;

  private Keras3(Hdf5File file, KerasTensors tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /** Reads the weights of all layers; false if the file has another layout. */
  static boolean read(Hdf5Group root, Optional<KerasConfig.Layer> model, KerasTensors tensors) {
    if (LAYERS.stream().noneMatch(name -> root.names().contains(name))) {
      return false;
    }
    Keras3 keras = new Keras3(root.object().file(), tensors);
    keras.readLayers(root, model.orElse(null), "", 0);
    return true;
  }

  /** Reads the layers of a model, in the order of its configuration, or else of the file. */
  private void readLayers(
      Hdf5Group model, KerasConfig.@Nullable Layer config, String prefix, int depth) {
    if (depth > DEEPEST) {
      throw file.fault("holds models more than %d deep".formatted(DEEPEST));
    }
    for (String container : LAYERS) {
      Optional<Hdf5Group> layers = model.group(container);
      if (layers.isPresent()) {
        Map<String, KerasConfig.Layer> known = config == null ? Map.of() : byGroup(config.layers());
        List<String> groups = new ArrayList<>(known.keySet());
        groups.retainAll(layers.get().names());
        layers.get().names().stream().filter(name -> !known.containsKey(name)).forEach(groups::add);
        for (String group : groups) {
          Optional<Hdf5Group> layer = layers.get().group(group);
          if (layer.isPresent()) {
            readLayer(layer.get(), group, known.get(group), prefix, depth);
          }
        }
      }
    }
  }

  private void readLayer(
      Hdf5Group layer, String group, KerasConfig.@Nullable Layer config, String prefix, int depth) {
    if (depth > DEEPEST) {
      throw file.fault("holds layers more than %d deep".formatted(DEEPEST));
    }
    Optional<Hdf5Group> variables = layer.group(VARIABLES);
    String name =
        variables
            .flatMap(vars -> Hdf5Attributes.of(vars.object()).text("name"))
            .orElse(config == null ? group : config.name());
    if (variables.isPresent()) {
      readVariables(variables.get(), group, config, prefix + name);
    }
    String inner = prefix + name + "/";
    readLayers(layer, config, inner, depth + 1);
    // Layers that others are made of: their groups are called as their maker calls them.
    for (String part : layer.names()) {
      if (!part.equals(VARIABLES) && !LAYERS.contains(part)) {
        Optional<Hdf5Group> below = layer.group(part);
        if (below.isPresent()) {
          readLayer(below.get(), part, null, inner, depth + 1);
        }
      }
    }
  }

  private void readVariables(
      Hdf5Group variables, String group, KerasConfig.@Nullable Layer config, String layer) {
    Map<String, Hdf5Dataset> byNumber = new LinkedHashMap<>();
    for (int i = 0; i < variables.names().size(); i++) {
      String number = String.valueOf(i);
      variables
          .find(number)
          .flatMap(object -> Hdf5Dataset.of(object, number))
          .ifPresent(dataset -> byNumber.put(number, dataset));
    }
    if (byNumber.size() != variables.names().size()) {
      throw file.fault("numbers the weights of layer %s with gaps".formatted(Text.quote(layer)));
    }
    List<String> names = weightNames(group, config, byNumber.size());
    byNumber.forEach(
        (number, dataset) ->
            tensors.add(file, layer + "/" + names.get(Integer.parseInt(number)), dataset));
  }

  /** What the numbered weights of a layer are called; their numbers, if its class is not known. */
  private static List<String> weightNames(
      String group, KerasConfig.@Nullable Layer config, int count) {
    String type = group.replaceFirst("_\\d+$", "");
    List<String> names =
        switch (type) {
          case "conv1d",
              "conv2d",
              "conv3d",
              "conv1d_transpose",
              "conv2d_transpose",
              "conv3d_transpose",
              "dense" ->
              List.of("kernel", "bias");
          case "depthwise_conv1d", "depthwise_conv2d" -> List.of("depthwise_kernel", "bias");
          case "separable_conv1d", "separable_conv2d" ->
              List.of("depthwise_kernel", "pointwise_kernel", "bias");
          case "batch_normalization" ->
              normalization(config, count, List.of("moving_mean", "moving_variance"));
          case "layer_normalization", "group_normalization" ->
              normalization(config, count, List.of());
          case "normalization" -> List.of("mean", "variance", "count");
          case "p_re_lu" -> List.of("alpha");
          default -> List.of();
        };
    List<String> all = new ArrayList<>(names.subList(0, Math.min(count, names.size())));
    for (int i = all.size(); i < count; i++) {
      all.add(String.valueOf(i));
    }
    return all;
  }

  /**
   * A normalisation has a factor and an offset before its statistics, each only where it was asked
   * for. Without a configuration, one alone is the offset: rectifiers make the factor redundant,
   * and so Keras' own networks leave it out.
   */
  private static List<String> normalization(
      KerasConfig.@Nullable Layer config, int count, List<String> statistics) {
    int learned = count - statistics.size();
    List<String> names = new ArrayList<>();
    if (learned > 1 || (learned == 1 && config != null && config.scale())) {
      names.add("gamma");
    }
    if (learned > 1 || (learned == 1 && names.isEmpty())) {
      names.add("beta");
    }
    names.addAll(statistics);
    return names;
  }

  /** Layers by the names of their groups: their classes in snake case, counted. */
  private static Map<String, KerasConfig.Layer> byGroup(List<KerasConfig.Layer> layers) {
    Map<String, Integer> counts = new HashMap<>();
    Map<String, KerasConfig.Layer> byGroup = new LinkedHashMap<>();
    for (KerasConfig.Layer layer : layers) {
      String type =
          layer
              .type()
              .replaceAll("\\W", "")
              .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
              .replaceAll("([a-z])([A-Z])", "$1_$2")
              .toLowerCase(Locale.ROOT);
      int count = counts.merge(type, 1, Integer::sum);
      byGroup.put(count == 1 ? type : type + "_" + (count - 1), layer);
    }
    return byGroup;
  }
}
