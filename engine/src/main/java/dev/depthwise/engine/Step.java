package dev.depthwise.engine;

import java.util.List;

/** What an engine runs: one entry of a plan. */
public sealed interface Step permits Forward, Backward, Sum {
  /** A name for people: the node it belongs to. */
  String name();

  /** The slots it reads. */
  List<Slot> reads();

  /** The slots it writes; nobody else does. */
  List<Slot> writes();

  /**
   * Those of the slots it reads over which it may write its (only) output, element by element, if
   * nobody reads them later.
   */
  List<Slot> overlays();
}
