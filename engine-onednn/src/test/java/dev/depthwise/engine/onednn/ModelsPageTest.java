package dev.depthwise.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Model;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import dev.depthwise.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The page that lists every model is of today's zoo. */
class ModelsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "models.md");
  private static final String WRITE =
      "mvn -pl engine-onednn -am test -Dtest=ModelsPageTest -Dpage.write=true"
          + " -Dsurefire.failIfNoSpecifiedTests=false";
  private static final String NO_GOLDEN = "";

  @Test
  void thePageListsTheZoo() throws IOException {
    if (Boolean.getBoolean("page.write")) {
      Files.writeString(PAGE, page(measured()));
    }

    String page = Files.readString(PAGE).replace("\r", "");

    assertThat(page)
        .as("docs/models.md; if the zoo is right: %s", WRITE)
        .isEqualTo(page(said(page)));
  }

  /** Every golden has its error on the page. */
  @Test
  void everyGoldenIsMeasured() throws IOException {
    Map<String, String> said = said(Files.readString(PAGE));

    assertThat(Golden.all())
        .allSatisfy(
            golden ->
                assertThat(said.get(golden.name()))
                    .as("%s; %s", golden, WRITE)
                    .isNotNull()
                    .matches("\\d\\.\\de-\\d\\d"));
  }

  private static String page(Map<String, String> errors) {
    List<String> lines = new ArrayList<>();
    lines.add("# Models");
    lines.add("");
    lines.add("Made by");
    lines.add("");
    lines.add("    " + WRITE);
    lines.add("");
    lines.add(
        "Depth counts convolutions and dense layers on the longest way. Parameters are those that"
            + " training moves; statistics are batch");
    lines.add(
        "norm's running means and variances (Keras counts both, PyTorch the first). Multiply-adds are"
            + " for one picture of the given size.");
    lines.add(
        "The relative error is that of float32 on the oneDNN engine against the port in double"
            + " precision: of the first sixteen logits or of the");
    lines.add(
        "length of all, whichever is larger, over two pictures and all outputs; where none is given"
            + " there is nothing to hold the logits against.");
    lines.add(
        "[libraries.md](libraries.md) has what came of holding all that torchvision and Keras have"
            + " against these libraries themselves, with random weights.");
    lines.add("");
    lines.add(
        "| model | style | depth | parameters | statistics | multiply-adds, M | input | relative"
            + " error | paper |");
    lines.add("|---|---|---:|---:|---:|---:|---|---|---|");
    Set<String> papers = new LinkedHashSet<>();
    for (Architecture architecture : Zoo.architectures()) {
      papers.add(architecture.paper());
      for (Style style : architecture.styles()) {
        Cost cost = Cost.of(architecture.graph(Options.defaults().withStyle(style)));
        lines.add(
            String.format(
                Locale.ROOT,
                "| %s | %s | %d | %,d | %,d | %,.1f | %s | %s | %s |",
                architecture.id(),
                style,
                cost.depth(),
                cost.learned(),
                cost.statistics(),
                cost.multiplyAdds() / 1e6,
                architecture.input(),
                errors.getOrDefault(architecture.id() + "." + style, NO_GOLDEN),
                architecture.paper().split(",", 2)[0]));
      }
    }
    lines.add("");
    papers.forEach(paper -> lines.add("- " + paper));
    return String.join("\n", lines) + "\n";
  }

  private static Map<String, String> measured() {
    Map<String, String> errors = new TreeMap<>();
    for (Golden golden : Golden.all()) {
      Options options = GoldenLogitsTest.options(golden);
      boolean heads = golden.numbers().has("auxiliary");
      Model model = GoldenLogitsTest.model(golden, heads ? options.withAuxiliary() : options);
      List<float[]> outputs = GoldenLogitsTest.run(golden, model, golden.numbers().get("input"));
      double worst = 0;
      for (int output = 0; output < outputs.size(); output++) {
        JsonNode expected =
            output == 0
                ? golden.numbers().get("output")
                : golden.numbers().get("auxiliary").get(output - 1);
        float[] found = outputs.get(output);
        int size = found.length / expected.size();
        for (int picture = 0; picture < expected.size(); picture++) {
          worst =
              Math.max(
                  worst,
                  GoldenLogitsTest.error(found, picture * size, size, expected.get(picture)));
        }
      }
      errors.put(golden.name(), String.format(Locale.ROOT, "%.1e", worst));
    }
    return errors;
  }

  /** The errors that stand on a page. */
  private static Map<String, String> said(String page) {
    Map<String, String> errors = new TreeMap<>();
    page.lines()
        .filter(line -> line.startsWith("| "))
        .map(line -> line.split("\\|", -1))
        .filter(cells -> cells.length > 8)
        .forEach(cells -> errors.put(cells[1].strip() + "." + cells[2].strip(), cells[8].strip()));
    errors.values().removeIf(String::isEmpty);
    return errors;
  }
}
