package dev.depthwise.draw;

import dev.depthwise.draw.Mark.Anchor;
import dev.depthwise.draw.Mark.Box;
import dev.depthwise.draw.Mark.Line;
import dev.depthwise.draw.Mark.Part;
import dev.depthwise.draw.Mark.Point;
import dev.depthwise.network.Add;
import dev.depthwise.network.Concat;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.FixedAlignment;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.NodePlacementStrategy;
import org.eclipse.elk.alg.layered.options.OrderingStrategy;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/** Draws the items of an outline, each by itself. */
final class Tiles {
  private static final double GAP = 30;
  private static final double PAD = 14;
  private static final double DOT = 7;
  private static final double RING = 22;

  /** How far the main path is from the left of a head. */
  private static final double AXIS_OF_HEAD = 8;

  /** The side of the square that the dearest box has. */
  private static final double LARGEST_SQUARE = 76;

  private final Colour colour;
  private final Area area;
  private final double mostCost;
  private final boolean amounts;

  /** What a box stands for, if it stands for the same box several times. */
  private final Map<Unit, List<Unit>> times;

  /**
   * A way to draw.
   *
   * @param mostCost multiply-adds of the dearest box
   */
  Tiles(Colour colour, Area area, double mostCost) {
    this(colour, area, mostCost, false, Map.of());
  }

  private Tiles(
      Colour colour, Area area, double mostCost, boolean amounts, Map<Unit, List<Unit>> times) {
    this.colour = colour;
    this.area = area;
    this.mostCost = Math.max(1, mostCost);
    this.amounts = amounts;
    this.times = times;
  }

  /** With the multiply-adds of each box in place of its name. */
  static Tiles withAmounts() {
    return new Tiles(Colour.KIND, Area.NONE, 1, true, Map.of());
  }

  /** The part of the largest cost that a square stands for. */
  static double part(double side) {
    return side * side / (LARGEST_SQUARE * LARGEST_SQUARE);
  }

  private double square(long cost) {
    return area == Area.COST ? LARGEST_SQUARE * Math.sqrt(cost / mostCost) : 0;
  }

  /** The height that a square takes, with the room below it. */
  private double squareRoom(long cost) {
    double side = square(cost);
    return side > 0 ? side + 8 : 0;
  }

  Tile tile(Item item, boolean open) {
    if (item instanceof Item.Single single) {
      return single(single.unit(), "");
    }
    if (item instanceof Item.Block block) {
      return open ? block(block) : closed(block);
    }
    if (item instanceof Item.Head head) {
      return head(head);
    }
    return repeat((Item.Repeat) item, open);
  }

  /** A box by itself. */
  private Tile single(Unit unit, String scope) {
    double width = boxWidth(unit, scope);
    double height = boxHeight(unit);
    return new Tile(width, height, width / 2, List.of(box(unit, scope, 0, 0, width)));
  }

  private String second(Unit unit, String scope) {
    if (amounts) {
      return unit.multiplyAdds() == 0 ? "" : Amounts.exact(unit.multiplyAdds()) + " multiply-adds";
    }
    String name = Names.within(unit.name(), scope);
    String rest = unit.rest();
    String joined = rest.isEmpty() ? name : name + " · " + rest;
    return joined.equals(unit.label()) ? "" : joined;
  }

  private double boxWidth(Unit unit, String scope) {
    if (unit.isJoin() && !(unit.last().op() instanceof Concat)) {
      return RING;
    }
    double first = Glyphs.width(unit.label(), 12, true);
    double second = Glyphs.width(second(unit, scope), 9.5, false);
    return Math.max(92, Math.max(first, second) + 20);
  }

  private double boxHeight(Unit unit) {
    return unit.isJoin() ? RING : 40 + squareRoom(unit.multiplyAdds());
  }

  /** A square whose area is a cost. */
  private void square(List<Mark> marks, double middle, double bottom, long cost, Kind kind) {
    double side = square(cost);
    if (side > 0) {
      marks.add(
          new Box(
              middle - side / 2,
              bottom - side - 7,
              side,
              side,
              0,
              colour == Colour.COST ? Paint.WIRE : kind.stroke(),
              "none",
              1));
    }
  }

