package dev.depthwise.cli;

import dev.depthwise.catalogue.PublishedWeights;
import dev.depthwise.network.Network;
import dev.depthwise.weights.Publish;
import dev.depthwise.zoo.ImageNet;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation on ImageNet found, for people and programs.
 *
 * @param evaluation that was made
 * @param scores of all its pictures
 * @param published what the weights' publisher says of them, if it can be compared
 * @param picturesPerSecond of this run; empty if an earlier one had done everything
 */
record ImageNetReport(
    ImageNetEvaluation evaluation,
    List<Scored> scores,
    Optional<PublishedWeights> published,
    OptionalDouble picturesPerSecond) {
  private static final int FIVE = 5;
  private static final int MOST_LISTED = 20;

  ImageNetReport {
    scores = List.copyOf(scores);
  }

  private List<Scored> readable() {
    return scores.stream().filter(Scored::isReadable).toList();
  }

  private int within(int ranks) {
    return (int) readable().stream().filter(score -> score.rank() < ranks).count();
  }

  private OptionalDouble share(int ranks) {
    int readable = readable().size();
    return readable == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) within(ranks) / readable);
  }

  private OptionalDouble loss() {
    // In the order of the pictures: a resumed run adds up the same.
    return readable().stream().mapToDouble(Scored::loss).average();
  }

  private OptionalDouble published(int ranks) {
    Optional<PublishedWeights.Accuracy> accuracy = published.flatMap(PublishedWeights::accuracy);
    if (ranks == 1) {
      return accuracy.map(known -> OptionalDouble.of(known.top1())).orElse(OptionalDouble.empty());
    }
    return accuracy.map(PublishedWeights.Accuracy::top5).orElse(OptionalDouble.empty());
  }

  /** Says it to a person. */
  void print(Screen screen) {
    unreadable(screen);
    Table table = new Table("", ">measured", ">published", ">difference");
    for (int ranks : List.of(1, FIVE)) {
      double measured = 100 * share(ranks).orElse(Double.NaN);
      OptionalDouble known = published(ranks);
      table.row(
          "top-" + ranks,
          "%.2f %%".formatted(measured),
          known.isPresent() ? "%s %%".formatted(known.getAsDouble()) : "-",
          known.isPresent() ? "%+.2f".formatted(measured - known.getAsDouble()) : "");
    }
    table.lines(screen).forEach(screen::line);
    screen.line("loss  %.4f".formatted(loss().orElse(Double.NaN)));
    screen.line(
        "on %,d pictures of %,d classes in %s; %,d more could not be read"
            .formatted(
                readable().size(),
                evaluation.pictures().classes(),
                evaluation.pictures().name(),
                scores.size() - readable().size()));
    picturesPerSecond.ifPresent(rate -> screen.line("%.1f pictures a second".formatted(rate)));
    screen.note(
        published.flatMap(PublishedWeights::accuracy).isPresent()
            ? "published: as the publisher of %s says, for all 50,000 pictures"
                .formatted(published.get().file().name())
            : "no accuracy is published to compare with: of these weights, with pictures prepared so");
  }

  private void unreadable(Screen screen) {
    List<String> faults = scores.stream().map(Scored::fault).filter(f -> f != null).toList();
    faults.stream().limit(MOST_LISTED).forEach(fault -> screen.note("not read: " + fault));
    if (faults.size() > MOST_LISTED) {
      screen.note(
          "not read: %,d more; --json and --predictions list all"
              .formatted(faults.size() - MOST_LISTED));
    }
  }

  /** Says it to a program. */
  Object object(String data) {
    List<Object> unreadable = new ArrayList<>();
    for (int index = 0; index < scores.size(); index++) {
      if (!scores.get(index).isReadable()) {
        unreadable.add(
            Json.object(
                "file", evaluation.pictures().title(index), "reason", scores.get(index).fault()));
      }
    }
    OptionalDouble top1 = published(1);
    OptionalDouble top5 = published(FIVE);
    return Json.object(
        "model", evaluation.model(),
        "data", data,
        "pictures", readable().size(),
        "classes", evaluation.pictures().classes(),
        "correct", within(1),
        "top1", orNull(share(1)),
        "top5", orNull(share(FIVE)),
        "loss", orNull(loss()),
        "published",
            published
                .map(
                    set ->
                        Json.object(
                            "weights", set.release().toString(),
                            "file", set.file().name(),
                            "top1Percent", orNull(top1),
                            "top5Percent", orNull(top5)))
                .orElse(null),
        "unreadable", unreadable,
        "picturesPerSecond", orNull(picturesPerSecond));
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  /** Writes a line of CSV for each picture. */
  void predictions(Path file) {
    Publish.file(file, this::csv);
  }

  private void csv(Path path) throws IOException {
    Network network = evaluation.network();
    ImageNetPictures pictures = evaluation.pictures();
    try (BufferedWriter writer = Files.newBufferedWriter(path)) {
      writer.append("file,synset,label,rank,predicted,probability,first5,loss,fault\n");
      for (int index = 0; index < scores.size(); index++) {
        int label = pictures.label(index);
        writer.append(
            "%s,%s,%s,"
                .formatted(
                    Csv.quoted(pictures.title(index)),
                    ImageNet.synsets().get(label),
                    Csv.quoted(ImageNet.labels().get(label))));
        writer.append(answer(network, scores.get(index))).append('\n');
      }
    }
  }

  private static String answer(Network network, Scored score) {
    String fault = score.fault();
    if (fault != null) {
      return ",,,,," + Csv.quoted(fault);
    }
    return String.format(
        Locale.ROOT,
        "%d,%s,%.6f,%s,%.6f,",
        score.rank() + 1,
        Csv.quoted(network.label(score.first().get(0))),
        score.probability(),
        score.first().stream().map(String::valueOf).collect(Collectors.joining(" ")),
        score.loss());
  }
}
