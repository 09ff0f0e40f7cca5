package dev.depthwise.draw;

/** How much of a network a diagram shows. */
public enum Depth {
  /** A box for each block; what is repeated stands once. */
  STAGES,
  /** Blocks with what is in them; what is repeated stands once. */
  BLOCKS,
  /** Every layer. */
  LAYERS
}