  /** What a reader asks about a box, and of all boxes that it stands for. */
  private List<String> details(Unit unit) {
    List<String> details = new ArrayList<>(unit.details());
    details.addAll(totals(List.of(unit)));
    return details;
  }

  /** What boxes take that stand for several: "× 8: 1,234 parameters, ...". */
  private List<String> totals(List<Unit> units) {
    List<List<Unit>> all = units.stream().map(times::get).filter(Objects::nonNull).toList();
    if (all.isEmpty()) {
      return List.of();
    }
    long parameters = all.stream().flatMap(List::stream).mapToLong(Unit::parameters).sum();
    long cost = all.stream().flatMap(List::stream).mapToLong(Unit::multiplyAdds).sum();
    List<Unit> first = all.get(0);
    List<String> lines = new ArrayList<>();
    lines.add(
        "× %d: %s to %s"
            .formatted(first.size(), first.get(0).name(), first.get(first.size() - 1).name()));
    if (parameters > 0) {
      lines.add("  together " + Amounts.exact(parameters) + " parameters");
    }
    if (cost > 0) {
      lines.add("  together " + Amounts.exact(cost) + " multiply-adds");
    }
    return lines;
  }

  private Mark box(Unit unit, String scope, double x, double y, double width) {
    List<Mark> marks = new ArrayList<>();
    double middle = x + width / 2;
    double height = boxHeight(unit);
    if (unit.isJoin()) {
      boolean ring = !(unit.last().op() instanceof Concat);
      marks.add(new Box(x, y, width, height, RING / 2, Paint.WHITE, Kind.JOIN.stroke(), 1.4));
      marks.add(
          ring
              ? Paint.bold(middle, y + 16.5, 17, Anchor.MIDDLE, Paint.INK, unit.label())
              : Paint.bold(middle, y + 15, 11, Anchor.MIDDLE, Paint.INK, "concat"));
      return new Part(unit.name(), details(unit), marks);
    }
    double part = unit.multiplyAdds() / mostCost;
    Kind kind = unit.kind();
    boolean byCost = colour == Colour.COST;
    boolean dark = byCost && Paint.isDark(part);
    String ink = dark ? Paint.WHITE : Paint.INK;
    marks.add(
        new Box(
            x,
            y,
            width,
            height,
            6,
            byCost ? Paint.heat(part) : kind.fill(),
            byCost ? "#8a7a70" : kind.stroke(),
            1.2));
    square(marks, middle, y + height, unit.multiplyAdds(), kind);
    boolean alone = second(unit, scope).isEmpty();
    double base = alone ? y + 24 : y + 17;
    marks.add(Paint.bold(middle, base, 12, Anchor.MIDDLE, ink, unit.label()));
    if (alone) {
      return new Part(unit.name(), details(unit), marks);
    }
    marks.add(
        Paint.words(
            middle,
            y + 31,
            9.5,
            Anchor.MIDDLE,
            dark ? Paint.WHITE : byCost ? Paint.INK : Paint.FAINT,
            second(unit, scope)));
    return new Part(unit.name(), details(unit), marks);
  }

