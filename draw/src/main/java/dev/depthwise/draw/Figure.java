package dev.depthwise.draw;

import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;

import dev.depthwise.draw.Mark.Anchor;
import dev.depthwise.draw.Mark.Box;
import dev.depthwise.draw.Mark.Line;
import dev.depthwise.draw.Mark.Point;
import dev.depthwise.network.Block;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures that convolutions and blocks are explained with; every number is computed. */
public enum Figure {
  /** One filter reads all maps; so many filters, so much work. */
  FILTER(100, 64, 20, 3),
  /** Fewer maps at the same extent (Lin et al. 2013, "Network In Network", Section 3). */
  POINTWISE(100, 64, 20, 1),
  /** Each map by itself, then all maps at each place (Chollet 2017, Section 1.2). */
  SEPARABLE(100, 64, 20, 3),
  /**
   * Szegedy et al. 2015, "Going Deeper with Convolutions", Fig. 2a, with Table 1's widths of 3a.
   */
  INCEPTION_NAIVE(192, 28, 64, 1),
  /** The same, Fig. 2b: 1x1 convolutions first. */
  INCEPTION_REDUCED(192, 28, 64, 1),
  /** He et al. 2015, Fig. 2. */
  RESIDUAL_BLOCK(64, 56, 64, 3);

  private static final double MARGIN = 32;
  private static final double SIDE = 120;
  private static final double SHEET = 8;
  private static final double FOLLOW = 20;
  private static final int MOST = 10_000;

  private final int maps;
  private final int extent;
  private final int filters;
  private final int kernel;

  Figure(int maps, int extent, int filters, int kernel) {
    this.maps = maps;
    this.extent = extent;
    this.filters = filters;
    this.kernel = kernel;
  }

