package dev.depthwise.draw;

import dev.depthwise.draw.Mark.Anchor;
import dev.depthwise.draw.Mark.Box;
import dev.depthwise.draw.Mark.Line;
import dev.depthwise.draw.Mark.Point;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Input;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Op;
import dev.depthwise.network.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A picture of a network: its stages in columns, read downwards and then to the right.
 *
 * @param title the picture's heading
 * @param depth how much it shows
 * @param colour what its colours mean
 * @param area what areas in its boxes mean
 */
public record Diagram(String title, Depth depth, Colour colour, Area area) {
  /** Of a screen that a talk is shown on. */
  private static final double ASPECT = 1.7;

  private static final double GAP = 30;
  private static final double MARGIN = 28;
  private static final double PILL = 20;

  /** A piece of the main path, and the stage that it is in. */
  private record Piece(Item item, Tile tile, int stage) {}

  /** A picture of boxes as large as their text. */
  public Diagram(String title, Depth depth, Colour colour) {
    this(title, depth, colour, Area.NONE);
  }

  /** Draws a network, with the heads of its auxiliary outputs beside the main path. */
  public Scene draw(Graph graph) {
    Outline outline = Outline.of(graph, depth != Depth.LAYERS);
    Outline shown = depth == Depth.LAYERS ? outline : outline.folded(depth == Depth.BLOCKS);
    Tiles tiles = new Tiles(colour, area, mostCost(outline));
    List<Stage> stages = stages(shown.items(), Flows.of(graph));
    List<Piece> pieces = new ArrayList<>();
    for (int stage = 0; stage < stages.size(); stage++) {
      for (Item item : stages.get(stage).items()) {
        pieces.add(new Piece(item, tiles.tile(item, depth != Depth.STAGES), stage));
      }
    }
    List<List<Piece>> columns = pack(pieces);
    return assemble(graph, outline, stages, columns);
  }

  private double mostCost(Outline outline) {
    double most = 0;
    for (Item item : outline.items()) {
      double cost =
          depth == Depth.STAGES && !(item instanceof Item.Head)
              ? item.units().stream().mapToLong(Unit::multiplyAdds).sum()
              : item.units().stream().mapToLong(Unit::multiplyAdds).max().orElse(0);
      most = Math.max(most, cost);
    }
    return most;
  }

  /** Items of about the same extent. */
  record Stage(String title, List<Item> items) {
    Stage {
      items = List.copyOf(items);
    }

    static Stage of(List<Item> items, String flow) {
      Shape shape = items.get(items.size() - 1).output();
      Item first = items.get(0);
      if (first.units().get(0).first().op() instanceof Input) {
        return new Stage("", items);
      }
      Shape extent = first.output();
      String where = extent.height() > 1 ? extent.height() + "×" + extent.width() : "classifier";
      if (!shape.isPicture() && extent.isPicture()) {
        where = "classifier";
      }
      List<String> names = new ArrayList<>();
      items.stream()
          .filter(item -> !(item instanceof Item.Head))
          .flatMap(item -> item.units().stream())
          .forEach(u -> u.layers().forEach(layer -> names.add(layer.node().name())));
      String common = names.size() == 1 || !flow.isEmpty() ? flow : Names.common(names);
      return new Stage(common.isEmpty() ? where : common + " · " + where, items);
    }
  }

  /**
   * The stages of a network.
   *
   * @param flows the parts that its paper gives names to
   */
  static List<Stage> stages(List<Item> items, Flows flows) {
    List<Stage> stages = new ArrayList<>();
    List<Item> open = new ArrayList<>();
    String flow = "";
    boolean closing = false;
    double extent = 0;
    for (Item item : items) {
      Shape shape = item.output();
      Op op = item.units().get(0).last().op();
      boolean pool = item instanceof Item.Single && isWindowPool(item);
      boolean input = op instanceof Input;
      double height = shape.isPicture() && shape.height() > 1 ? shape.height() : 0;
      boolean smaller = height < 0.75 * extent;
      boolean afterInput =
          !open.isEmpty() && open.get(0).units().get(0).first().op() instanceof Input;
      String here = flows.of(item);
      boolean flowEnds = !here.equals(flow);
      if (!open.isEmpty() && !input && (afterInput || closing || flowEnds || (smaller && !pool))) {
        stages.add(Stage.of(open, flow));
        open.clear();
      }
      flow = here;
      if (open.isEmpty()) {
        extent = height;
      }
      open.add(item);
      closing = pool && smaller && height > 1;
    }
    stages.add(Stage.of(open, flow));
    return stages;
  }

  private static boolean isInput(Item item) {
    return item.units().get(0).first().op() instanceof Input;
  }

  private static boolean isWindowPool(Item item) {
    return item.units().get(0).layers().stream()
        .anyMatch(
            layer ->
                layer.node().op() instanceof MaxPool || layer.node().op() instanceof AveragePool);
  }

