package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import java.util.Objects;

final class AddKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] left = memory.get(step.inputs().get(0));
    double[] right = memory.get(step.inputs().get(1));
    double[] output = memory.get(step.output());
    for (int index = 0; index < memory.count() * step.output().shape().size(); index++) {
      output[index] = left[index] + right[index];
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    // One slot stands for both inputs.
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    int size = memory.count() * step.outputGradient().shape().size();
    System.arraycopy(outputGradient, 0, inputGradient, 0, size);
  }
}
