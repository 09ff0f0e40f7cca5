package dev.depthwise.engine;

import dev.depthwise.network.Shape;

/** Makes the slots of one plan, so that their ids are unique. */
final class Slots {
  private int next;

  Slot make(String name, Shape shape, Slot.Kind kind) {
    return new Slot(next++, name, shape, kind);
  }
}
