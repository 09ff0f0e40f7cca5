package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import dev.depthwise.training.Metric;
import dev.depthwise.training.Selection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a run ends, and which epoch's network it leaves. */
final class SelectionOptions {
  private static final List<String> RESULTS = List.of("last", "best");

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      defaultValue = "top1",
      description =
          "What says which epoch is best, on the validation part: top1, top5, loss, precision,"
              + " recall or f1, the last three averaged over classes (default: ${DEFAULT-VALUE}).")
  String metric = "top1";

  @Option(
      names = "--result",
      paramLabel = "WHICH",
      description = "The epoch whose network comes out: last or best (default: last).")
  @Nullable String result;

  @Option(
      names = "--patience",
      paramLabel = "EPOCHS",
      description =
          "Stop after so many epochs without a better one, and leave the best (default: never).")
  @Nullable Integer patience;

  @Option(
      names = "--min-delta",
      paramLabel = "D",
      description = "By how much the metric must improve for --patience (default: 0).")
  @Nullable Double minDelta;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "STEPS",
      description =
          "Write a checkpoint after so many steps too, for long epochs (default: after each"
              + " epoch).")
  @Nullable Integer checkpointEvery;

  Selection selection() {
    Metric measured = Metric.parse(metric);
    Selection selection = isBest() ? Selection.best(measured) : Selection.last(measured);
    if (patience != null) {
      return selection.withPatience(patience, minDelta == null ? 0 : minDelta);
    }
    if (minDelta != null) {
      throw new InputException("--min-delta is of --patience; leave it out");
    }
    return selection;
  }

  private boolean isBest() {
    if (result == null) {
      return patience != null;
    }
    if (!RESULTS.contains(result.toLowerCase(Locale.ROOT))) {
      throw new InputException(
          "there is no --result '%s'; %s".formatted(result, Names.suggest(result, RESULTS)));
    }
    return result.equalsIgnoreCase("best");
  }

  /** Adds to a command what makes the same again. */
  void addTo(Recorded command) {
    command.add("--metric", metric.equalsIgnoreCase("top1") ? null : metric);
    command.add("--result", result);
    command.add("--patience", patience);
    command.add("--min-delta", minDelta);
  }
}