  /** A block as one box. */
  private Tile closed(Item.Block block) {
    List<String> lines = summary(block);
    String name = Names.block(block);
    long cost = block.units().stream().mapToLong(Unit::multiplyAdds).sum();
    long parameters = block.units().stream().mapToLong(Unit::parameters).sum();
    String amounts =
        "%s parameters · %s multiply-adds"
            .formatted(Amounts.rounded(parameters), Amounts.rounded(cost));
    double width =
        24
            + Math.max(
                Math.max(130, Glyphs.width(name, 9.5, false)),
                Math.max(Paint.widest(lines, 12, true), Glyphs.width(amounts, 9.5, false)));
    double height = 18 + 16 * lines.size() + 36 + squareRoom(cost);
    boolean byCost = colour == Colour.COST;
    double part = cost / mostCost;
    boolean dark = byCost && Paint.isDark(part);
    String ink = dark ? Paint.WHITE : Paint.INK;
    String faint = dark ? Paint.WHITE : byCost ? Paint.INK : Paint.FAINT;
    List<Mark> marks = new ArrayList<>();
    Kind kind = dearest(block.units()).kind();
    marks.add(
        new Box(
            0,
            0,
            width,
            height,
            8,
            byCost ? Paint.heat(part) : kind.fill(),
            byCost ? "#8a7a70" : kind.stroke(),
            1.2));
    double y = 16;
    marks.add(Paint.words(width / 2, y, 9.5, Anchor.MIDDLE, faint, name));
    for (String line : lines) {
      y += 16;
      marks.add(Paint.bold(width / 2, y, 12, Anchor.MIDDLE, ink, line));
    }
    y += 15;
    marks.add(Paint.words(width / 2, y, 9.5, Anchor.MIDDLE, faint, meeting(block)));
    y += 13;
    marks.add(Paint.words(width / 2, y, 9.5, Anchor.MIDDLE, faint, amounts));
    square(marks, width / 2, height, cost, kind);
    List<String> details = new ArrayList<>();
    details.add("output " + Amounts.shape(block.output()));
    details.add(Amounts.exact(parameters) + " parameters");
    details.add(Amounts.exact(cost) + " multiply-adds");
    details.addAll(totals(block.units()));
    Part whole = new Part(name, details, marks);
    return new Tile(width, height, width / 2, List.of(whole));
  }

  /** The box with the most multiply-adds. */
  static Unit dearest(List<Unit> units) {
    Unit dearest = units.get(0);
    for (Unit unit : units) {
      dearest = unit.multiplyAdds() > dearest.multiplyAdds() ? unit : dearest;
    }
    return dearest;
  }

  private static String meeting(Item.Block block) {
    if (block.join().last().op() instanceof Add) {
      boolean identity =
          block.join().inputs().stream().anyMatch(value -> value.equals(block.entry()));
      return identity ? "+ identity" : "+ projection";
    }
    return block.join().last().op() instanceof Concat ? "concat" : "product";
  }

  /** The ways through a block, each in a line; of a residual one, the body's layers. */
  private static List<String> summary(Item.Block block) {
    Map<Integer, Unit> producers = new HashMap<>();
    block.units().forEach(unit -> producers.put(unit.last().output().index(), unit));
    Unit join = block.join();
    List<List<String>> ways = new ArrayList<>();
    for (Value input : join.inputs()) {
      List<String> way = new ArrayList<>();
      Value at = input;
      Unit unit = producers.get(at.index());
      while (unit != null) {
        if (!unit.isJoin()) {
          way.add(0, unit.label());
        } else if (unit.last().op() instanceof Concat) {
          way.add(0, unit.inputs().size() + " columns");
        }
        at = unit.inputs().get(0);
        unit = producers.get(at.index());
      }
      ways.add(way);
    }
    if (join.last().op() instanceof Concat) {
      Set<String> lines = new LinkedHashSet<>();
      ways.stream()
          .filter(way -> !way.isEmpty())
          .forEach(way -> lines.add(String.join(" → ", way)));
      return lines.stream().limit(8).toList();
    }
    List<String> longest = List.of();
    for (List<String> way : ways) {
      longest = way.size() > longest.size() ? way : longest;
    }
    return longest;
  }

