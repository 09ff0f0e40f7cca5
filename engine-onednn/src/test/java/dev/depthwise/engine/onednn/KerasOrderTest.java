package dev.depthwise.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Graph;
import dev.depthwise.weights.KerasOrder;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import dev.depthwise.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers of the zoo stand in the order in which Keras itself lists them. */
class KerasOrderTest {
  private static final Path LISTS = Path.of("src", "test", "resources", "keras-order");
  private static final Pattern NUMBERED = Pattern.compile("(conv2d|batch_normalization)_(\\d+)");

  static Stream<String> models() throws IOException {
    try (Stream<Path> files = Files.list(LISTS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".txt"))
          .map(name -> name.replace(".txt", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void layersComeAsKerasListsThem(String id) throws IOException {
    Architecture architecture = Zoo.find(id);
    Graph graph = architecture.graph(Options.defaults().withStyle(Style.KERAS));

    List<String> layers =
        KerasOrder.nodes(graph).stream()
            .filter(node -> !node.parameters().isEmpty())
            .map(node -> node.name().split("/", 2)[0])
            .distinct()
            .toList();

    List<String> keras = Files.readAllLines(LISTS.resolve(id + ".txt"));
    assertThat(layers).map(KerasOrderTest::numbered).containsExactlyElementsOf(keras);
  }

  /** Older versions of Keras count its unnamed layers from one, newer ones from none. */
  private static String numbered(String layer) {
    Matcher matcher = NUMBERED.matcher(layer);
    if (!matcher.matches()) {
      return layer;
    }
    int number = Integer.parseInt(matcher.group(2)) - 1;
    return matcher.group(1) + (number == 0 ? "" : "_" + number);
  }
}