  /** Fills columns so that the whole is about as wide as a screen. */
  private static List<List<Piece>> pack(List<Piece> pieces) {
    double total = pieces.stream().mapToDouble(p -> p.tile().height() + GAP).sum();
    double tallest = pieces.stream().mapToDouble(p -> p.tile().height()).max().orElse(1);
    List<List<Piece>> best = List.of(pieces);
    double bestMisfit = Double.POSITIVE_INFINITY;
    for (int count = 1; count <= 60; count++) {
      double most = Math.max(tallest + 80, total / count * 1.08 + 40);
      List<List<Piece>> columns = fill(pieces, most);
      double height =
          columns.stream().mapToDouble(Diagram::height).max().orElse(1) + 2 * MARGIN + 100;
      double width = columns.stream().mapToDouble(c -> width(c) + 64).sum() + 2 * MARGIN;
      double misfit = Math.abs(Math.log(width / height / ASPECT));
      if (misfit < bestMisfit - 1e-9) {
        bestMisfit = misfit;
        best = columns;
      }
    }
    return best;
  }

  private static List<List<Piece>> fill(List<Piece> pieces, double most) {
    List<List<Piece>> columns = new ArrayList<>();
    List<Piece> column = new ArrayList<>();
    for (int index = 0; index < pieces.size(); index++) {
      Piece piece = pieces.get(index);
      boolean begins = index == 0 || pieces.get(index - 1).stage() != piece.stage();
      List<Piece> tried = new ArrayList<>(column);
      int end = index;
      do {
        tried.add(pieces.get(end++));
      } while (begins && end < pieces.size() && pieces.get(end).stage() == piece.stage());
      boolean whole = height(tried) <= most;
      boolean alone = height(pieces.subList(index, end)) > most;
      column.add(piece);
      boolean fits = whole || (begins && alone && height(column) <= 0.6 * most);
      column.remove(column.size() - 1);
      boolean input = column.size() == 1 && isInput(column.get(0).item());
      if (!column.isEmpty() && !fits && !input) {
        columns.add(column);
        column = new ArrayList<>();
      }
      column.add(piece);
    }
    columns.add(column);
    return columns;
  }

  private static double height(List<Piece> column) {
    double height = 0;
    int stage = -1;
    for (Piece piece : column) {
      boolean begins = piece.stage() != stage;
      height += piece.tile().height() + GAP + (begins ? PILL + 14 + 12 : 0);
      stage = piece.stage();
    }
    return height;
  }

  private static double width(List<Piece> column) {
    double left = column.stream().mapToDouble(p -> p.tile().axis()).max().orElse(0);
    double right =
        column.stream().mapToDouble(p -> p.tile().width() - p.tile().axis()).max().orElse(0);
    return left + right + 24;
  }

