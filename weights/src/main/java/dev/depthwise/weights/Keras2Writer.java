package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes weights in the layout of Keras 2, which Keras 2, tf.keras and Keras 3 load. */
final class Keras2Writer {
  /** Keras' own limit for what it puts into one attribute, HDF5's being 64 KiB with all around. */
  private static final int LONGEST_ATTRIBUTE = 64_512;

  /** The last version whose layout was this one alone. */
  private static final String VERSION = "2.15.0";

  private static final String KERAS_3 = ".weights.h5";

  private static final int LONGEST_NAME = 1_000;

  /** Parts between slashes; HDF5 takes a single dot for the group itself. */
  private static final Pattern NAME = Pattern.compile("(?!\\.(/|$))[^/]+(/(?!\\.(/|$))[^/]+)+");

  private Keras2Writer() {}

  /**
   * Writes tensors as float32 and publishes the file when it is whole.
   *
   * @param tensors called {@code LAYER/WEIGHT}, in the order of the layers, laid out as Keras does
   * @throws InputException if a name is of another form
   * @throws WriteException if it could not be written; an older file is unharmed then
   */
  static void write(Path path, Map<String, Tensor> tensors) {
    write(path, tensors, Optional.empty());
  }

  /**
   * Writes a whole model.
   *
   * @param configuration what it computes, in Keras' JSON
   */
  static void write(Path path, Map<String, Tensor> tensors, Optional<String> configuration) {
    if (path.toString().toLowerCase(Locale.ROOT).endsWith(KERAS_3)) {
      throw InputFile.fault(
          path, "Keras 3 expects another layout in files of that name; call it .h5 alone");
    }
    Map<String, Map<String, Placed>> layers = new LinkedHashMap<>();
    long end = Hdf5Objects.SUPERBLOCK_BYTES;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      String name = entry.getKey();
      if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
        throw InputFile.fault(
            path,
            "cannot hold %s: Keras calls a weight LAYER/WEIGHT, such as conv1/kernel"
                .formatted(Text.quote(name)));
      }
      Shape shape = entry.getValue().shape();
      // Keras' paths begin with the layer once more: TensorFlow's scopes did.
      layers
          .computeIfAbsent(name.substring(0, name.indexOf('/')), layer -> new LinkedHashMap<>())
          .put(name + ":0", new Placed(shape, end));
      end += (long) shape.size() * Float.BYTES;
    }
    Hdf5Objects objects = new Hdf5Objects(end);
    Map<String, Long> groups = new LinkedHashMap<>();
    layers.forEach(
        (layer, weights) -> {
          Folder folder = new Folder();
          weights.forEach(
              (weight, placed) ->
                  folder.put(weight, objects.dataset(placed.shape(), placed.address())));
          List<String> names = List.copyOf(weights.keySet());
          groups.put(layer, folder.write(path, objects, split("weight_names", names)));
        });
    List<Hdf5Objects.Attribute> attributes =
        new ArrayList<>(split("layer_names", List.copyOf(layers.keySet())));
    attributes.add(new Hdf5Objects.Attribute("backend", List.of("tensorflow"), false));
    attributes.add(new Hdf5Objects.Attribute("keras_version", List.of(VERSION), false));
    long weights = objects.group(groups, attributes);
    long root =
        configuration
            .map(
                json ->
                    objects.group(
                        Map.of("model_weights", weights),
                        List.of(
                            new Hdf5Objects.Attribute("backend", List.of("tensorflow"), false),
                            new Hdf5Objects.Attribute("keras_version", List.of(VERSION), false),
                            new Hdf5Objects.Attribute("model_config", List.of(json), false))))
            .orElse(weights);
    byte[] structure = objects.bytes();
    ByteBuffer superblock = Hdf5Objects.superblock(root, end + structure.length);
    Publish.file(
        path,
        temporary -> {
          try (OutputFile file = OutputFile.create(temporary)) {
            file.write(superblock);
            for (Tensor tensor : tensors.values()) {
              file.write(tensor.values());
            }
            file.write(ByteBuffer.wrap(structure));
          }
        });
  }

  /** A tensor whose place in the file is known. */
  private record Placed(Shape shape, long address) {}

  /** A list of texts as one attribute, or as several with numbers behind their names. */
  private static List<Hdf5Objects.Attribute> split(String name, List<String> texts) {
    int longest =
        texts.stream()
            .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
            .max()
            .orElse(1);
    int most = Math.max(1, LONGEST_ATTRIBUTE / longest);
    if (texts.size() <= most) {
      return List.of(new Hdf5Objects.Attribute(name, texts, true));
    }
    List<Hdf5Objects.Attribute> attributes = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += most) {
      attributes.add(
          new Hdf5Objects.Attribute(
              name + attributes.size(),
              texts.subList(from, Math.min(from + most, texts.size())),
              true));
    }
    return attributes;
  }

  /** A group and those below it, before they have addresses. */
  private static final class Folder {
    private final Map<String, Folder> folders = new LinkedHashMap<>();
    private final Map<String, Long> datasets = new LinkedHashMap<>();

    void put(String name, long address) {
      int slash = name.indexOf('/');
      if (slash < 0) {
        datasets.put(name, address);
        return;
      }
      folders
          .computeIfAbsent(name.substring(0, slash), part -> new Folder())
          .put(name.substring(slash + 1), address);
    }

    long write(Path path, Hdf5Objects objects, List<Hdf5Objects.Attribute> attributes) {
      Map<String, Long> links = new LinkedHashMap<>();
      folders.forEach((name, folder) -> links.put(name, folder.write(path, objects, List.of())));
      datasets.forEach(
          (name, address) -> {
            if (links.put(name, address) != null) {
              throw InputFile.fault(path, "cannot hold two things called " + Text.quote(name));
            }
          });
      return objects.group(links, attributes);
    }
  }
}
