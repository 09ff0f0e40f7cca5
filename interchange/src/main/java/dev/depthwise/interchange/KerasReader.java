package dev.depthwise.interchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.depthwise.interchange.KerasLayer.Reference;
import dev.depthwise.network.Flatten.Order;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.Text;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads a model of Keras from its configuration and its weights. */
final class KerasReader {
  /** A model of a thousand layers has a quarter of a million. */
  private static final long MOST_TOKENS = 3_000_000;

  private static final JsonMapper MAPPER =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(64)
                      .maxTokenCount(MOST_TOKENS)
                      .build())
              .build());

  private final Path file;
  private final Reading reading;
  private final Map<String, String> metadata;
  private final KerasWeights weights;

  private KerasReader(NamedTensors tensors, Reading reading) {
    this.file = tensors.file();
    this.reading = reading;
    this.metadata = tensors.metadata();
    this.weights = new KerasWeights(tensors);
  }

  /**
   * Reads the model whose tensors these are.
   *
   * @throws InputException if there is none, or naming all of its layers that are not known
   */
  static Network read(NamedTensors tensors, Reading reading) {
    KerasReader reader = new KerasReader(tensors, reading);
    return reader.network(reader.model());
  }

  /** Reads what a model computes, of whatever it takes. */
  static Model model(NamedTensors tensors) {
    return new KerasReader(tensors, Reading.usual()).model();
  }

  private Model model() {
    String text = metadata.get("model_config");
    if (text == null) {
      throw new InputException(
          file
              + ": holds weights only, not the network that they are of; save the whole model:"
              + " model.save(\"model.keras\")");
    }
    KerasLayer model = KerasLayer.of(file, json(text));
    if (!model.isModel()) {
      throw new InputException(
          "%s: is a model of a class of its own, %s, which is a program in Python; Sequential and"
                  .formatted(file, Text.quote(model.type()))
              + " Functional models can be read");
    }
    boolean keras3 =
        metadata.containsKey("keras_version")
            ? !metadata.get("keras_version").matches("[12]\\..*")
            : text.contains("\"registered_name\"");
    KerasLayer entry = entry(model);
    Shape input = input(model, entry);
    Sketch sketch = new Sketch(entry.name(), input, Order.HWC);
    KerasModel walk = new KerasModel(file, new KerasLayers(sketch, weights, keras3));
    Map<String, Optional<Flow>> made =
        walk.write(model, List.of(model.name()), List.of(Optional.of(sketch.input())));
    if (!walk.faults().isEmpty()) {
      throw ModelFiles.unsupported(file, walk.faults());
    }
    Map<String, Flow> outputs = new LinkedHashMap<>();
    made.forEach(
        (name, flow) -> outputs.put(made.size() == 1 ? "output" : name, flow.orElseThrow()));
    return ModelFiles.finish(file, sketch, outputs);
  }

  private Network network(Model model) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("imported", String.valueOf(file.getFileName()));
    provenance.put("library", "Keras");
    Optional.ofNullable(metadata.get("keras_version"))
        .ifPresent(version -> provenance.put("version", Text.clean(version)));
    Shape input = model.graph().input().shape();
    return Network.of(model, reading.samples().preprocessing(input)).withProvenance(provenance);
  }

  private JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InputException(
          "%s: its configuration is no JSON: %s"
              .formatted(file, Text.line(String.valueOf(e.getOriginalMessage()))),
          e);
    }
  }

  /** The layer that the pictures come in by; of a sequence without one, its first. */
  private KerasLayer entry(KerasLayer model) {
    List<KerasLayer> layers = KerasModel.layers(file, model);
    if (!KerasModel.isFunctional(model)) {
      if (layers.isEmpty()) {
        throw new InputException(file + ": is a model without layers");
      }
      KerasLayer first = layers.get(0);
      return first.type().equals("InputLayer")
          ? first
          : new KerasLayer("InputLayer", "input", first.config(), List.of());
    }
    List<Reference> inputs = KerasLayer.references(file, model.config().path("input_layers"));
    if (inputs.size() != 1) {
      throw new InputException(
          "%s: takes %d inputs; networks with one can be read".formatted(file, inputs.size()));
    }
    String name = inputs.get(0).layer();
    return layers.stream()
        .filter(layer -> layer.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "%s: its input is a layer %s that it does not have"
                        .formatted(file, Text.quote(name))));
  }

  /** Channels x height x width. */
  private Shape input(KerasLayer model, KerasLayer entry) {
    JsonNode shape =
        firstArray(
            entry.config().path("batch_shape"),
            entry.config().path("batch_input_shape"),
            model.config().path("build_input_shape"));
    if (shape.size() != 4 || !shape.path(3).isInt()) {
      throw new InputException(
          "%s: takes %s; networks that take pictures (rows, columns, channels) can be read"
              .formatted(
                  file,
                  shape.isMissingNode()
                      ? "an input of unknown shape"
                      : Text.clean(shape.toString())));
    }
    int height = side("height", shape.path(1), reading.height());
    int width = side("width", shape.path(2), reading.width());
    try {
      return Shape.of(shape.path(3).asInt(), height, width);
    } catch (IllegalArgumentException e) {
      throw new InputException("%s: takes %s: %s".formatted(file, shape, Text.line(e)), e);
    }
  }

  private static JsonNode firstArray(JsonNode... nodes) {
    for (JsonNode node : nodes) {
      if (node.isArray()) {
        return node;
      }
    }
    return nodes[nodes.length - 1].path("none");
  }

  private int side(String what, JsonNode said, OptionalInt given) {
    return ModelFiles.side(
        file, what, said.isInt() ? OptionalInt.of(said.asInt()) : OptionalInt.empty(), given);
  }
}
