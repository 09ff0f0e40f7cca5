package dev.depthwise.engine.onednn;

import dev.depthwise.network.Window;

/** A window in oneDNN's words: rows, then columns. */
final class Geometry {
  final long[] kernel;
  final long[] strides;

  /** oneDNN counts the gap, not the distance. */
  final long[] dilations;

  final long[] before;

  final long[] behind;

  Geometry(Window window) {
    kernel = new long[] {window.kernelHeight(), window.kernelWidth()};
    strides = new long[] {window.strideHeight(), window.strideWidth()};
    dilations = new long[] {window.dilationHeight() - 1L, window.dilationWidth() - 1L};
    before = new long[] {window.top(), window.left()};
    behind = new long[] {window.bottom(), window.right()};
  }
}
