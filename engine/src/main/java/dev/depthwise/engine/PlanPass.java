package dev.depthwise.engine;

import java.util.function.UnaryOperator;

/** A rewrite of the forward steps that leaves what they compute as it was: fusion. */
interface PlanPass extends UnaryOperator<Plan> {
  /** The name under which its result can be looked at. */
  default String passName() {
    return getClass().getSimpleName();
  }
}
