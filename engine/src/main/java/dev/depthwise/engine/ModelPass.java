package dev.depthwise.engine;

import dev.depthwise.network.Model;
import java.util.function.UnaryOperator;

/** A rewrite of a network that leaves what it computes as it was: stateless, one class each. */
interface ModelPass extends UnaryOperator<Model> {
  /** The name under which its result can be looked at. */
  default String passName() {
    return getClass().getSimpleName();
  }
}
