package dev.depthwise.draw;

/** What an area in a diagram's boxes means. */
public enum Area {
  /** Nothing: boxes are as large as their text. */
  NONE,
  /** How many multiply-adds a box takes: a square in it is as large. */
  COST
}
