package dev.depthwise.interchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.interchange.KerasLayer.Argument;
import dev.depthwise.interchange.KerasLayer.Call;
import dev.depthwise.interchange.KerasLayer.Constant;
import dev.depthwise.interchange.KerasLayer.Reference;
import dev.depthwise.network.InputException;
import dev.depthwise.weights.Text;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks through a model of Keras: Sequential or Functional, and models within it.
 *
 * <p>What a layer makes is empty where it, or one before it, is not supported: so that all such
 * layers are found at once.
 */
final class KerasModel {
  private static final int DEEPEST = 16;

  private final Path file;
  private final KerasLayers layers;
  private final List<String> faults = new ArrayList<>();

  KerasModel(Path file, KerasLayers layers) {
    this.file = file;
    this.layers = layers;
  }

  /** What cannot be expressed here: layers with their paths and classes, and why. */
  List<String> faults() {
    return Collections.unmodifiableList(faults);
  }

  /** A call of a layer, and what it needs. */
  private record Step(KerasLayer layer, int call, Call arguments, Set<Reference> needs) {}

  /** The inputs of a model, as the number that its own layers know them by. */
  static List<KerasLayer> layers(Path file, KerasLayer model) {
    JsonNode listed = model.config().isArray() ? model.config() : model.config().path("layers");
    List<KerasLayer> layers = new ArrayList<>();
    listed.forEach(layer -> layers.add(KerasLayer.of(file, layer)));
    return layers;
  }

  /** Whether a model is wired by references, not by the order of its layers. */
  static boolean isFunctional(KerasLayer model) {
    return model.config().has("input_layers");
  }

  /**
   * Writes the layers of a model.
   *
   * @param path the names of the models around it, the outermost first, and its own
   * @return its outputs by the names of the layers that make them
   */
  Map<String, Optional<Flow>> write(
      KerasLayer model, List<String> path, List<Optional<Flow>> inputs) {
    if (path.size() > DEEPEST) {
      throw new InputException("%s: holds models more than %d deep".formatted(file, DEEPEST));
    }
    return isFunctional(model) ? functional(model, path, inputs) : sequential(model, path, inputs);
  }

  private Map<String, Optional<Flow>> sequential(
      KerasLayer model, List<String> path, List<Optional<Flow>> inputs) {
    if (inputs.size() != 1) {
      throw new InputException(
          "%s: model %s gets %d inputs, but is a sequence of layers"
              .formatted(file, Text.quote(model.name()), inputs.size()));
    }
    Optional<Flow> flow = inputs.get(0);
    String last = model.name();
    for (KerasLayer layer : layers(file, model)) {
      if (!layer.type().equals("InputLayer")) {
        flow = call(layer, path, 0, List.of(new Given(flow))).values().iterator().next();
        last = layer.name();
      }
    }
    return Map.of(last, flow);
  }

