package dev.depthwise.weights;

import dev.depthwise.network.Dense;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Node;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Weights in files of any format that is known; the ending of the name says which. */
public final class WeightFiles {
  private static final String SAFETENSORS = ".safetensors";
  private static final int MOST_LISTED = 10;

  private WeightFiles() {}

  /**
   * Reads the tensors of a file.
   *
   * @throws InputException if its format is not known, or it is broken
   */
  public static NamedTensors open(Path file) {
    requireKnown(file);
    return Safetensors.read(file);
  }

  /**
   * Reads the weights of a network: all of its parameters and nothing else. Whose names the file
   * uses, it says itself; one that does not say is taken to be PyTorch's.
   *
   * @throws InputException if the file cannot be read, or naming what does not fit the network
   */
  public static Weights read(Path file, Graph graph) {
    NamedTensors tensors = open(file);
    return select(tensors, graph, Naming.of(tensors));
  }

  /**
   * Writes weights, in their order.
   *
   * @throws InputException if the format is not known
   * @throws WriteException if the file could not be written; an older one is unharmed then
   */
  public static void write(Path file, Weights weights, Naming naming) {
    requireKnown(file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    weights.tensors().forEach((key, tensor) -> tensors.put(naming.name(key), tensor));
    Safetensors.write(file, tensors, naming.metadata());
  }

  /**
   * Picks the weights of a network; nothing is read before everything is known to fit.
   *
   * @throws InputException naming all that is missing, unexpected or of another shape
   */
  private static Weights select(NamedTensors tensors, Graph graph, Naming naming) {
    Map<Weights.Key, Shape> parameters = graph.parameters();
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    Set<String> misshapenNodes = new LinkedHashSet<>();
    Set<String> names = new LinkedHashSet<>();
    parameters.forEach(
        (key, shape) -> {
          String name = naming.name(key);
          names.add(name);
          StoredTensor tensor = tensors.tensors().get(name);
          if (tensor == null) {
            missing.add("%s %s".formatted(name, shape));
          } else if (!tensor.has(shape)) {
            misshapen.add("%s %s instead of %s".formatted(name, tensor.extent(), shape));
            misshapenNodes.add(key.node());
          }
        });
    List<String> unexpected =
        tensors.tensors().keySet().stream()
            .filter(name -> !names.contains(name) && !naming.ignores(name))
            .map(Text::clean)
            .toList();
    if (missing.isEmpty() && unexpected.isEmpty() && misshapenNodes.size() == 1) {
      String node = misshapenNodes.iterator().next();
      otherClasses(tensors, graph, naming, node)
          .ifPresent(
              classes -> {
                throw InputFile.fault(
                    tensors.file(),
                    ("is of a network with %s classes, but this one has %d (its last layer, %s);"
                            + " build it for %1$s classes")
                        .formatted(classes, graph.output().shape().size(), node));
              });
    }
    List<String> faults = new ArrayList<>();
    list(faults, "missing", missing);
    list(faults, "unexpected", unexpected);
    list(faults, "of another shape", misshapen);
    if (!faults.isEmpty()) {
      throw InputFile.fault(
          tensors.file(), "these weights are not of this network: " + String.join("; ", faults));
    }
    Map<Weights.Key, Tensor> weights = new LinkedHashMap<>();
    parameters.keySet().forEach(key -> weights.put(key, tensors.read(naming.name(key))));
    return new Weights(weights);
  }

  private static void list(List<String> faults, String what, List<String> names) {
    if (!names.isEmpty()) {
      String listed = String.join(", ", names.subList(0, Math.min(MOST_LISTED, names.size())));
      faults.add(
          "%d %s: %s%s"
              .formatted(names.size(), what, listed, names.size() > MOST_LISTED ? ", ..." : ""));
    }
  }

  /** The classes that the file has, if the node is the last layer and differs in nothing else. */
  private static Optional<Long> otherClasses(
      NamedTensors tensors, Graph graph, Naming naming, String name) {
    Node last = null;
    for (Node node : graph.nodes()) {
      if (!node.parameters().isEmpty()) {
        last = node;
      }
    }
    if (last == null || !last.name().equals(name) || !(last.op() instanceof Dense dense)) {
      return Optional.empty();
    }
    StoredTensor kernel = tensors.tensors().get(naming.name(new Weights.Key(name, Role.KERNEL)));
    StoredTensor bias = tensors.tensors().get(naming.name(new Weights.Key(name, Role.BIAS)));
    if (kernel == null || kernel.dimensions().size() != 2) {
      return Optional.empty();
    }
    long classes = kernel.dimensions().get(0);
    boolean sameFeatures = kernel.dimensions().get(1) == last.inputShapes().get(0).size();
    boolean biasAgrees =
        !dense.bias() || (bias != null && bias.dimensions().equals(List.of(classes)));
    return sameFeatures && biasAgrees && classes != dense.units()
        ? Optional.of(classes)
        : Optional.empty();
  }

  private static void requireKnown(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(SAFETENSORS)) {
      throw new InputException(
          "%s: the format of this weight file is not known; known are %s"
              .formatted(file, SAFETENSORS));
    }
  }
}