  /**
   * The figure of that name: "inception-naive".
   *
   * @throws InputException if there is none
   */
  public static Figure parse(String name) {
    List<String> known = new ArrayList<>();
    for (Figure figure : values()) {
      if (figure.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return figure;
      }
      known.add(figure.toString());
    }
    throw new InputException(
        "there is no figure '%s'; take one of %s".formatted(name, String.join(", ", known)));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Draws it.
   *
   * @param input channels x height x width of what is read, each at most 10000; else the usual
   * @param count of filters, at most 10000; else the usual
   * @param size of their windows, odd; else the usual
   * @throws InputException if the numbers fit no figure
   */
  public Scene draw(Optional<Shape> input, Optional<Integer> count, Optional<Integer> size) {
    Shape shape = input.orElse(Shape.of(maps, extent, extent));
    int wide = count.orElse(filters);
    int window = size.orElse(kernel);
    boolean sound =
        shape.isPicture() && shape.dimensions().stream().allMatch(extent -> extent <= MOST);
    if (!sound) {
      throw new InputException(
          "a figure needs an input of channels x height x width, each at most %d, was %s"
              .formatted(MOST, shape));
    }
    if (wide < 1 || wide > MOST) {
      throw new InputException("a figure needs 1 to %d filters, was %d".formatted(MOST, wide));
    }
    if (window < 1 || window % 2 == 0 || window > 99) {
      throw new InputException("a figure's window is odd and at most 99, was " + window);
    }
    if (this == RESIDUAL_BLOCK && count.isPresent() && wide != shape.channels()) {
      throw new InputException(
          "a block with an identity has as many filters as maps, %d, not %d"
              .formatted(shape.channels(), wide));
    }
    boolean fixed = this == INCEPTION_NAIVE || this == INCEPTION_REDUCED;
    if (fixed && (count.isPresent() || size.isPresent())) {
      throw new InputException(
          this + " has the filters of the paper's table; only its input may be chosen");
    }
    if (this == POINTWISE && window != 1) {
      throw new InputException("a pointwise window is 1, was %d".formatted(window));
    }
    return switch (this) {
      case FILTER -> filter(shape, wide, window);
      case POINTWISE -> pointwise(shape, wide);
      case SEPARABLE -> separable(shape, wide, window);
      case INCEPTION_NAIVE -> inception(shape, false);
      case INCEPTION_REDUCED -> inception(shape, true);
      case RESIDUAL_BLOCK -> residualBlock(shape, window);
    };
  }

  private static long places(Shape shape) {
    return (long) shape.height() * shape.width();
  }

  private Scene filter(Shape shape, int filters, int kernel) {
    List<Mark> marks = new ArrayList<>();
    heading(
        marks,
        "One filter reads all maps",
        "A filter has a window for each of the M maps that it reads, and makes one map. N filters"
            + " make N.");
    double y = 110;
    int m = shape.channels();
    double x = stack(marks, MARGIN, y, m, Kind.CONV, true);
    caption(marks, MARGIN, y, "M = %d maps".formatted(m), shape.height() + "×" + shape.width());
    x = arrow(marks, x, y, "");
    double start = x;
    x = small(marks, x, y, m, kernel, Kind.JOIN, Paint.SHORTCUT);
    caption(marks, start, y, "one filter", "%d×%d×%d weights".formatted(kernel, kernel, m));
    x = arrow(marks, x, y, "");
    start = x;
    x = stack(marks, x, y, filters, Kind.POINTWISE, false);
    marks.add(new Box(start, y + 5 * SHEET, SIDE, SIDE, 3, "#fbd5df", Paint.SHORTCUT, 1.2));
    marks.add(
        Paint.words(start + 10, y + 5 * SHEET + 20, 11, Anchor.START, Paint.INK, "of this filter"));
    caption(
        marks,
        start,
        y,
        "N = %d filters, N maps".formatted(filters),
        shape.height() + "×" + shape.width());
    long weights = (long) filters * m * kernel * kernel;
    List<String> sums =
        List.of(
            "one filter at one place:  %d×%d × %d = %s multiply-adds"
                .formatted(kernel, kernel, m, Amounts.exact((long) kernel * kernel * m)),
            "N × M = %d × %d = %s windows of %d×%d, %s weights"
                .formatted(
                    filters,
                    m,
                    Amounts.exact((long) filters * m),
                    kernel,
                    kernel,
                    Amounts.exact(weights)),
            "at %d×%d places:  %s multiply-adds"
                .formatted(shape.height(), shape.width(), Amounts.exact(weights * places(shape))));
    return finish(marks, x, sums, y + SIDE + 130);
  }

  private Scene pointwise(Shape shape, int filters) {
    List<Mark> marks = new ArrayList<>();
    int m = shape.channels();
    heading(
        marks,
        filters < m ? "1×1 convolutions reduce" : "1×1 convolutions mix maps",
        "Each place by itself: N weighted sums of the M maps. Height and width stay.");
    double y = 110;
    double x = stack(marks, MARGIN, y, m, Kind.CONV, true);
    caption(
        marks,
        MARGIN,
        y,
        "%d×%d×%d".formatted(shape.height(), shape.width(), m),
        "M = %d maps".formatted(m));
    x = arrow(marks, x, y, "");
    double start = x;
    x = small(marks, x, y, m, 1, Kind.JOIN, Paint.SHORTCUT);
    caption(
        marks, start, y, "N = %d filters".formatted(filters), "1×1×%d weights each".formatted(m));
    x = arrow(marks, x, y, "");
    start = x;
    x = stack(marks, x, y, filters, Kind.POINTWISE, false);
    caption(
        marks,
        start,
        y,
        "%d×%d×%d".formatted(shape.height(), shape.width(), filters),
        "N = %d maps".formatted(filters));
    long weights = (long) filters * m;
    long before = shape.size();
    long after = places(shape) * filters;
    List<String> sums =
        List.of(
            "weights:  %d × %d = %s".formatted(filters, m, Amounts.exact(weights)),
            "multiply-adds:  %d×%d × %s = %s"
                .formatted(
                    shape.height(),
                    shape.width(),
                    Amounts.exact(weights),
                    Amounts.exact(weights * places(shape))),
            "numbers to carry on:  %s become %s (%s)"
                .formatted(Amounts.exact(before), Amounts.exact(after), percent(after, before)));
    return finish(marks, x, sums, y + SIDE + 130);
  }

  private Scene separable(Shape shape, int filters, int kernel) {
    List<Mark> marks = new ArrayList<>();
    heading(
        marks,
        "First space, then channels",
        "Depthwise: each map through a window of its own. Pointwise: at each place, sums over all"
            + " maps.");
    double y = 110;
    int m = shape.channels();
    String extent = shape.height() + "×" + shape.width();
    double x = stack(marks, MARGIN, y, m, Kind.CONV, true);
    caption(marks, MARGIN, y, "M = %d maps".formatted(m), extent);
    x = arrow(marks, x, y, "");
    double start = x;
    x = small(marks, x, y, m, kernel, Kind.DEPTHWISE, Kind.DEPTHWISE.stroke());
    caption(marks, start, y, "depthwise", "%d windows %d×%d".formatted(m, kernel, kernel));
    x = arrow(marks, x, y, "");
    start = x;
    x = stack(marks, x, y, m, Kind.DEPTHWISE, false);
    caption(marks, start, y, "M = %d maps".formatted(m), extent);
    x = arrow(marks, x, y, "");
    start = x;
    x = small(marks, x, y, m, 1, Kind.JOIN, Paint.SHORTCUT);
    caption(marks, start, y, "pointwise", "%d filters 1×1×%d".formatted(filters, m));
    x = arrow(marks, x, y, "");
    start = x;
    x = stack(marks, x, y, filters, Kind.POINTWISE, false);
    caption(marks, start, y, "N = %d maps".formatted(filters), extent);
    long window = (long) kernel * kernel;
    long spatial = places(shape) * m * window;
    long mixing = places(shape) * m * filters;
    long whole = places(shape) * m * filters * window;
    List<String> sums =
        List.of(
            "depthwise:  %s × %d × %d×%d = %s multiply-adds, %s weights"
                .formatted(
                    extent, m, kernel, kernel, Amounts.exact(spatial), Amounts.exact(m * window)),
            "pointwise:  %s × %d × %d = %s multiply-adds, %s weights"
                .formatted(
                    extent, m, filters, Amounts.exact(mixing), Amounts.exact((long) m * filters)),
            "together %s multiply-adds; at once, by %d filters %d×%d×%d, %s"
                .formatted(
                    Amounts.exact(spatial + mixing),
                    filters,
                    kernel,
                    kernel,
                    m,
                    Amounts.exact(whole)),
            "that is 1/N + 1/%d = %s of it".formatted(window, percent(spatial + mixing, whole)));
    return finish(marks, x, sums, y + SIDE + 130);
  }

  private static Block module(boolean reduced) {
    Block pool = maxPool("pool", k(3));
    return reduced
        ? branches(
            "concat",
            conv("1x1", 64, k(1)),
            chain(conv("3x3_reduce", 96, k(1)), conv("3x3", 128, k(3))),
            chain(conv("5x5_reduce", 16, k(1)), conv("5x5", 32, k(5))),
            chain(pool, conv("pool_proj", 32, k(1))))
        : branches(
            "concat", conv("1x1", 64, k(1)), conv("3x3", 128, k(3)), conv("5x5", 32, k(5)), pool);
  }

  private Scene inception(Shape shape, boolean reduced) {
    Graph graph = Graph.of(shape, module(reduced));
    Graph other = Graph.of(shape, module(!reduced));
    long cost = Cost.of(graph).multiplyAdds();
    long otherCost = Cost.of(other).multiplyAdds();
    List<Mark> marks = new ArrayList<>();
    heading(
        marks,
        reduced ? "An Inception module, reduced first" : "An Inception module, naive",
        reduced
            ? "1×1 convolutions before the wide windows, and behind the pooling."
            : "Four columns over the same maps; pooling hands all of them on.");
    double right = block(marks, graph);
    List<String> sums =
        List.of(
            "%s multiply-adds, %s weights"
                .formatted(Amounts.exact(cost), Amounts.exact(Cost.of(graph).learned())),
            "maps: %d become %d".formatted(shape.channels(), graph.output().shape().channels()),
            reduced
                ? "naive it would be %s multiply-adds and %d maps: this is %s"
                    .formatted(
                        Amounts.exact(otherCost),
                        other.output().shape().channels(),
                        percent(cost, otherCost))
                : "reduced first it is %s multiply-adds and %d maps: %s"
                    .formatted(
                        Amounts.exact(otherCost),
                        other.output().shape().channels(),
                        percent(otherCost, cost)));
    return finish(marks, right, sums, bottom(marks) + 40);
  }

  private Scene residualBlock(Shape shape, int kernel) {
    int maps = shape.channels();
    Graph graph =
        Graph.of(
            shape,
            chain(
                residual(
                    chain(conv("conv1", maps, k(kernel)), relu(), conv("conv2", maps, k(kernel))),
                    identity()),
                relu()));
    Cost cost = Cost.of(graph);
    List<Mark> marks = new ArrayList<>();
    heading(
        marks,
        "Learn the difference: F(x) + x",
        "The arc carries x past both layers, at no cost; they only learn what to add.");
    double right = block(marks, graph);
    List<String> sums =
        List.of(
            "F: %s multiply-adds, %s weights"
                .formatted(Amounts.exact(cost.multiplyAdds()), Amounts.exact(cost.learned())),
            "the arc: 0 weights, 0 multiply-adds, %s sums".formatted(Amounts.exact(shape.size())));
    return finish(marks, right, sums, bottom(marks) + 40);
  }

  /** Draws a network that is one block, between its input and its output. */
  private static double block(List<Mark> marks, Graph graph) {
    Item block = Outline.of(graph, true).items().get(1);
    Tile tile = Tiles.withAmounts().tile(block, true);
    double y = 96;
    double axis = MARGIN + tile.axis();
    marks.addAll(Tiles.arrow(axis, y, y + 34, graph.input().shape()));
    marks.addAll(tile.at(MARGIN, y + 34));
    double end = y + 34 + tile.height();
    marks.addAll(Tiles.arrow(axis, end, end + 34, graph.output().shape()));
    return MARGIN + tile.width();
  }

  private static double bottom(List<Mark> marks) {
    double bottom = 0;
    for (Mark mark : marks) {
      if (mark instanceof Line line) {
        for (Point point : line.points()) {
          bottom = Math.max(bottom, point.y());
        }
      }
    }
    return bottom;
  }

  private static void heading(List<Mark> marks, String title, String text) {
    marks.add(Paint.bold(MARGIN, MARGIN + 10, 20, Anchor.START, Paint.INK, title));
    marks.add(Paint.words(MARGIN, MARGIN + 32, 12, Anchor.START, Paint.FAINT, text));
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }

  /** Maps one behind the other; returns the right edge. */
  private static double stack(
      List<Mark> marks, double x, double y, int count, Kind kind, boolean windows) {
    int sheets = Math.min(count, 6);
    for (int sheet = sheets - 1; sheet >= 0; sheet--) {
      double dx = x + sheet * SHEET;
      double dy = y + (5 - sheet) * SHEET;
      marks.add(new Box(dx, dy, SIDE, SIDE, 3, kind.fill(), kind.stroke(), 1.2));
    }
    if (windows) {
      double dy = y + 5 * SHEET;
      marks.add(new Box(x + 40, dy + 44, 22, 22, 1, "#fbd5df", Paint.SHORTCUT, 1.4));
    }
    return x + 5 * SHEET + SIDE;
  }

  /** A filter's windows one behind the other; returns the right edge. */
  private static double small(
      List<Mark> marks, double x, double y, int count, int kernel, Kind kind, String stroke) {
    int sheets = Math.min(count, 6);
    double side = kernel == 1 ? 20 : Math.min(54, 14.0 * kernel);
    double left = x + 20;
    double top = y + 5 * SHEET + SIDE / 2 - side / 2 - 10;
    String fill = kind == Kind.JOIN ? "#fbd5df" : kind.fill();
    for (int sheet = sheets - 1; sheet >= 0; sheet--) {
      marks.add(
          new Box(
              left + sheet * SHEET,
              top + (5 - sheet) * SHEET - 20,
              side,
              side,
              2,
              fill,
              stroke,
              1.2));
    }
    return x + 5 * SHEET + Math.max(64, side) + 30;
  }

  private static double arrow(List<Mark> marks, double x, double y, String text) {
    double middle = y + 5 * SHEET + SIDE / 2 - 16;
    marks.add(
        Line.arrow(
            Paint.WIRE,
            List.of(new Point(x + 10, middle), new Point(x + 10 + FOLLOW + 18, middle))));
    if (!text.isEmpty()) {
      marks.add(Paint.words(x + 10, middle - 6, 10, Anchor.START, Paint.FAINT, text));
    }
    return x + 20 + FOLLOW + 18;
  }

  private static void caption(List<Mark> marks, double x, double y, String first, String second) {
    double base = y + 5 * SHEET + SIDE + 22;
    marks.add(Paint.bold(x, base, 13, Anchor.START, Paint.INK, first));
    marks.add(Paint.words(x, base + 17, 11, Anchor.START, Paint.FAINT, second));
  }

  private Scene finish(List<Mark> marks, double right, List<String> sums, double y) {
    double width = right + MARGIN;
    for (Mark mark : marks) {
      if (mark instanceof Mark.Words words) {
        double length = Glyphs.width(words.text(), words.size(), words.bold());
        width = Math.max(width, words.left() + length + MARGIN);
      }
    }
    width = Math.max(width, Paint.widest(sums, 13, false) + 2 * MARGIN + 28);
    List<Mark> all = new ArrayList<>(marks);
    double height = 22.0 * sums.size() + 20;
    all.add(Paint.frame(MARGIN, y, width - 2 * MARGIN, height, Paint.GROUND));
    for (int index = 0; index < sums.size(); index++) {
      all.add(
          Paint.words(
              MARGIN + 14, y + 26 + 22 * index, 13, Anchor.START, Paint.INK, sums.get(index)));
    }
    return new Scene(toString(), width, y + height + MARGIN, all);
  }
}
