package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every architecture's summary, in each of its styles, is the one that was accepted. */
class GoldenTest {
  private static final Path GOLDENS = Path.of("src", "test", "resources", "goldens");
  private static final String ACCEPT =
      "if this is what you meant: mvn -pl zoo -am test -Dgoldens.accept=true";

  static Stream<ZooTest.Entry> entries() {
    return ZooTest.entries();
  }

  @ParameterizedTest
  @MethodSource("entries")
  void theSummaryIsTheAcceptedOne(ZooTest.Entry entry) throws IOException {
    Path file = GOLDENS.resolve(file(entry));
    String summary = summary(entry);
    if (Boolean.getBoolean("goldens.accept")) {
      Files.createDirectories(GOLDENS);
      Files.writeString(file, summary);
    }

    assertThat(file).as("the golden of %s; %s", entry, ACCEPT).exists();
    assertThat(Files.readString(file).replace("\r", ""))
        .as("the golden of %s; %s", entry, ACCEPT)
        .isEqualTo(summary);
  }

  @Test
  void noGoldenIsLeftOver() throws IOException {
    try (Stream<Path> files = Files.list(GOLDENS)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .isSubsetOf(entries().map(GoldenTest::file).toList());
    }
  }

  private static String file(ZooTest.Entry entry) {
    return "%s-%s.txt".formatted(entry.architecture().id(), entry.style());
  }

  /** One row for each part of the network: what its layers' names begin with. */
  private static String summary(ZooTest.Entry entry) {
    Graph graph = entry.graph(Options.defaults());
    Map<String, List<Cost.Layer>> parts =
        Cost.of(graph).layers().stream()
            .collect(
                Collectors.groupingBy(
                    layer -> layer.node().name().split("[._]", 2)[0],
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s %s, %d layers deep, shortcut %s"
            .formatted(
                entry.architecture().id(),
                entry.style(),
                Cost.of(graph).depth(),
                entry.architecture().shortcut().map(Shortcut::toString).orElse("none")));
    lines.add("");
    lines.add(
        row("part", "output", "parameters", "statistics", "multiply-adds", "activations", "field"));
    parts.forEach((part, layers) -> lines.add(row(part, layers)));
    lines.add(row("total", Cost.of(graph).layers()));
    lines.add("");
    lines.add("fingerprint of names, operations and wiring: " + fingerprint(graph));
    return String.join("\n", lines) + "\n";
  }

  private static String row(String part, List<Cost.Layer> layers) {
    Cost cost = new Cost(layers);
    Cost.Layer last = layers.get(layers.size() - 1);
    return row(
        part,
        last.node().output().shape().toString(),
        String.valueOf(cost.learned()),
        String.valueOf(cost.statistics()),
        String.valueOf(cost.multiplyAdds()),
        String.valueOf(cost.activations()),
        Shape.of(last.receptiveField().height(), last.receptiveField().width()).toString());
  }

  private static String row(
      String part,
      String output,
      String parameters,
      String statistics,
      String multiplyAdds,
      String activations,
      String field) {
    return String.format(
        Locale.ROOT,
        "%-11s %12s %12s %12s %15s %12s %11s",
        part,
        output,
        parameters,
        statistics,
        multiplyAdds,
        activations,
        field);
  }

  private static String fingerprint(Graph graph) {
    CRC32 crc = new CRC32();
    for (Node node : graph.nodes()) {
      String line =
          "%s %s %s %s %s\n"
              .formatted(
                  node.name(),
                  node.op(),
                  node.op().view().map(Window::padding),
                  node.inputs(),
                  node.output());
      crc.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return "%08x".formatted(crc.getValue());
  }
}
