package dev.depthwise.cli;

import dev.depthwise.inference.Guess;
import dev.depthwise.training.Evaluation;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
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

  private Report() {}

  /** A picture and what it was taken for. */
  record Classified(Path file, Picture picture, List<Guess> guesses) {
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
    classified(page, classified);
    evaluation(page, evaluation, labels);
    if (twins != null) {
      twins(page, twins);
    }
    commands(page);
    Page.write(target, "Depthwise: quick start", facts, page);
  }

  private static void classified(StringBuilder page, List<Classified> classified) {
    page.append("<h2>What do these pictures show?</h2>\n<div class=\"cards\">\n");
    for (Classified one : classified) {
      String name = String.valueOf(one.file().getFileName());
      page.append(
          "<div class=\"card\"><img alt=\"%s\" src=\"data:image/png;base64,"
              .formatted(Page.escaped(name)));
      page.append(Base64.getEncoder().encodeToString(PictureWriter.png(one.picture())));
      page.append("\"><div><span class=\"faint\">").append(Page.escaped(name)).append("</span>\n");
      for (Guess guess : one.guesses()) {
        page.append(
            "<div class=\"guess\"><span>%s</span><span>%.1f %%</span>%s</div>\n"
                .formatted(
                    Page.escaped(guess.label()),
                    100 * guess.probability(),
                    bar(guess.probability())));
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
                    Page.escaped(labels.get(label)),
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
    page.append(Chart.svg(curves, List.of(), most, 0.5, description));
    page.append(
        "<span></span><div class=\"scale\"><span>step 1</span><span>step %,d</span></div>"
            .formatted(residual.size()));
    page.append("</div>\n<figcaption class=\"faint\">Training loss in nats, mean of the last ten ");
    page.append("steps.</figcaption>\n</figure>\n");
  }

  private static String key(String kind, Twins.Twin twin, List<Double> losses) {
    return "<b class=\"%s\">━ %s</b> ends at a loss of %.3f, %.1f %% right in its last epoch"
        .formatted(kind, Page.escaped(twin.name()), last(losses), 100 * twin.accuracy());
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
    lines.forEach(line -> page.append(Page.escaped(line)).append('\n'));
    page.append("</pre>\n");
  }

  private static String bar(double fraction) {
    return "<i class=\"bar\"><b style=\"width:%.1f%%\"></b></i>".formatted(100 * fraction);
  }
}