  /** A block with what is in it, placed by ELK. */
  private Tile block(Item.Block block) {
    String name = amounts ? "" : Names.block(block);
    // Asking for it fills ELK's register of types, without which defaults cannot be read.
    LayoutMetaDataService.getInstance();
    ElkNode root = ElkGraphUtil.createGraph();
    root.setProperty(LayeredOptions.DIRECTION, Direction.DOWN);
    root.setProperty(LayeredOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
    root.setProperty(LayeredOptions.SPACING_NODE_NODE, 16.0);
    root.setProperty(LayeredOptions.SPACING_EDGE_NODE, 12.0);
    root.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, GAP);
    root.setProperty(LayeredOptions.NODE_PLACEMENT_STRATEGY, NodePlacementStrategy.BRANDES_KOEPF);
    root.setProperty(LayeredOptions.NODE_PLACEMENT_BK_FIXED_ALIGNMENT, FixedAlignment.BALANCED);
    root.setProperty(LayeredOptions.CONSIDER_MODEL_ORDER_STRATEGY, OrderingStrategy.PREFER_EDGES);
    root.setProperty(LayeredOptions.PADDING, new ElkPadding(0));
    Map<Integer, ElkNode> nodes = new HashMap<>();
    ElkNode entry = ElkGraphUtil.createNode(root);
    entry.setDimensions(DOT, DOT);
    nodes.put(block.entry().index(), entry);
    Set<Unit> arcs = new LinkedHashSet<>();
    for (Unit unit : block.units()) {
      ElkNode node = ElkGraphUtil.createNode(root);
      double width = boxWidth(unit, name);
      if (unit.last().op() instanceof Concat) {
        width = Math.max(width, 84.0 * unit.inputs().size());
      }
      node.setDimensions(width, boxHeight(unit));
      nodes.put(unit.last().output().index(), node);
      for (Value input : unit.inputs()) {
        if (isShortcut(block, unit, input)) {
          arcs.add(unit);
          continue;
        }
        ElkGraphUtil.createSimpleEdge(Objects.requireNonNull(nodes.get(input.index())), node);
      }
    }
    new LayeredLayoutProvider().layout(root, new BasicProgressMonitor());
    return placed(block, name, root, entry, nodes, arcs);
  }

  /** Whether a value goes past the body of a block, straight to its sum. */
  private static boolean isShortcut(Item.Block block, Unit unit, Value input) {
    return unit.last().op() instanceof Add && input.equals(block.entry());
  }

