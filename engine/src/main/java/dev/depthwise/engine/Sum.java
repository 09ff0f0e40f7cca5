package dev.depthwise.engine;

import java.util.List;

/**
 * Adds up the derivatives that several readers of one value give back.
 *
 * @param name the value
 * @param sources two or more, of one shape
 * @param output their sum
 */
public record Sum(String name, List<Slot> sources, Slot output) implements Step {
  public Sum {
    sources = List.copyOf(sources);
    if (sources.size() < 2) {
      throw new IllegalArgumentException("a sum needs two sources or more, got " + sources);
    }
  }

  @Override
  public List<Slot> reads() {
    return sources;
  }

  @Override
  public List<Slot> writes() {
    return List.of(output);
  }

  @Override
  public List<Slot> overlays() {
    return sources;
  }

  @Override
  public String toString() {
    return output + " = Sum(" + sources + ")";
  }
}
