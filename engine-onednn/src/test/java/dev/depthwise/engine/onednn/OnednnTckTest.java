package dev.depthwise.engine.onednn;

import dev.depthwise.engine.Engine;
import dev.depthwise.engine.tck.EngineTck;

/** The fast engine computes what the reference does, and keeps its word to callers. */
class OnednnTckTest extends EngineTck {
  @Override
  protected Engine engine() {
    return new OnednnEngine();
  }
}
