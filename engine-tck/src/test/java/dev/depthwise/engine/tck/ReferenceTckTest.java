package dev.depthwise.engine.tck;

import dev.depthwise.engine.Engine;
import dev.depthwise.engine.reference.ReferenceEngine;

/** The reference engine keeps its word to callers. */
class ReferenceTckTest extends EngineTck {
  @Override
  protected Engine engine() {
    return new ReferenceEngine();
  }
}
