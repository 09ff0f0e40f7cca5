package dev.depthwise.weights;

import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Node;
import dev.depthwise.network.Parameter;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tensor of a file is which parameter, under a naming.
 *
 * @param tensors the file's
 * @param request what is asked of it
 * @param naming taken to be the file's
 * @param names what the file calls each tensor, by what it is called today
 */
record Matching(NamedTensors tensors, Request request, Naming naming, Map<String, String> names) {
  private static final int MOST_LISTED = 10;

  /** A parameter of the network and its node. */
  private record Wanted(Node node, Parameter parameter) {
    Weights.Key key() {
      return new Weights.Key(node.name(), parameter.role());
    }
  }

  /** The matching under the naming that the file says it has, or else that fits it best. */
  static Matching of(NamedTensors tensors, Request request) {
    @Nullable Matching best = null;
    long most = -1;
    for (Naming naming : Naming.values()) {
      Matching matching = of(tensors, request, naming);
      long found = wanted(request.whole()).stream().mapToInt(matching::agreement).sum();
      boolean said = tensors.metadata().entrySet().containsAll(naming.metadata().entrySet());
      if (said && found > 0) {
        return matching;
      }
      // PyTorch's, where nothing fits and nothing is said.
      if (found > most || (found == most && (said || naming == Naming.TORCH))) {
        best = matching;
        most = found;
      }
    }
    return Objects.requireNonNull(best);
  }

  /** A name may be the same under two namings; the order of the elements then tells them apart. */
  private int agreement(Wanted wanted) {
    return find(wanted).map(tensor -> fits(wanted, tensor) ? 2 : 1).orElse(0);
  }

  private boolean fits(Wanted wanted, StoredTensor tensor) {
    return naming.arrangement(wanted.node(), wanted.parameter()).fits(tensor.dimensions());
  }

  private static Matching of(NamedTensors tensors, Request request, Naming naming) {
    Map<String, String> names = new LinkedHashMap<>();
    KerasNumbers numbers =
        naming == Naming.KERAS
            ? KerasNumbers.of(tensors.tensors().keySet(), request.whole())
            : KerasNumbers.none();
    for (String name : tensors.tensors().keySet()) {
      names.putIfAbsent(numbers.apply(request.today().apply(name)), name);
    }
    return new Matching(tensors, request, naming, names);
  }

  /**
   * The parameters, but those that may be replaced and have to be.
   *
   * @throws InputException naming all that is missing, unexpected or of another shape; nothing is
   *     read before everything is known to fit
   */
  Weights weights() {
    List<Wanted> parameters = wanted(request.graph());
    Set<Weights.Key> left = new LinkedHashSet<>();
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    Set<String> misshapenNodes = new LinkedHashSet<>();
    for (Wanted wanted : parameters) {
      Optional<StoredTensor> tensor = find(wanted);
      Arrangement arrangement = naming.arrangement(wanted.node(), wanted.parameter());
      boolean fits = tensor.map(each -> fits(wanted, each)).orElse(false);
      if (!fits && request.replaceable().contains(wanted.key())) {
        left.add(wanted.key());
      } else if (tensor.isEmpty()) {
        missing.add("%s %s".formatted(name(wanted), arrangement.shape()));
      } else if (!fits) {
        misshapen.add(
            "%s %s instead of %s"
                .formatted(name(wanted), tensor.get().extent(), arrangement.shape()));
        misshapenNodes.add(wanted.node().name());
      }
    }
    List<String> unexpected = unexpected();
    if (missing.isEmpty() && unexpected.isEmpty() && misshapenNodes.size() == 1) {
      refuseOtherClasses(misshapenNodes.iterator().next());
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
    for (Wanted wanted : parameters) {
      if (!left.contains(wanted.key())) {
        weights.put(
            wanted.key(),
            naming
                .arrangement(wanted.node(), wanted.parameter())
                .fromFile(find(wanted).orElseThrow(), wanted.parameter().shape()));
      }
    }
    return new Weights(weights);
  }

  /** What the file has and the whole network does not. */
  private List<String> unexpected() {
    Set<String> known = new LinkedHashSet<>();
    for (Graph graph : List.of(request.graph(), request.whole())) {
      for (Wanted wanted : wanted(graph)) {
        known.addAll(naming.names(wanted.node(), wanted.parameter().role()));
      }
    }
    List<String> unexpected = new ArrayList<>();
    names.forEach(
        (today, name) -> {
          if (!known.contains(today) && !naming.ignores(name)) {
            unexpected.add(Text.clean(name));
          }
        });
    return unexpected;
  }

  private static List<Wanted> wanted(Graph graph) {
    List<Wanted> wanted = new ArrayList<>();
    for (Node node : graph.nodes()) {
      for (Parameter parameter : node.parameters()) {
        wanted.add(new Wanted(node, parameter));
      }
    }
    return wanted;
  }

  private Optional<StoredTensor> find(Wanted wanted) {
    return naming.names(wanted.node(), wanted.parameter().role()).stream()
        .map(names::get)
        .filter(Objects::nonNull)
        .findFirst()
        .map(tensors.tensors()::get);
  }

  private String name(Wanted wanted) {
    return naming.names(wanted.node(), wanted.parameter().role()).get(0);
  }

  private static void list(List<String> faults, String what, List<String> names) {
    if (!names.isEmpty()) {
      String listed = String.join(", ", names.subList(0, Math.min(MOST_LISTED, names.size())));
      faults.add(
          "%d %s: %s%s"
              .formatted(names.size(), what, listed, names.size() > MOST_LISTED ? ", ..." : ""));
    }
  }

  /** Says how many classes the file has, if its last layer differs in nothing else. */
  private void refuseOtherClasses(String name) {
    Graph graph = request.graph();
    @Nullable Node last = null;
    for (Node node : graph.nodes()) {
      if (!node.parameters().isEmpty()) {
        last = node;
      }
    }
    int here = last == null ? 0 : classes(last);
    if (last == null || here == 0 || !last.name().equals(name)) {
      return;
    }
    long classes = -1;
    for (Parameter parameter : last.parameters()) {
      StoredTensor tensor = find(new Wanted(last, parameter)).orElseThrow();
      List<Long> expected =
          naming.arrangement(last, parameter).shape().dimensions().stream()
              .map(Integer::longValue)
              .toList();
      if (tensor.dimensions().size() != expected.size()) {
        return;
      }
      int changed = 0;
      for (int axis = 0; axis < expected.size(); axis++) {
        long found = tensor.dimensions().get(axis);
        if (found == expected.get(axis)) {
          continue;
        }
        if (expected.get(axis) != here || (classes >= 0 && found != classes)) {
          return;
        }
        classes = found;
        changed++;
      }
      if (changed != 1) {
        return;
      }
    }
    throw InputFile.fault(
        tensors.file(),
        ("is of a network with %s classes, but this one has %d (its last layer, %s);"
                + " build it for %1$s classes")
            .formatted(classes, here, name));
  }

  /** How many classes a last layer tells apart: those of some networks are convolutions. */
  private static int classes(Node last) {
    if (last.op() instanceof Dense dense) {
      return dense.units();
    }
    return last.op() instanceof Conv2d conv ? conv.filters() : 0;
  }
}
