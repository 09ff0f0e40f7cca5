package dev.depthwise.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names of classes in a file: one a line, or Keras' class index. */
final class Labels {
  private static final long LARGEST = 16 << 20;

  private Labels() {}

  /**
   * The names, in the order of the classes.
   *
   * @throws InputException if the file holds none
   */
  static List<String> read(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new InputException(file + ": is too large for a list of names");
      }
      boolean index = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
      return index ? index(file) : lines(file);
    } catch (IOException e) {
      throw new InputException("%s: %s".formatted(file, Failures.message(e)), e);
    }
  }

  private static List<String> lines(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file).stream().map(String::strip).toList();
    // A file may end in empty lines; a class has a name.
    int count = lines.size();
    while (count > 0 && lines.get(count - 1).isEmpty()) {
      count--;
    }
    return lines.subList(0, count);
  }

  /** Such as {@code {"0": ["n01440764", "tench"], ...}}. */
  private static List<String> index(Path file) throws IOException {
    JsonNode classes;
    try {
      classes = new ObjectMapper().readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new InputException("%s: is no JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
    Set<String> names = new LinkedHashSet<>();
    for (int number = 0; number < classes.size(); number++) {
      JsonNode entry = classes.path(String.valueOf(number));
      if (!entry.path(0).isTextual() || !entry.path(1).isTextual()) {
        throw new InputException(
            "%s: says nothing of class %d; expected {\"0\": [\"n01440764\", \"tench\"], ...}"
                .formatted(file, number));
      }
      // A crane is a bird and a machine.
      String name = entry.get(1).asText();
      names.add(names.contains(name) ? name + " " + entry.get(0).asText() : name);
    }
    return new ArrayList<>(names);
  }
}
