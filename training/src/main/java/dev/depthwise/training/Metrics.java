package dev.depthwise.training;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.depthwise.weights.Publish;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run's epochs as files for other programs. They are written anew from the history after each
 * epoch, so that a resumed run tells no epoch twice.
 */
final class Metrics {
  static final String LINES_FILE = "metrics.jsonl";
  static final String TABLE_FILE = "metrics.csv";

  private static final JsonMapper MAPPER = new JsonMapper();

  private Metrics() {}

  static void write(Path directory, List<EpochReport> history) {
    Publish.file(
        directory.resolve(LINES_FILE),
        file -> {
          StringBuilder lines = new StringBuilder();
          for (EpochReport report : history) {
            lines.append(MAPPER.writeValueAsString(row(report))).append('\n');
          }
          Files.writeString(file, lines);
        });
    Publish.file(
        directory.resolve(TABLE_FILE),
        file -> {
          StringBuilder table = new StringBuilder();
          for (EpochReport report : history) {
            Map<String, @Nullable Number> row = row(report);
            if (table.isEmpty()) {
              table.append(String.join(",", row.keySet())).append('\n');
            }
            table
                .append(
                    row.values().stream()
                        .map(value -> value == null ? "" : value.toString())
                        .collect(Collectors.joining(",")))
                .append('\n');
          }
          Files.writeString(file, table);
        });
  }

  private static Map<String, @Nullable Number> row(EpochReport report) {
    Map<String, @Nullable Number> row = new LinkedHashMap<>();
    row.put("epoch", report.epoch());
    row.put("learning_rate", report.learningRate());
    row.put("training_loss", report.trainingLoss());
    row.put("training_accuracy", report.trainingAccuracy());
    row.put("validation_loss", report.validationLoss());
    row.put("validation_accuracy", report.validationAccuracy());
    Scores validation = report.validation();
    row.put("validation_top5", validation == null ? null : validation.top5());
    row.put("validation_precision", validation == null ? null : validation.precision());
    row.put("validation_recall", validation == null ? null : validation.recall());
    row.put("validation_f1", validation == null ? null : validation.f1());
    row.put("seconds", report.seconds());
    row.put("images_per_second", report.imagesPerSecond());
    row.put("waiting", report.waiting());
    return row;
  }
}
