package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;

/**
 * How one operation is computed, forward and backward.
 *
 * <p>What is fused behind it is not its affair: {@link Memory} adds and applies a function after
 * it, and masks the gradient before it.
 */
interface Kernel {
  /** Writes the step's output, and its workspace if it has one. */
  void forward(Forward step, Memory memory);

  /**
   * Adds to the gradients that the step asks for; they are 0 before.
   *
   * @param outputGradient by what the operation itself made, before anything fused
   */
  void backward(Backward step, double[] outputGradient, Memory memory);

  /** Numbers that it leaves for its backward step at a batch size. */
  default int workspaceSize(Forward step, int batch) {
    return batch * step.output().shape().size();
  }
}
