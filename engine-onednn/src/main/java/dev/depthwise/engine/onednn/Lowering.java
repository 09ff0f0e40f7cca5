package dev.depthwise.engine.onednn;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;

/** How one operation becomes calls. */
interface Lowering {
  /** Bytes that the forward step leaves for its backward step. */
  default long workspaceBytes(Emitter emitter, Forward step) {
    return 0;
  }

  /** Adds the calls of a forward step. */
  void forward(Emitter emitter, Forward step);

  /** Adds the calls of a backward step. */
  void backward(Emitter emitter, Backward step);
}
