package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import java.util.Objects;

final class ReluKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    for (int index = 0; index < memory.count() * step.output().shape().size(); index++) {
      output[index] = ActivationKernel.value(step.op(), input[index]);
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] output = memory.get(step.forward().output());
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    for (int index = 0; index < memory.count() * step.outputGradient().shape().size(); index++) {
      inputGradient[index] = output[index] > 0 ? outputGradient[index] : 0;
    }
  }
}