  private Tile placed(
      Item.Block block,
      String name,
      ElkNode root,
      ElkNode entry,
      Map<Integer, ElkNode> nodes,
      Set<Unit> arcs) {
    double top = PAD + 20;
    double left = PAD;
    double width = root.getWidth() + 2 * PAD;
    double height = root.getHeight() + top + PAD;
    List<Mark> marks = new ArrayList<>();
    double body = root.getWidth() + left;
    double axis = left + entry.getX() + DOT / 2;
    double arc = arcs.isEmpty() ? 0 : 26;
    width += arc;
    double title = Glyphs.width(name, 10, true);
    // The title stands left of where the network comes in.
    double more = Math.max(0, title + 20 - axis);
    left += more;
    axis += more;
    width += more;
    body += more;
    marks.add(Paint.frame(0, 0, width, height, Paint.WHITE));
    marks.add(Paint.bold(10, 16, 10, Anchor.START, Paint.FAINT, name));
    double entryY = top + entry.getY();
    marks.add(plain(axis, 0, entryY + 1));
    for (ElkEdge edge : root.getContainedEdges()) {
      marks.add(wire(edge.getSections().get(0), left, top));
    }
    for (Unit unit : arcs) {
      ElkNode sum = Objects.requireNonNull(nodes.get(unit.last().output().index()));
      double right = body + arc - 4;
      double y = top + sum.getY() + RING / 2;
      double x = left + sum.getX() + RING;
      double startY = entryY + DOT / 2;
      double bend = Math.min(44, (y - startY) / 2);
      double flat = Math.max(axis, right - 44);
      double end = Math.max(x, right - 44);
      marks.add(
          new Line(
              List.of(
                  new Point(axis, startY),
                  new Point(axis, startY),
                  new Point(flat, startY),
                  new Point(flat, startY),
                  new Point(flat + (right - flat) * 0.7, startY),
                  new Point(right, startY + bend * 0.3),
                  new Point(right, startY + bend),
                  new Point(right, startY + bend),
                  new Point(right, y - bend),
                  new Point(right, y - bend),
                  new Point(right, y - bend * 0.3),
                  new Point(end + (right - end) * 0.7, y),
                  new Point(end, y),
                  new Point(end, y),
                  new Point(x + 8, y),
                  new Point(x, y)),
              true,
              Paint.SHORTCUT,
              1.8,
              "none",
              true,
              false));
    }
    marks.add(new Box(axis - DOT / 2, entryY, DOT, DOT, DOT / 2, Paint.WIRE, "none", 1));
    for (Unit unit : block.units()) {
      ElkNode node = Objects.requireNonNull(nodes.get(unit.last().output().index()));
      marks.add(box(unit, name, left + node.getX(), top + node.getY(), node.getWidth()));
      Shape before = unit.inputs().get(0).shape();
      Value made = unit.last().output();
      List<Unit> readers =
          block.units().stream().filter(next -> next.inputs().contains(made)).toList();
      boolean joined = readers.size() != 1 || readers.get(0).isJoin();
      if (!joined
          && !made.equals(lastValue(block))
          && (unit.last().op() instanceof Concat || !unit.output().equals(before))) {
        marks.add(
            Paint.words(
                left + node.getX() + node.getWidth() / 2 + 5,
                top + node.getY() + node.getHeight() + 11,
                8.5,
                Anchor.START,
                Paint.FAINT,
                Amounts.shape(unit.output())));
      }
    }
    ElkNode exit = Objects.requireNonNull(nodes.get(lastValue(block).index()));
    double exitX = left + exit.getX() + exit.getWidth() / 2;
    if (Math.abs(exitX - axis) < exit.getWidth() / 2 - RING) {
      // A concatenation is wide enough to be left straight downwards.
      exitX = axis;
    }
    double exitY = top + exit.getY() + exit.getHeight();
    List<Point> out = new ArrayList<>();
    out.add(new Point(exitX, exitY));
    if (Math.abs(exitX - axis) > 0.5) {
      out.add(new Point(exitX, height - 6));
      out.add(new Point(axis, height - 6));
    }
    out.add(new Point(axis, height));
    marks.add(new Line(out, false, Paint.WIRE, 1.4, "none", false, false));
    return new Tile(width, height, axis, marks);
  }

  private static Value lastValue(Item.Block block) {
    return block.units().get(block.units().size() - 1).last().output();
  }

  private static Line wire(ElkEdgeSection section, double dx, double dy) {
    List<Point> points = new ArrayList<>();
    points.add(new Point(section.getStartX() + dx, section.getStartY() + dy));
    section
        .getBendPoints()
        .forEach(bend -> points.add(new Point(bend.getX() + dx, bend.getY() + dy)));
    points.add(new Point(section.getEndX() + dx, section.getEndY() + dy));
    return Line.arrow(Paint.WIRE, points);
  }

  /** A head beside the main path, which goes on as it is. */
  private Tile head(Item.Head head) {
    Stack stack = new Stack();
    head.units().forEach(unit -> stack.add(single(unit, ""), unit.output()));
    Tile inside = stack.tile();
    double top = 40;
    double left = 26;
    double width = inside.width() + 2 * PAD;
    double height = inside.height() + top + PAD;
    List<Mark> marks = new ArrayList<>();
    marks.add(Paint.frame(left, 18, width, height - 18, Paint.WHITE));
    marks.add(Paint.bold(left + 10, 33, 10, Anchor.START, Paint.FAINT, "head " + head.name()));
    double way = left + PAD + inside.axis();
    marks.add(
        Line.arrow(
            Paint.WIRE,
            List.of(new Point(AXIS_OF_HEAD, 8), new Point(way, 8), new Point(way, top + 6))));
    marks.add(plain(AXIS_OF_HEAD, 0, height + 6));
    marks.addAll(inside.at(left + PAD, top + 6));
    return new Tile(left + width, height + 6, AXIS_OF_HEAD, marks);
  }

