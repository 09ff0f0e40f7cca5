package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;

final class MultiplyKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] left = memory.get(step.inputs().get(0));
    double[] right = memory.get(step.inputs().get(1));
    double[] output = memory.get(step.output());
    int sharing = sharing(step);
    for (int index = 0; index < memory.count() * step.output().shape().size(); index++) {
      output[index] = left[index] * right[index / sharing];
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    Forward forward = step.forward();
    double[] left = memory.get(forward.inputs().get(0));
    double[] right = memory.get(forward.inputs().get(1));
    Slot leftGradient = step.inputGradients().get(0);
    Slot rightGradient = step.inputGradients().get(1);
    int sharing = sharing(forward);
    for (int index = 0; index < memory.count() * forward.output().shape().size(); index++) {
      if (leftGradient != null) {
        memory.get(leftGradient)[index] = outputGradient[index] * right[index / sharing];
      }
      if (rightGradient != null) {
        memory.get(rightGradient)[index / sharing] += outputGradient[index] * left[index];
      }
    }
  }

  /** How many neighbours of the first input meet the same element of the second. */
  private static int sharing(Forward step) {
    return step.output().shape().size() / step.inputs().get(1).shape().size();
  }
}