  private Map<String, Optional<Flow>> functional(
      KerasLayer model, List<String> path, List<Optional<Flow>> inputs) {
    List<Reference> entries = KerasLayer.references(file, model.config().path("input_layers"));
    if (entries.size() != inputs.size()) {
      throw new InputException(
          "%s: model %s takes %d inputs, but gets %d"
              .formatted(file, Text.quote(model.name()), entries.size(), inputs.size()));
    }
    Map<Reference, Optional<Flow>> known = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      known.put(entries.get(i), inputs.get(i));
    }
    List<Reference> outputs = KerasLayer.references(file, model.config().path("output_layers"));
    List<KerasLayer> layers = layers(file, model);
    Map<String, Integer> shifts = shifts(layers, outputs);
    List<Step> steps = steps(layers, shifts);
    run(steps, path, known);
    Map<String, Optional<Flow>> results = new LinkedHashMap<>();
    for (Reference output : outputs) {
      Reference made = shifted(output, shifts);
      Optional<Flow> flow = known.get(made);
      if (flow == null) {
        throw dangling("model " + Text.quote(model.name()), made);
      }
      String name = made.layer();
      for (int number = 2; results.containsKey(name); number++) {
        name = made.layer() + "_" + number;
      }
      results.put(name, flow);
    }
    if (results.isEmpty()) {
      throw new InputException(
          "%s: model %s has no output".formatted(file, Text.quote(model.name())));
    }
    return results;
  }

  /** A model that is used as a layer may count the call that made it: its uses then begin at 1. */
  private static Map<String, Integer> shifts(List<KerasLayer> layers, List<Reference> outputs) {
    Map<String, Integer> highest = new HashMap<>();
    for (Reference reference : outputs) {
      highest.merge(reference.layer(), reference.call(), Math::max);
    }
    for (KerasLayer layer : layers) {
      for (Call call : layer.calls()) {
        for (Argument argument : call.arguments()) {
          if (argument instanceof Reference reference) {
            highest.merge(reference.layer(), reference.call(), Math::max);
          }
        }
      }
    }
    Map<String, Integer> shifts = new HashMap<>();
    for (KerasLayer layer : layers) {
      if (layer.isModel()
          && highest.getOrDefault(layer.name(), 0) == layer.calls().size()
          && !layer.calls().isEmpty()) {
        shifts.put(layer.name(), 1);
      }
    }
    return shifts;
  }

  private static Reference shifted(Reference reference, Map<String, Integer> shifts) {
    return new Reference(
        reference.layer(),
        reference.call() - shifts.getOrDefault(reference.layer(), 0),
        reference.output());
  }

  private static List<Step> steps(List<KerasLayer> layers, Map<String, Integer> shifts) {
    List<Step> steps = new ArrayList<>();
    for (KerasLayer layer : layers) {
      for (int number = 0; number < layer.calls().size(); number++) {
        List<Argument> arguments = new ArrayList<>();
        Set<Reference> needs = new HashSet<>();
        for (Argument argument : layer.calls().get(number).arguments()) {
          if (argument instanceof Reference reference) {
            Reference made = shifted(reference, shifts);
            arguments.add(made);
            needs.add(made);
          } else {
            arguments.add(argument);
          }
        }
        steps.add(new Step(layer, number, new Call(arguments), needs));
      }
    }
    return steps;
  }

  /** Runs all steps, each when what it needs is there. */
  private void run(List<Step> steps, List<String> path, Map<Reference, Optional<Flow>> known) {
    Map<Reference, List<Integer>> waiting = new HashMap<>();
    int[] missing = new int[steps.size()];
    Deque<Integer> ready = new ArrayDeque<>();
    for (int i = 0; i < missing.length; i++) {
      for (Reference need : steps.get(i).needs()) {
        if (!known.containsKey(need)) {
          missing[i]++;
          waiting.computeIfAbsent(need, reference -> new ArrayList<>()).add(i);
        }
      }
      if (missing[i] == 0) {
        ready.add(i);
      }
    }
    int done = 0;
    while (!ready.isEmpty()) {
      Step step = steps.get(ready.remove());
      done++;
      List<Given> given = new ArrayList<>();
      for (Argument argument : step.arguments().arguments()) {
        if (argument instanceof Reference reference) {
          given.add(new Given(known.getOrDefault(reference, Optional.empty())));
        } else if (argument instanceof Constant constant) {
          given.add(new Given(constant));
        }
      }
      int output = 0;
      for (Optional<Flow> flow : call(step.layer(), path, step.call(), given).values()) {
        Reference made = new Reference(step.layer().name(), step.call(), output++);
        known.put(made, flow);
        for (int waits : waiting.getOrDefault(made, List.of())) {
          missing[waits]--;
          if (missing[waits] == 0) {
            ready.add(waits);
          }
        }
      }
    }
    if (done < steps.size()) {
      for (int i = 0; i < missing.length; i++) {
        if (missing[i] > 0) {
          Step step = steps.get(i);
          Reference lacking =
              step.needs().stream()
                  .filter(need -> !known.containsKey(need))
                  .findFirst()
                  .orElseThrow();
          throw dangling("layer " + Text.quote(step.layer().name()), lacking);
        }
      }
    }
  }

  private InputException dangling(String who, Reference what) {
    return new InputException(
        "%s: %s needs output %d of call %d of layer %s, which nothing makes before it"
            .formatted(file, who, what.output(), what.call(), Text.quote(what.layer())));
  }

  /**
   * An argument of a call with its value.
   *
   * @param flow empty where it comes of something that is not supported
   * @param constant if it stands in the file
   */
  record Given(Optional<Flow> flow, Optional<Constant> constant) {
    Given(Optional<Flow> flow) {
      this(flow, Optional.empty());
    }

    Given(Constant constant) {
      this(Optional.empty(), Optional.of(constant));
    }

    boolean isKnown() {
      return flow.isPresent() || constant.isPresent();
    }
  }

  private Map<String, Optional<Flow>> call(
      KerasLayer layer, List<String> path, int number, List<Given> given) {
    List<String> inner = new ArrayList<>(path);
    inner.add(layer.name());
    if (layer.isModel()) {
      List<Optional<Flow>> inputs = new ArrayList<>();
      for (Given each : given) {
        if (each.constant().isEmpty()) {
          inputs.add(each.flow());
        }
      }
      return write(layer, inner, inputs);
    }
    String what =
        "%s (%s)".formatted(Text.clean(String.join("/", inner)), Text.clean(layer.type()));
    if (!layers.knows(layer.type())) {
      if (number == 0) {
        faults.add(what);
      }
      return Map.of(layer.name(), Optional.empty());
    }
    if (!given.stream().allMatch(Given::isKnown)) {
      return Map.of(layer.name(), Optional.empty());
    }
    try {
      return Map.of(layer.name(), Optional.of(layers.write(layer, inner, given)));
    } catch (Unsupported e) {
      faults.add(what + " " + Text.line(String.valueOf(e.getMessage())));
      return Map.of(layer.name(), Optional.empty());
    }
  }
}