  /** What is repeated, once, with its number. */
  private Tile repeat(Item.Repeat repeat, boolean open) {
    List<Item> once = repeat.times().get(0);
    Stack stack = new Stack();
    Tiles several = new Tiles(colour, area, mostCost, amounts, times(repeat));
    once.forEach(item -> stack.add(several.tile(item, open), item.output()));
    Tile inside = stack.tile();
    double top = 24;
    double pad = 10;
    String count = "× " + repeat.times().size();
    double right = Glyphs.width(count, 17, true) + 18;
    double width = Math.max(inside.width(), inside.axis() + right) + 2 * pad;
    double height = inside.height() + top + pad;
    double axis = inside.axis() + pad;
    List<Mark> marks = new ArrayList<>();
    marks.add(new Box(8, 8, width, height, 12, "#e2e8f0", Paint.FRAME, 1));
    marks.add(new Box(4, 4, width, height, 12, "#edf1f6", Paint.FRAME, 1));
    marks.add(new Box(0, 0, width, height, 12, Paint.GROUND, Paint.FRAME, 1.2));
    marks.add(Paint.bold(width - 10, 19, 17, Anchor.END, Paint.SHORTCUT, count));
    marks.add(plain(axis, 0, top));
    marks.add(plain(axis, height - pad, height + 8));
    marks.addAll(inside.at(pad, top));
    return new Tile(width + 8, height + 8, axis, marks);
  }

  /** What each box of the first time stands for. */
  private static Map<Unit, List<Unit>> times(Item.Repeat repeat) {
    Map<Unit, List<Unit>> all = new HashMap<>();
    for (List<Item> time : repeat.times()) {
      List<Unit> first = units(repeat.times().get(0));
      List<Unit> units = units(time);
      for (int index = 0; index < first.size(); index++) {
        all.computeIfAbsent(first.get(index), unit -> new ArrayList<>()).add(units.get(index));
      }
    }
    return all;
  }

  private static List<Unit> units(List<Item> items) {
    return items.stream().flatMap(item -> item.units().stream()).toList();
  }

  /** Tiles below each other, joined by arrows. */
  static final class Stack {
    private final List<Tile> tiles = new ArrayList<>();
    private final List<Shape> outputs = new ArrayList<>();

    void add(Tile tile, Shape output) {
      tiles.add(tile);
      outputs.add(output);
    }

    Tile tile() {
      double axis = tiles.stream().mapToDouble(Tile::axis).max().orElse(0);
      double right = tiles.stream().mapToDouble(t -> t.width() - t.axis()).max().orElse(0);
      List<Mark> marks = new ArrayList<>();
      double y = 0;
      for (int index = 0; index < tiles.size(); index++) {
        Tile tile = tiles.get(index);
        if (index > 0) {
          marks.addAll(arrow(axis, y, y + GAP, outputs.get(index - 1)));
          y += GAP;
        }
        marks.addAll(tile.at(axis - tile.axis(), y));
        y += tile.height();
      }
      return new Tile(axis + right, y, axis, marks);
    }
  }

  /** The way to an item: an arrow, but for a head, which the main path passes by. */
  static List<Mark> way(Item item, double x, double from, double to, Shape shape) {
    List<Mark> marks = new ArrayList<>(arrow(x, from, to, shape));
    if (item instanceof Item.Head) {
      marks.set(0, plain(x, from, to));
    }
    return marks;
  }

  /** A line downwards. */
  static Line plain(double x, double from, double to) {
    List<Point> points = List.of(new Point(x, from), new Point(x, to));
    return new Line(points, false, Paint.WIRE, 1.4, "none", false, false);
  }

  /** An arrow downwards with the shape of what it carries. */
  static List<Mark> arrow(double x, double from, double to, Shape shape) {
    return List.of(
        Line.arrow(Paint.WIRE, List.of(new Point(x, from), new Point(x, to))),
        Paint.words(
            x + 6, (from + to) / 2 + 2, 9, Anchor.START, Paint.FAINT, Amounts.shape(shape)));
  }
}