  private Scene assemble(
      Graph graph, Outline outline, List<Stage> stages, List<List<Piece>> columns) {
    List<Mark> under = new ArrayList<>();
    List<Mark> marks = new ArrayList<>();
    double top = MARGIN + 74;
    double x = MARGIN;
    double bottom = top;
    Point out = new Point(0, 0);
    Shape carried = graph.input().shape();
    for (int number = 0; number < columns.size(); number++) {
      List<Piece> column = columns.get(number);
      double axis = x + column.stream().mapToDouble(p -> p.tile().axis()).max().orElse(0) + 12;
      double pills = 0;
      for (Piece piece : column) {
        pills = Math.max(pills, pillWidth(stages.get(piece.stage()).title()));
      }
      axis = Math.max(axis, x + pills / 2 + 8);
      double right =
          axis
              + Math.max(
                  pills / 2 + 8,
                  12
                      + column.stream()
                          .mapToDouble(p -> p.tile().width() - p.tile().axis())
                          .max()
                          .orElse(0));
      double y = top;
      int index = 0;
      while (index < column.size()) {
        int stage = column.get(index).stage();
        String title = stages.get(stage).title();
        boolean framed = !title.isEmpty();
        if (index > 0) {
          marks.addAll(Tiles.arrow(axis, y, y + GAP, carried));
          y += GAP;
        } else if (number > 0) {
          double gutter = x - 24;
          marks.add(
              Line.arrow(
                  Paint.WIRE,
                  List.of(
                      out,
                      new Point(out.x(), out.y() + 20),
                      new Point(gutter, out.y() + 20),
                      new Point(gutter, top - 24),
                      new Point(axis, top - 24),
                      new Point(axis, top))));
          marks.add(
              Paint.words(
                  axis + 6, top - 10, 9, Anchor.START, Paint.FAINT, Amounts.shape(carried)));
        }
        double frameTop = y;
        if (framed) {
          double pill = pillWidth(title);
          marks.add(new Box(axis - pill / 2, y, pill, PILL, PILL / 2, "#334155", "none", 1));
          marks.add(Paint.bold(axis, y + 14, 10.5, Anchor.MIDDLE, Paint.WHITE, title));
          boolean head = column.get(index).item() instanceof Item.Head;
          marks.add(
              head
                  ? Tiles.plain(axis, y + PILL, y + PILL + 14)
                  : Line.arrow(
                      Paint.WIRE,
                      List.of(new Point(axis, y + PILL), new Point(axis, y + PILL + 14))));
          y += PILL + 14;
        }
        boolean first = true;
        double half = pillWidth(title) / 2 + 8;
        double frameLeft = axis - half;
        double frameRight = axis + half;
        while (index < column.size() && column.get(index).stage() == stage) {
          Piece piece = column.get(index);
          if (!first) {
            marks.addAll(Tiles.way(piece.item(), axis, y, y + GAP, carried));
            y += GAP;
          }
          marks.addAll(piece.tile().at(axis - piece.tile().axis(), y));
          frameLeft = Math.min(frameLeft, axis - piece.tile().axis() - 12);
          frameRight = Math.max(frameRight, axis + piece.tile().width() - piece.tile().axis() + 12);
          y += piece.tile().height();
          carried = piece.item().output();
          first = false;
          index++;
        }
        if (framed) {
          boolean last = number == columns.size() - 1 && index == column.size();
          if (!last) {
            marks.add(Tiles.plain(axis, y, y + 12));
          }
          y += 12;
          under.add(
              Paint.frame(
                  frameLeft,
                  frameTop + PILL / 2,
                  frameRight - frameLeft,
                  y - frameTop - PILL / 2,
                  "#f1f5f9"));
        }
      }
      out = new Point(axis, y);
      bottom = Math.max(bottom, y);
      x = right + 52;
    }
    double width = x - 52 + MARGIN;
    List<Mark> all = new ArrayList<>(under);
    all.addAll(marks);
    List<Mark> heading = heading(graph);
    all.addAll(heading);
    double legendWidth = legend(all, outline, bottom + 50);
    double titleWidth = Glyphs.width(title, 20, true) + 2 * MARGIN;
    return new Scene(
        title,
        Math.max(Math.max(width, 620), Math.max(legendWidth + MARGIN, titleWidth)),
        bottom + 50 + 40,
        all);
  }

  private static double pillWidth(String title) {
    return title.isEmpty() ? 0 : Glyphs.width(title, 10.5, true) + 20;
  }

  private List<Mark> heading(Graph graph) {
    Cost cost = Cost.of(graph);
    String amounts =
        "input %s · %s parameters · %s multiply-adds · %d layers deep"
            .formatted(
                Amounts.shape(graph.input().shape()),
                Amounts.rounded(cost.learned()),
                Amounts.rounded(cost.multiplyAdds()),
                cost.depth());
    return List.of(
        Paint.bold(MARGIN, MARGIN + 10, 20, Anchor.START, Paint.INK, title),
        Paint.words(MARGIN, MARGIN + 30, 12, Anchor.START, Paint.FAINT, amounts));
  }

  /** What the colours mean; returns where it ends. */
  private double legend(List<Mark> marks, Outline outline, double y) {
    double x = MARGIN;
    if (area == Area.COST) {
      double side = 14;
      marks.add(new Box(x, y, side, side, 0, Paint.WIRE, "none", 1));
      String most = Amounts.rounded((long) (mostCost(outline) * Tiles.part(side)));
      String words = "a square of this size: " + most + " multiply-adds";
      marks.add(Paint.words(x + 20, y + 11, 11, Anchor.START, Paint.FAINT, words));
      x += 44 + Glyphs.width(words, 11, false);
    }
    if (colour == Colour.COST) {
      marks.add(Paint.words(x, y + 11, 11, Anchor.START, Paint.FAINT, "multiply-adds: 0"));
      x += Glyphs.width("multiply-adds: 0", 11, false) + 8;
      for (int step = 0; step < 20; step++) {
        marks.add(new Box(x, y, 9, 14, 0, Paint.heat(step / 19.0), "none", 1));
        x += 9;
      }
      String most = Amounts.rounded((long) mostCost(outline));
      marks.add(Paint.words(x + 8, y + 11, 11, Anchor.START, Paint.FAINT, most));
      return x + 8 + Glyphs.width(most, 11, false);
    }
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (Item item : outline.items()) {
      boolean closed = depth == Depth.STAGES && item instanceof Item.Block;
      List<Unit> units = closed ? List.of(Tiles.dearest(item.units())) : item.units();
      units.forEach(unit -> kinds.add(unit.kind()));
    }
    for (Kind kind : kinds) {
      marks.add(new Box(x, y, 14, 14, 4, kind.fill(), kind.stroke(), 1.2));
      marks.add(Paint.words(x + 20, y + 11, 11, Anchor.START, Paint.FAINT, kind.words()));
      x += 38 + Glyphs.width(kind.words(), 11, false);
    }
    return x;
  }
}
