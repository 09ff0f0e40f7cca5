package dev.depthwise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the Java that the documentation shows against the regions of the examples, which are
 * compiled and run. Above a block stands which region it is: {@code <!-- example: classify -->}.
 */
class DocumentationTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/depthwise/examples");

  private static final Pattern REGION =
      Pattern.compile(
          "^ *// @start region=\"([a-z-]+)\"\\n(.*?)^ *// @end$",
          Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern BLOCK =
      Pattern.compile(
          "(?:^<!-- example: ([a-z-]+) -->\\n)?^```java\\n(.*?)^```$",
          Pattern.MULTILINE | Pattern.DOTALL);

  @Test
  void everyBlockIsARegionOfAnExample() {
    Map<String, String> regions = regions();
    List<String> faults = new ArrayList<>();
    for (Path page : pages()) {
      Matcher block = BLOCK.matcher(read(page));
      while (block.find()) {
        String name = block.group(1);
        if (name == null) {
          faults.add(
              "%s: no line <!-- example: NAME --> above this block:%n%s"
                  .formatted(page, block.group(2)));
        } else if (!regions.containsKey(name)) {
          faults.add("%s: no example has the region %s".formatted(page, name));
        } else if (!block.group(2).equals(regions.get(name))) {
          faults.add("%s: %s is now this; paste it:%n%s".formatted(page, name, regions.get(name)));
        }
      }
    }

    assertThat(faults).withFailMessage(() -> String.join("\n", faults)).isEmpty();
  }

  @Test
  void everyRegionIsShown() {
    String all = pages().stream().map(DocumentationTest::read).collect(Collectors.joining());

    assertThat(regions().keySet())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(all).contains("<!-- example: %s -->".formatted(name)));
  }

  /** The regions by name, as far to the left as they go. */
  private static Map<String, String> regions() {
    Map<String, String> regions = new TreeMap<>();
    for (Path source : list(SOURCES, ".java")) {
      Matcher region = REGION.matcher(read(source));
      while (region.find()) {
        String before =
            regions.put(region.group(1), region.group(2).stripTrailing().stripIndent() + "\n");
        assertThat(before).as("another region named %s", region.group(1)).isNull();
      }
    }
    return regions;
  }

  private static List<Path> pages() {
    List<Path> pages = new ArrayList<>(list(Path.of("../docs"), ".md"));
    pages.add(Path.of("../README.md"));
    return pages;
  }

  private static List<Path> list(Path folder, String ending) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
