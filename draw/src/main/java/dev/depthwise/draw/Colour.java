package dev.depthwise.draw;

/** What the colours of a diagram mean. */
public enum Colour {
  /** What a layer is. */
  KIND,
  /** How many multiply-adds it takes. */
  COST
}
