package dev.depthwise.weights;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layout of Keras 1 and 2 and of tf.keras: attributes list the layers, and for each layer its
 * weights by path.
 */
final class Keras2 {
  private static final int MOST_PARTS = 10_000;

  /** Keras 1 put the layer's name before the weight's, and TensorFlow a number behind it. */
  private static final Pattern OLD_NAME =
      Pattern.compile(
          "(?:.*_)?(W|b|gamma|beta|running_mean|running_std|depthwise_kernel|pointwise_kernel)"
              + "(?:_\\d+)?");

  private Keras2() {}

  /** Reads the weights of all layers; false if the group has another layout. */
  static boolean read(Hdf5Group group, KerasTensors tensors) {
    Hdf5File file = group.object().file();
    Optional<List<String>> layers = names(Hdf5Attributes.of(group.object()), "layer_names");
    if (layers.isEmpty()) {
      return false;
    }
    for (String layer : layers.get()) {
      Hdf5Group held =
          group
              .group(layer)
              .orElseThrow(
                  () ->
                      file.fault(
                          "lists the layer %s, but does not hold it".formatted(Text.quote(layer))));
      List<String> weights =
          names(Hdf5Attributes.of(held.object()), "weight_names")
              .orElseThrow(
                  () -> file.fault("does not list the weights of layer " + Text.quote(layer)));
      boolean renamed = isRenamed(layer, weights);
      for (String weight : weights) {
        Hdf5Dataset dataset =
            held.find(weight)
                .flatMap(object -> Hdf5Dataset.of(object, weight))
                .orElseThrow(
                    () ->
                        file.fault(
                            "lists the weight %s of layer %s, but does not hold it"
                                .formatted(Text.quote(weight), Text.quote(layer))));
        tensors.add(file, name(layer, weight, renamed), dataset);
      }
    }
    return true;
  }

  /** The texts of an attribute, which may be cut in pieces because one holds 64 KiB at most. */
  private static Optional<List<String>> names(Hdf5Attributes attributes, String name) {
    Optional<List<String>> whole = attributes.texts(name);
    if (whole.isPresent()) {
      return whole;
    }
    List<String> all = new ArrayList<>();
    for (int i = 0; i < MOST_PARTS; i++) {
      Optional<List<String>> part = attributes.texts(name + i);
      if (part.isEmpty()) {
        return i == 0 ? Optional.empty() : Optional.of(all);
      }
      all.addAll(part.get());
    }
    return Optional.of(all);
  }

  /**
   * Whether the paths of the weights begin with another name of the layer, not with those of layers
   * within it: TensorFlow made scopes unique, and layers may be renamed.
   */
  private static boolean isRenamed(String layer, List<String> weights) {
    Set<String> scopes = new HashSet<>();
    weights.forEach(weight -> scopes.add(weight.substring(0, weight.lastIndexOf('/') + 1)));
    return scopes.size() == 1 && !scopes.iterator().next().startsWith(layer + "/");
  }

  private static String name(String layer, String weight, boolean renamed) {
    int slash = weight.lastIndexOf('/');
    String scope = renamed ? "" : weight.substring(0, slash + 1);
    if (scope.startsWith(layer + "/")) {
      scope = scope.substring(layer.length() + 1);
    }
    return layer + "/" + scope + today(weight.substring(slash + 1).replaceFirst(":\\d+$", ""));
  }

  private static String today(String name) {
    Matcher matcher = OLD_NAME.matcher(name);
    if (!matcher.matches()) {
      return name;
    }
    return switch (matcher.group(1)) {
      case "W" -> "kernel";
      case "b" -> "bias";
      case "running_mean" -> "moving_mean";
      // It holds the variance, whatever its name says.
      case "running_std" -> "moving_variance";
      default -> matcher.group(1);
    };
  }
}
