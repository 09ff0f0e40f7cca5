package dev.depthwise.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.network.InputException;
import dev.depthwise.weights.Publish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How far an evaluation is: what it takes to go on with one that was broken off.
 *
 * @param of all that the result depends on, by name
 * @param scores of the pictures that are done, in their order
 */
record EvaluationState(Map<String, String> of, List<Scored> scores) {
  private static final String FORMAT = "depthwise-evaluation";
  private static final int VERSION = 1;
  private static final long LARGEST = 256 << 20;

  EvaluationState {
    of = Collections.unmodifiableMap(new LinkedHashMap<>(of));
    scores = List.copyOf(scores);
  }

  /** Writes it in place of an older one. */
  void write(Path file) {
    String json =
        Json.line(
            Json.object(
                "format",
                FORMAT,
                "version",
                VERSION,
                "of",
                of,
                "scores",
                scores.stream().map(Scored::toJson).toList()));
    Publish.file(file, path -> Files.writeString(path, json));
  }

  /**
   * Reads what was written.
   *
   * @throws InputException if the file holds something else
   */
  static EvaluationState read(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new InputException(file + ": is too large for the state of an evaluation");
      }
      JsonNode json = new ObjectMapper().readTree(file.toFile());
      if (!json.path("format").asText().equals(FORMAT) || json.path("version").asInt() != VERSION) {
        throw broken(file, "expected %s version %d".formatted(FORMAT, VERSION));
      }
      Map<String, String> of = new LinkedHashMap<>();
      json.path("of").properties().forEach(e -> of.put(e.getKey(), e.getValue().asText()));
      List<Scored> scores = new ArrayList<>();
      json.path("scores").forEach(score -> scores.add(Scored.of(score)));
      return new EvaluationState(of, scores);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw broken(file, "it is damaged");
    } catch (IOException e) {
      throw new InputException("%s: %s".formatted(file, Failures.message(e)), e);
    }
  }

  private static InputException broken(Path file, String reason) {
    return new InputException(
        "%s: is not the state of an evaluation: %s; --overwrite begins anew"
            .formatted(file, reason));
  }

  /**
   * Checks that it is the state of this evaluation.
   *
   * @throws InputException if something else was evaluated, or otherwise
   */
  void require(Map<String, String> wanted, Path file) {
    wanted.forEach(
        (name, value) -> {
          String was = of.get(name);
          if (!Objects.equals(was, value)) {
            throw new InputException(
                "%s: the evaluation that was broken off had %s %s, this one has %s; give the same to go on, or --overwrite"
                    .formatted(file, name, was, value));
          }
        });
  }
}
