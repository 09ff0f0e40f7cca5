package dev.depthwise.cli;

import dev.depthwise.training.Evaluation;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
import dev.depthwise.weights.Publish;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What the quick start found, as one page that needs nothing else. */
final class Report {
  /** How a person gets a network of the same kind. */
  static final String TRAIN =
      "depthwise train --model resnet20 --data fashion-mnist --epochs 3 --out runs/first";

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --faint: #667; --line: #8884; --card: #8881; \
      --bar: #2a9d6f; --residual: #1f77b4; --plain: #e07b00; }
      @media (prefers-color-scheme: dark) { :root { --faint: #99a; --bar: #3fbf8a; } }
      * { box-sizing: border-box; }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; \
      padding: 0 1rem; }
      h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.4rem; }
      p { max-width: 44rem; } .faint { color: var(--faint); }
      .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); \
      gap: .8rem; }
      .card { display: flex; gap: .8rem; padding: .7rem; border: 1px solid var(--line); \
      border-radius: .5rem; background: var(--card); }
      .card img { width: 84px; height: 84px; object-fit: contain; image-rendering: pixelated; \
      border-radius: .25rem; flex: none; }
      .card div { flex: 1; min-width: 0; font-size: .85rem; }
      .guess { display: grid; grid-template-columns: 1fr auto; } .guess i { grid-column: 1 / 3; }
      i.bar { display: block; height: .35rem; border-radius: .2rem; background: var(--line); \
      overflow: hidden; } i.bar b { display: block; height: 100%; background: var(--bar); }
      .big { font-size: 2.6rem; font-weight: 650; line-height: 1.1; }
      table { border-collapse: collapse; width: 100%; max-width: 44rem; } \
      td, th { text-align: left; padding: .25rem .8rem .25rem 0; \
      border-bottom: 1px solid var(--line); font-weight: normal; }
      th { color: var(--faint); font-size: .85rem; } td.number, th.number { text-align: right; \
      font-variant-numeric: tabular-nums; } td.wide { width: 40%; }
      figure { margin: 1rem 0; } .plot { display: grid; grid-template-columns: auto 1fr; \
      gap: .2rem .6rem; max-width: 44rem; font-size: .85rem; color: var(--faint); }
      .plot svg { width: 100%; height: auto; display: block; border-left: 1px solid var(--line); \
      border-bottom: 1px solid var(--line); }
      .scale { display: flex; justify-content: space-between; } .scale.up { \
      flex-direction: column; text-align: right; }
      .plot svg { overflow: visible; } .grid { stroke: var(--line); } \
      .curve { fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linejoin: round; }
      .key b { font-weight: 600; } .residual { color: var(--residual); } \
      .plain { color: var(--plain); }
      pre { padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); \
      border-radius: .5rem; overflow-x: auto; font-size: .85rem; }
      """;

  private Report() {}

  /** A picture and what it was taken for. */
  record Classified(Path file, Picture picture, List<Classifier.Guess> guesses) {
    Classified {
      guesses = List.copyOf(guesses);
    }
  }

  /** Writes the page, in place of an older one. */
  static void write(
      Path target,
      List<String> facts,
      List<Classified> classified,
      Evaluation evaluation,
      List<String> labels,
      @Nullable Twins twins) {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.append("<title>Depthwise: quick start</title>\n<style>\n").append(STYLE);
    page.append("</style>\n</head>\n<body>\n<h1>Depthwise: quick start</h1>\n<p class=\"faint\">");
    facts.forEach(fact -> page.append(escaped(fact)).append("<br>\n"));
    page.append("Depthwise ").append(escaped(Main.Version.text())).append("</p>\n");
    classified(page, classified);
    evaluation(page, evaluation, labels);
    if (twins != null) {
      twins(page, twins);
    }
    commands(page);
    page.append("</body>\n</html>\n");
    Publish.file(target, path -> Files.writeString(path, page, StandardCharsets.UTF_8));
  }

  private static void classified(StringBuilder page, List<Classified> classified) {
    page.append("<h2>What do these pictures show?</h2>\n<div class=\"cards\">\n");
    for (Classified one : classified) {
      String name = String.valueOf(one.file().getFileName());
      page.append(
          "<div class=\"card\"><img alt=\"%s\" src=\"data:image/png;base64,"
              .formatted(escaped(name)));
      page.append(Base64.getEncoder().encodeToString(PictureWriter.png(one.picture())));
      page.append("\"><div><span class=\"faint\">").append(escaped(name)).append("</span>\n");
      for (Classifier.Guess guess : one.guesses()) {
        page.append(
            "<div class=\"guess\"><span>%s</span><span>%.1f %%</span>%s</div>\n"
                .formatted(
                    escaped(guess.label()), 100 * guess.probability(), bar(guess.probability())));
      }
      page.append("</div></div>\n");
    }
    page.append("</div>\n");
  }

  private static void evaluation(StringBuilder page, Evaluation evaluation, List<String> labels) {
    page.append("<h2>How often is it right?</h2>\n");
    page.append("<p><span class=\"big\">%.1f %%</span><br>\n".formatted(100 * evaluation.top1()));
    page.append("of the %,d pictures of the test sample".formatted(evaluation.size()));
    OptionalDouble top5 = evaluation.top5();
    if (top5.isPresent()) {
      page.append("; among its first five guesses %.1f %%".formatted(100 * top5.getAsDouble()));
    }
    page.append(". A sample is not the test set: ");
    page.append("<code>depthwise evaluate --data fashion-mnist</code> looks at all of it.</p>\n");
    page.append("<table>\n<tr><th>class</th><th class=\"number\">right</th><th></th>");
    page.append("<th class=\"number\">pictures</th></tr>\n");
    for (int label = 0; label < labels.size(); label++) {
      OptionalDouble accuracy = evaluation.accuracy(label);
      if (accuracy.isPresent()) {
        page.append(
            ("<tr><td>%s</td><td class=\"number\">%.1f %%</td><td class=\"wide\">%s</td>"
                    + "<td class=\"number\">%,d</td></tr>\n")
                .formatted(
                    escaped(labels.get(label)),
                    100 * accuracy.getAsDouble(),
                    bar(accuracy.getAsDouble()),
                    evaluation.count(label)));
      }
    }
    page.append("</table>\n");
  }

  private static void twins(StringBuilder page, Twins twins) {
    List<Double> residual = twins.residual().losses();
    List<Double> plain = twins.plain().losses();
    double most = Math.ceil(2 * Math.min(3, Math.max(highest(residual), highest(plain)))) / 2;
    List<Chart.Curve> curves =
        List.of(new Chart.Curve("residual", residual), new Chart.Curve("plain", plain));
    String description =
        "Training loss by step: %s ends at %.2f, %s at %.2f"
            .formatted(twins.residual().name(), last(residual), twins.plain().name(), last(plain));
    page.append("<h2>Why residual?</h2>\n<p>Two networks of the same layers, the same first ");
    page.append("weights and the same pictures in the same order. One has shortcuts: each block ");
    page.append("only learns what to <em>add</em> to what it was given. The other must pass ");
    page.append("everything through every layer, and learns more slowly the deeper it is ");
    page.append("(He et al. 2015, <cite>Deep Residual Learning for Image Recognition</cite>, ");
    page.append("section 4.2).</p>\n<figure>\n<p class=\"key\">");
    page.append(key("residual", twins.residual(), residual)).append("<br>\n");
    page.append(key("plain", twins.plain(), plain)).append("</p>\n<div class=\"plot\">");
    page.append(
        "<div class=\"scale up\"><span>%.1f</span><span>loss</span><span>0</span></div>"
            .formatted(most));
    page.append(Chart.svg(curves, most, 0.5, description));
    page.append(
        "<span></span><div class=\"scale\"><span>step 1</span><span>step %,d</span></div>"
            .formatted(residual.size()));
    page.append("</div>\n<figcaption class=\"faint\">Training loss in nats, mean of the last ten ");
    page.append("steps.</figcaption>\n</figure>\n");
  }

  private static String key(String kind, Twins.Twin twin, List<Double> losses) {
    return "<b class=\"%s\">━ %s</b> ends at a loss of %.3f, %.1f %% right in its last epoch"
        .formatted(kind, escaped(twin.name()), last(losses), 100 * twin.accuracy());
  }

  private static double highest(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
  }

  private static double last(List<Double> values) {
    return values.get(values.size() - 1);
  }

  private static void commands(StringBuilder page) {
    List<String> lines = new ArrayList<>();
    lines.add("# your own pictures");
    lines.add("depthwise classify PICTURE...");
    lines.add("# the whole of Fashion-MNIST (Debian: apt-get install dataset-fashion-mnist)");
    lines.add("depthwise evaluate --data fashion-mnist");
    lines.add(TRAIN);
    lines.add("depthwise evaluate runs/first --data fashion-mnist");
    lines.add("# your own classes: a folder with one sub-folder of pictures for each");
    lines.add(
        "depthwise train --model resnet20 --data folder:FOLDER --input 3x64x64 --out runs/mine");
    lines.add("# look inside");
    lines.add("depthwise summary resnet50");
    lines.add("depthwise models");
    page.append("<h2>And now?</h2>\n<pre>");
    lines.forEach(line -> page.append(escaped(line)).append('\n'));
    page.append("</pre>\n");
  }

  private static String bar(double fraction) {
    return "<i class=\"bar\"><b style=\"width:%.1f%%\"></b></i>".formatted(100 * fraction);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
