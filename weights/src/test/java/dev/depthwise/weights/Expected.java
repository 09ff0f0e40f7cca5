package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the programs that wrote the files say is in them. */
final class Expected {
  private Expected() {}

  static JsonNode node(String name) {
    return file("expected.json").get(name);
  }

  static JsonNode file(String name) {
    Path path = Resources.path(name);
    try {
      return new ObjectMapper().readTree(path.toFile());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Holds all tensors against the state dictionary of the tiny residual network. */
  static void stateDict(NamedTensors tensors) {
    JsonNode expected = node("tiny_state_dict");
    assertThat(tensors.tensors().keySet())
        .containsExactlyElementsOf(expected.properties().stream().map(Map.Entry::getKey).toList());
    for (Map.Entry<String, JsonNode> entry : expected.properties()) {
      StoredTensor tensor = tensor(tensors, entry.getKey());
      assertThat(tensor.dimensions()).isEqualTo(longs(entry.getValue().get("shape")));
      assertThat(tensor.sha256())
          .as(entry.getKey())
          .isEqualTo(entry.getValue().get("sha256").asText());
      if (entry.getValue().get("dtype").asText().equals("float32")) {
        float[] values = tensor.read().toArray();
        assertThat(values[0]).isEqualTo((float) entry.getValue().get("first4").get(0).asDouble());
        assertThat(values[values.length - 1])
            .isEqualTo((float) entry.getValue().get("last").asDouble());
      }
    }
  }

  static StoredTensor tensor(NamedTensors tensors, String name) {
    return Objects.requireNonNull(tensors.tensors().get(name), name);
  }

  static List<Long> longs(JsonNode array) {
    return array.valueStream().map(JsonNode::asLong).toList();
  }

  static float[] floats(JsonNode array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      JsonNode value = array.get(i);
      floats[i] = value.isBoolean() ? (value.asBoolean() ? 1 : 0) : (float) value.asDouble();
    }
    return floats;
  }
}
