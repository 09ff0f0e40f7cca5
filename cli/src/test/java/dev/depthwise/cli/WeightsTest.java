package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.weights.Npz;
import dev.depthwise.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with weight files alone. */
class WeightsTest {
  /** Of the little-endian float32 numbers 1, 2, 3, 4, 5, 6, by another program. */
  private static final String ONE_TO_SIX =
      "24ae2dfe8df57c1b80e54cef3d90ac3b417fd98973345a5f616bbc9a75dcc202";

  @TempDir Path folder;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  @BeforeEach
  void files() {
    tensors.put("conv1.weight", Tensor.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6));
    tensors.put("conv1.bias", Tensor.of(Shape.of(2), 0.5f, -1));
    tensors.put("evil\u001b[2J", Tensor.of(Shape.of(), 3));
    Safetensors.write(folder.resolve("w.safetensors"), tensors, Map.of("format", "pt"));
    Npz.write(folder.resolve("w.npz"), tensors);
  }

  @Test
  void inspectListsEveryTensor() {
    String out = Outcome.of("weights", "inspect", folder.resolve("w.safetensors")).succeeds().out();

    assertThat(out.lines())
        .anySatisfy(line -> assertThat(line).matches("conv1.weight +2x3 +float32 +" + ONE_TO_SIX))
        .anySatisfy(line -> assertThat(line).matches("conv1.bias +2 +float32 +[0-9a-f]{64}"))
        .contains("3 tensors, 9 numbers, 36 bytes", "format: pt");
    assertThat(out).doesNotContain("\u001b").contains("evil?[2J");
  }

  @Test
  void inspectAnswersPrograms() throws IOException {
    JsonNode json = json("w.safetensors");

    assertThat(json.at("/metadata/format").asText()).isEqualTo("pt");
    assertThat(json.get("numbers").asLong()).isEqualTo(9);
    JsonNode first = json.at("/tensors/0");
    assertThat(first.get("name").asText()).isEqualTo("conv1.weight");
    assertThat(first.get("shape").toString()).isEqualTo("[2,3]");
    assertThat(first.get("type").asText()).isEqualTo("float32");
    assertThat(first.get("sha256").asText()).isEqualTo(ONE_TO_SIX);
    assertThat(json("w.npz").get("tensors")).isEqualTo(json.get("tensors"));
  }

  @Test
  void inspectRefusesBrokenFilesInOneLine() throws IOException {
    Path file = folder.resolve("w.npz");
    byte[] bytes = Files.readAllBytes(file);
    bytes[200] ^= 1;
    Files.write(file, bytes);
    Outcome outcome = Outcome.of("weights", "inspect", file, "--json");
    outcome.refuses(file + ": ", "is damaged");
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).hasSize(1);

    Path none = folder.resolve("none.h5");
    Outcome.of("weights", "inspect", none).refuses(none + ": there is no such file");
    Path text = Files.writeString(folder.resolve("weights.txt"), "these are none");
    Outcome.of("weights", "inspect", text).refuses("the format of this weight file is not known");
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper()
        .readTree(
            Outcome.of("weights", "inspect", folder.resolve(name), "--json").succeeds().out());
  }
}
