package dev.depthwise.cli;

import dev.depthwise.training.LearningRates;
import dev.depthwise.training.RateSweep;
import dev.depthwise.training.TrainingRun;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Tries learning rates for a run, says which to take and draws why. */
final class RateSearch {
  private static final LearningRates RATES = LearningRates.standard();

  private final Screen screen;
  private final boolean json;
  private final String title;

  /**
   * A search that speaks to a screen.
   *
   * @param json whether the result is for a program
   * @param title what is trained on what
   */
  RateSearch(Screen screen, boolean json, String title) {
    this.screen = screen;
    this.json = json;
    this.title = title;
  }

  /**
   * Searches.
   *
   * @param out where the run would go; the page is written beside it
   */
  void search(TrainingRun run, Path out) {
    RateSweep sweep;
    try (Progress progress = new Progress(screen, "trying learning rates", RATES.steps(), "")) {
      sweep =
          RateSweep.of(
              run,
              RATES,
              (done, total, point) ->
                  progress.at(
                      done,
                      "rate %s  loss %.3f".formatted(text(point.learningRate()), point.loss())));
    }
    Path page = out.resolveSibling(out.getFileName() + "-learning-rate.html");
    write(sweep, page);
    if (json) {
      screen.line(Json.line(object(sweep, page)));
    } else {
      print(sweep, page);
    }
  }

  private void print(RateSweep sweep, Path page) {
    Table table = new Table(">learning rate", ">loss");
    List<RateSweep.Point> points = sweep.points();
    List<Double> smoothed = sweep.smoothed();
    int every = RATES.steps() / 20;
    for (int step = 0; step < points.size(); step++) {
      if (step % every == 0 || step == points.size() - 1) {
        table.row(text(points.get(step).learningRate()), "%.4f".formatted(smoothed.get(step)));
      }
    }
    table.lines(screen).forEach(screen::line);
    screen.line("");
    screen.line(end(sweep));
    OptionalDouble steepest = sweep.steepest();
    if (steepest.isPresent()) {
      screen.line(
          "Suggested: %s, where it falls most steeply."
              .formatted(screen.toned(Screen.Tone.STRONG, "--lr " + text(steepest.getAsDouble()))));
    }
    OptionalDouble tenth = sweep.tenthOfLowest();
    if (tenth.isPresent()) {
      screen.line(
          "A tenth of the rate with the lowest loss would be --lr %s."
              .formatted(text(tenth.getAsDouble())));
    }
    screen.line("The curve is in %s.".formatted(page));
  }

  private static String end(RateSweep sweep) {
    String last = text(sweep.points().get(sweep.points().size() - 1).learningRate());
    if (sweep.exploded()) {
      return "The loss exploded at a rate of about %s.".formatted(last);
    }
    return sweep.steepest().isPresent()
        ? "The loss did not explode up to a rate of %s.".formatted(last)
        : "The loss fell at no rate up to %s: nothing can be suggested.".formatted(last);
  }

  private Object object(RateSweep sweep, Path page) {
    OptionalDouble steepest = sweep.steepest();
    OptionalDouble tenth = sweep.tenthOfLowest();
    List<Object> points = new ArrayList<>();
    List<Double> smoothed = sweep.smoothed();
    for (int step = 0; step < smoothed.size(); step++) {
      RateSweep.Point point = sweep.points().get(step);
      points.add(
          Json.object(
              "learningRate", point.learningRate(),
              "loss", point.loss(),
              "smoothed", smoothed.get(step)));
    }
    return Json.object(
        "event",
        "learningRates",
        "steepest",
        steepest.isPresent() ? steepest.getAsDouble() : null,
        "tenthOfLowest",
        tenth.isPresent() ? tenth.getAsDouble() : null,
        "exploded",
        sweep.exploded(),
        "page",
        page.toString(),
        "points",
        points);
  }

  private void write(RateSweep sweep, Path target) {
    List<RateSweep.Point> points = sweep.points();
    List<Double> smoothed = sweep.smoothed();
    List<Double> measured = points.stream().map(RateSweep.Point::loss).toList();
    double lowest = RATES.lowest();
    double highest = points.get(points.size() - 1).learningRate();
    List<Chart.Mark> marks = new ArrayList<>();
    for (double decade = 10 * lowest; decade < highest; decade *= 10) {
      marks.add(new Chart.Mark("grid", place(decade, highest)));
    }
    sweep.steepest().ifPresent(rate -> marks.add(new Chart.Mark("mark", place(rate, highest))));
    double start = smoothed.get(0);
    double top = smoothed.stream().mapToDouble(Double::doubleValue).max().orElse(start);
    double grid = Math.pow(10, Math.floor(Math.log10(Math.min(top, 2 * start))));
    double most = grid * Math.ceil(Math.min(top, 2 * start) / grid);
    StringBuilder page = new StringBuilder();
    page.append(
        "<p>The learning rate rises from step to step, and the loss shows with which rates ");
    page.append(
        "the network learns: not at all on the left, best where the curve falls, and where ");
    page.append("it rises the steps are too large (Smith 2017, <cite>Cyclical Learning Rates for ");
    page.append("Training Neural Networks</cite>, section 3.3).</p>\n");
    page.append("<p>").append(Page.escaped(end(sweep))).append("</p>\n");
    sweep
        .steepest()
        .ifPresent(
            rate ->
                page.append("<p><span class=\"big\">--lr %s</span><br>\n".formatted(text(rate)))
                    .append("where the loss falls most steeply (the dashed line)</p>\n"));
    sweep
        .tenthOfLowest()
        .ifPresent(
            rate ->
                page.append("<p>A tenth of the rate with the lowest loss would be <code>--lr ")
                    .append(text(rate))
                    .append("</code>.</p>\n"));
    page.append("<figure>\n<p class=\"key\"><b class=\"residual\">━ loss</b>, smoothed; ");
    page.append("faint: of each step</p>\n<div class=\"plot\">");
    page.append(
        "<div class=\"scale up\"><span>%s</span><span>loss</span><span>0</span></div>"
            .formatted(text(most)));
    page.append(
        Chart.svg(
            List.of(
                new Chart.Curve("residual measured", measured),
                new Chart.Curve("residual", smoothed)),
            marks,
            most,
            grid,
            "Loss by learning rate, from %s to %s".formatted(text(lowest), text(highest))));
    page.append(
        "<span></span><div class=\"scale\"><span>%s</span><span>learning rate</span><span>%s</span></div>"
            .formatted(text(lowest), text(highest)));
    page.append("</div>\n<figcaption class=\"faint\">Loss in nats; each vertical line is ten ");
    page.append("times the rate of the one before.</figcaption>\n</figure>\n");
    Page.write(
        target,
        "Depthwise: learning rates",
        List.of(title, "%,d steps of %,d".formatted(points.size(), RATES.steps())),
        page);
  }

  /** Where a rate stands on the way from the lowest to the highest that was tried. */
  private static double place(double rate, double highest) {
    return Math.log(rate / RATES.lowest()) / Math.log(highest / RATES.lowest());
  }

  private static String text(double rate) {
    BigDecimal rounded = new BigDecimal(rate).round(new MathContext(2)).stripTrailingZeros();
    return rate < 1e-3 ? "%.1e".formatted(rate) : rounded.toPlainString();
  }
}
