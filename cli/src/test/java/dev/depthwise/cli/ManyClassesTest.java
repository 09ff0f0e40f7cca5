package dev.depthwise.cli;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import dev.depthwise.training.Initialization;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
import dev.depthwise.weights.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that tells as many classes apart as JFT has. */
class ManyClassesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLASSES = 17_000;

  @TempDir private Path folder;

  @Test
  void isNamedAndMeasured() throws IOException {
    Graph graph =
        Graph.of(
            Shape.of(3, 8, 8),
            ".",
            chain(conv("conv1", 8, k(3)), relu(), globalAveragePool("pool"), dense("fc", CLASSES)));
    Path model = folder.resolve("model");
    ModelDirectory.write(
        model,
        Network.of(
                Initialization.initialize(graph, 1),
                Preprocessing.stretched(3, 8, 8, List.of(0., 0., 0.), List.of(1., 1., 1.)))
            .withLabels(IntStream.range(0, CLASSES).mapToObj("entity %05d"::formatted).toList()),
        false);
    Path pictures = folder.resolve("pictures");
    Random random = new Random(2);
    for (String name : List.of("entity 16999", "entity 00003")) {
      Path ofClass = Files.createDirectories(pictures.resolve(name));
      for (int index = 0; index < 3; index++) {
        byte[] samples = new byte[8 * 8 * 3];
        random.nextBytes(samples);
        Files.write(
            ofClass.resolve(index + ".png"), PictureWriter.png(Picture.of(8, 8, 3, samples)));
      }
    }

    JsonNode named =
        JSON.readTree(Outcome.of("classify", model, pictures, "--json").succeeds().out());
    assertThat(named.get("pictures")).hasSize(6);
    for (JsonNode picture : named.get("pictures")) {
      assertThat(picture.get("guesses")).hasSize(5);
      assertThat(picture.at("/guesses/0/label").asText()).matches("entity \\d{5}");
      assertThat(picture.at("/guesses/0/probability").asDouble()).isBetween(0., 0.01);
    }
    JsonNode measured =
        JSON.readTree(
            Outcome.of("evaluate", model, "--data", "folder:" + pictures, "--json")
                .succeeds()
                .out());
    assertThat(measured.get("loss").asDouble()).isCloseTo(Math.log(CLASSES), within(0.5));
    assertThat(measured.get("classes")).hasSize(CLASSES);
    assertThat(measured.at("/classes/16999/pictures").asInt()).isEqualTo(3);
    assertThat(measured.at("/classes/16999").has("takenFor")).isFalse();
    assertThat(Outcome.of("evaluate", model, "--data", "folder:" + pictures).succeeds().out())
        .contains("entity 00003", "entity 16999");
  }
}
