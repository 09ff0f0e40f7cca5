package dev.depthwise.engine.tck;

import dev.depthwise.engine.Engine;
import dev.depthwise.engine.reference.ReferenceEngine;

/** The reference engine keeps its word to callers, and equals PyTorch. */
class ReferenceTckTest extends EngineTck {
  @Override
  protected Engine engine() {
    return new ReferenceEngine();
  }

  @Override
  protected double oracleTolerance() {
    return 1e-6;
  }
}
