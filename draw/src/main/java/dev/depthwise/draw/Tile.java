package dev.depthwise.draw;

import java.util.List;

/**
 * A finished piece of a diagram, its upper left corner at 0, 0.
 *
 * @param axis where the network comes in above and goes out below
 */
record Tile(double width, double height, double axis, List<Mark> marks) {
  Tile {
    marks = List.copyOf(marks);
  }

  List<Mark> at(double x, double y) {
    return marks.stream().map(mark -> mark.moved(x, y)).toList();
  }
}
